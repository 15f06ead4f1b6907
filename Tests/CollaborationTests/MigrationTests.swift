import Collaboration
import Database
import JSON
import Testing
import World

@Suite("Schema steps") struct MigrationTests {
  @Test("rows survive every step up and down, and what later steps add is made for them")
  func data() async throws {
    try await Self.checkData(SQLiteDatabase.open(.memory, mode: .inline))
  }

  static func checkData(_ database: any Database) async throws {
    let migrator = try Migrator(database: database, migrations: Collaboration.migrations, world: .live(seed: 1))
    try await migrator.down(to: 0)
    let (organization, ada, thread) = (id(1), id(2), id(5))
    func count(_ sql: String) async throws -> Int64? {
      try await database.read(Query("count", "SELECT count(*) FROM \(sql)")).first?.int(0)
    }
    try await migrator.up(to: 5)
    try await insertRows(database)
    for _ in 0..<2 {
      try await migrator.up()
      #expect(try await count("notifications WHERE thread_id = \(thread) AND retracted_at IS NULL") == 1)
      #expect(try await count("participants WHERE user_id = \(ada) AND last_read = 1") == 1)
      #expect(try await count("messages WHERE version = 1 AND edited_at IS NULL") == 1)
      let found = try await database.read(
        DesignedQueries.search(
          ["wor", "let"], in: try #require(ID(organization.trimming)), by: try #require(ID(ada.trimming)), thread: nil,
          before: nil, limit: 10, database.dialect))
      #expect(found.count == 1)
      try await migrator.down(to: 5)
      #expect(try await count("notifications WHERE kind = 'MENTION'") == 1)
      #expect(try await count("messages") == 1)
    }
    try await migrator.down(to: 0)
    try await migrator.up()
    await database.close()
  }

  private static func id(_ number: Int) -> String { "'00000000-0000-7000-8000-00000000000\(number)'" }

  /// Rows as they are after the first five steps.
  static func insertRows(_ database: any Database) async throws {
    let secret = database.dialect == .postgres ? "'\\x01'" : "x'01'"
    let (organization, ada, grace, page, thread, message) = (id(1), id(2), id(3), id(4), id(5), id(6))
    let content = #"'[{"type":"text","text":"Hello, World! "},{"type":"code","code":"let x"}]'"#
    let rows = [
      "organizations VALUES (\(organization), 'acme', 'Acme', \(secret), 1)",
      "users VALUES (\(ada), \(organization), 'ada', 'Ada', NULL, 1)",
      "users VALUES (\(grace), \(organization), 'grace', 'Grace', NULL, 1)",
      "pages VALUES (\(page), \(organization), 'https://a.example/', NULL, 1)",
      "threads VALUES (\(thread), \(organization), \(page), NULL, \(ada), 1, 1)",
      "messages VALUES (\(message), \(organization), \(thread), 1, \(ada), \(content), 1)",
      "notifications VALUES (\(id(7)), \(organization), \(grace), 'MENTION', \(message), \(ada), 1, NULL)",
    ]
    try await database.write("rows") { transaction in
      for row in rows { _ = try transaction.execute(Query("row", "INSERT INTO \(row)")) }
    }
  }

  /// Steps that cannot keep every row of a table that they keep on the way down, and those tables. What is private goes:
  /// the build before would show it to everybody.
  static let losses: [Int: Set<String>] = [
    9: ["notifications"],
    15: [
      "annotations", "mentions", "message_edits", "message_texts", "messages", "notifications", "outbox",
      "participants", "reactions", "threads",
    ],
  ]

  @Test("with rows in every table, each step down and up again keeps the rows of the tables that it keeps")
  func rows() async throws { try await Self.checkRows(SQLiteDatabase.open(.memory, mode: .inline)) }

  static func checkRows(_ database: any Database) async throws {
    let server = try await TestServer(on: database)
    let matrix = try await PermissionMatrixTests.Matrix(server)
    let people = try [matrix.people[.author], matrix.people[.server]].map { try #require($0) }
    for operation in try matrix.operations() where operation.hasPrefix("mutation") {
      for person in people { _ = try await person.response(operation) }
    }
    await server.service.stop()
    let migrator = try Migrator(database: database, migrations: Collaboration.migrations, world: .live(seed: 1))
    let steps = Collaboration.migrations.map(\.number)
    var before = try await database.allRows()
    #expect(before.values.filter { !$0.rows.isEmpty }.count >= 15)
    for to in steps.dropLast().reversed() + steps.dropFirst() {
      let head = try await migrator.status().head
      let isUp = head < to
      if isUp { try await migrator.up(to: to) } else { try await migrator.down(to: to) }
      let after = try await database.allRows()
      for (table, rows) in after {
        guard let old = before[table]?.limited(to: rows), !table.hasPrefix("message_search") else { continue }
        let new = rows.limited(to: old)
        if !isUp, losses[head]?.contains(table) == true {
          #expect(Set(new.rows).isSubset(of: old.rows))
        } else {
          #expect(new == old, "\(table), to step \(to)")
        }
      }
      before = after
    }
    await database.close()
  }

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

extension String {
  /// Without its first and last character.
  fileprivate var trimming: Substring { dropFirst().dropLast() }
}
