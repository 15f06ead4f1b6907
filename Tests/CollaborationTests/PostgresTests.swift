import Collaboration
import Database
import Testing
import World

/// What could differ between the databases, on a real Postgres.
@Suite("On Postgres", .enabled(if: EphemeralPostgres.obstacle == nil)) struct PostgresTests {
  @Test("messages, mentions, permissions, retries, statement counts and schema steps are as on SQLite")
  func same() async throws {
    let world = World.live(seed: 1)
    let cluster = try await EphemeralPostgres.start(world: world)
    do {
      try await cluster.makeTemplate { _ in }
      for check in [
        ConversationTests.checkOrder, ConversationTests.checkMention, ConversationTests.checkStatements,
        ConversationTests.checkConcurrentRetries, MessageChangeTests.checkEditing, MessageChangeTests.checkDeleting,
        MessageChangeTests.checkSubscribers, ConversationTests.checkLocations, PermissionTests.checkStrangers,
      ] {
        let clone = try await cluster.clone()
        try await check(TestServer(on: try await clone.open()))
      }
      let shared = try await cluster.clone()
      try await ResumeTests.checkCuts(on: try await shared.open(), and: try await shared.open())
      let database = try await cluster.clone().open()
      let migrator = try Migrator(database: database, migrations: Collaboration.migrations, world: world)
      try await MigrationTests.checkData(database, migrator)
      await database.close()
    } catch {
      await cluster.stop()
      throw error
    }
    await cluster.stop()
  }
}
