import Collaboration
import Database
import JSON
import Testing
import World

@Suite("Schema steps") struct MigrationTests {
  @Test("all up, all down and up again give the same schema, and a database at another step is refused")
  func roundTrip() async throws {
    let world = World.live(seed: 1)
    let database = try SQLiteDatabase.open(.memory, mode: .inline)
    let migrator = try Migrator(database: database, migrations: Collaboration.migrations, world: world)
    func schema() async throws -> [String] {
      let query = Query("schema", "SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY name")
      return try await database.read(query).map { try $0.text(0) }
    }
    await #expect(throws: SchemaMismatch.self) {
      try await Collaboration(database: database, world: world, build: "test")
    }
    try await migrator.up()
    let first = try await schema()
    #expect(first.contains { $0.contains("outbox") })
    try await migrator.down(to: 0)
    #expect(try await schema().allSatisfy { !$0.contains("organization") })
    await #expect(throws: SchemaMismatch.self) {
      try await Collaboration(database: database, world: world, build: "test")
    }
    try await migrator.up()
    #expect(try await schema() == first)
    let last = try #require(Collaboration.migrations.last)
    let next = Migration(
      last.number + 1, "next", up: .both("CREATE TABLE later (id bigint);"), down: .both("DROP TABLE later;"))
    let later = try Migrator(database: database, migrations: Collaboration.migrations + [next], world: world)
    try await later.up()
    await #expect(throws: SchemaMismatch.self) {
      try await Collaboration(database: database, world: world, build: "test")
    }
    try await later.down(to: last.number)
    let service = try await Collaboration(database: database, world: world, build: "test")
    #expect(await service.version["migration"] == .string("\(last.number)-\(last.name)"))
    await service.stop()
    await database.close()
  }
}
