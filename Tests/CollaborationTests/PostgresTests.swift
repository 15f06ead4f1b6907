import Collaboration
import Database
import Testing
import World

/// What could differ between the databases, on a real Postgres.
@Suite("On Postgres", .enabled(if: EphemeralPostgres.obstacle == nil)) struct PostgresTests {
  typealias Check = @Sendable (_ open: () async throws -> any Database) async throws -> Void

  static let checks: [Check] = [
    { open in
      // One seed and one clock: ids, times and cursors are the same, and so is everything else.
      let answers = try await QueryPlanTests.checkPlans(on: open())
      let expected = try await QueryPlanTests.checkPlans(on: SQLiteDatabase.open(.memory, mode: .inline))
      #expect(answers.count == expected.count && answers.count > 200)
      for (answer, expected) in zip(answers, expected) { #expect(answer == expected) }
    },
    { open in try await ResumeTests.checkCuts(on: open(), and: open()) },
    { open in try await ResumeStormTests.checkStorm(on: [open()]) },
    { open in try await ResumeStormTests.checkStorm(on: [open(), open()]) },
    { open in try await NodeTests.check(on: open(), and: open()) },
    { open in try await WebhookTests.checkNodes(on: open(), and: open()) },
    { open in try await MigrationTests.checkData(open()) },
    { open in try await MigrationTests.checkRows(open()) },
    { open in try await MigrationKillTests.checkKills(MortalDatabase(open())) },
    { open in try await VolumeTests.check(on: open()) },
    { open in try await MigrationDumpTests.checkBoth(open()) },
    { open in try await ConversationTests.checkOrder(TestServer(on: open())) },
    { open in try await ConversationTests.checkMention(TestServer(on: open())) },
    { open in try await ConversationTests.checkStatements(TestServer(on: open())) },
    { open in try await ConversationTests.checkConcurrentRetries(TestServer(on: open())) },
    { open in try await ConversationTests.checkLocations(TestServer(on: open())) },
    { open in try await MessageChangeTests.checkEditing(TestServer(on: open())) },
    { open in try await MessageChangeTests.checkDeleting(TestServer(on: open())) },
    { open in try await MessageChangeTests.checkSubscribers(TestServer(on: open())) },
    { open in try await DirectoryTests.checkUpsert(TestServer(on: open())) },
    { open in try await PrivateThreadTests.checkHidden(TestServer(on: open())) },
    { open in try await PrivateThreadTests.checkRace(TestServer(on: open())) },
    { open in try await PrivateThreadTests.checkAccessLost(TestServer(on: open())) },
    { open in try await AnnotationStateTests.checkReports(TestServer(on: open())) },
    { open in try await AttachmentTests.checkLife(TestServer(on: open())) },
    { open in try await DateRangeTests.checkRanges(TestServer(on: open())) },
    { open in try await StatementTests.checkThousand(TestServer(on: open())) },
    { open in try await PermissionTests.checkStrangers(TestServer(on: open())) },
  ]

  @Test(
    "messages, permissions, retries, resuming, query plans, schema steps and answers to every operation are as on SQLite"
  )
  func same() async throws {
    let world = World.live(seed: 1)
    let cluster = try await EphemeralPostgres.start(world: world)
    do {
      try await cluster.makeTemplate { database in
        try await Migrator(database: database, migrations: Collaboration.migrations, world: world).up()
      }
      try await withThrowingTaskGroup(of: Void.self) { group in
        for check in Self.checks {
          group.addTask {
            let clone = try await cluster.clone()
            try await check { try await clone.open() }
          }
        }
        try await group.waitForAll()
      }
    } catch {
      await cluster.stop()
      throw error
    }
    await cluster.stop()
  }
}
