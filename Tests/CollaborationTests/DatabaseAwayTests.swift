import Collaboration
import Database
import GraphQL
import JSON
import Testing
import World

/// A database that does not answer the first few readings of messages.
private final class AwayDatabase: Database {
  private let base: any Database
  private let left = Mutexed(3)

  init(_ base: any Database) { self.base = base }

  var dialect: Dialect { base.dialect }
  var isBack: Bool { left.value <= 0 }

  func read(_ query: Query) async throws(DatabaseError) -> [Row] {
    if query.sql(dialect).contains("FROM \"messages\"") {
      left.update { $0 -= 1 }
      if left.value >= 0 { throw DatabaseError(.connection, "away") }
    }
    return try await base.read(query)
  }

  func write<T: Sendable>(
    _ name: String, _ body: @escaping @Sendable (any Transaction) throws -> T
  ) async throws -> T { try await base.write(name, body) }

  func listen(_ channel: String, _ onWake: @escaping @Sendable () -> Void) async throws -> any Listening {
    try await base.listen(channel, onWake)
  }

  func close() async { await base.close() }
}

@Suite("A database that is away") struct DatabaseAwayTests {
  @Test("an event that cannot be resolved while the database is away comes when it is back", .timeLimit(.minutes(1)))
  func events() async throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/test.db"
    let here = try await TestServer(on: SQLiteDatabase.open(.file(path)))
    let ada = try await here.login("ada")
    let (thread, _) = try await ada.makeThread()
    let database = AwayDatabase(try SQLiteDatabase.open(.file(path)))
    let there = try await Collaboration(
      database: database, world: World(clock: PresentClock(), seed: 2), build: "there")
    let inbox = Inbox()
    let request = GraphQLRequest(query: ResumeTests.added, variables: ["thread": .string(thread)])
    let prepared = try #require(try? there.prepare(request).get())
    _ = await there.subscribe(prepared, as: ada.identity, socket: SocketID(value: 1), subscriber: inbox)
    for text in ["a", "b"] { _ = try await ada.send([["text": .string(text)]], to: thread) }
    for _ in 0..<2 { await inbox.arrivals.next() }
    #expect(database.isBack)
    #expect(inbox.responses.map { $0["data"]?["messageAdded"]?["sequence"] } == [1, 2])
    await there.stop()
    await database.close()
    await here.stop()
  }
}
