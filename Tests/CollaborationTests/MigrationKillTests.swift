import Collaboration
import Database
import Glibc
import Testing
import World

@Suite("Schema steps and kills") struct MigrationKillTests {
  @Test(
    "a process that is killed anywhere in a step leaves the database as it was, and the next one goes on from there")
  func kills() async throws {
    let folder = try TemporaryFolder()
    let (path, survivor) = (folder.path + "/test.db", folder.path + "/survivor.db")
    defer { for end in ["", "-wal", "-shm"] { unlink(survivor + end) } }
    func open() throws -> MortalDatabase {
      MortalDatabase(try SQLiteDatabase.open(.file(path), mode: .inline)) {
        for end in ["", "-wal", "-shm"] { copyFile(path + end, survivor + end) }
      }
    }
    try await Self.checkKills(open()) { dead in
      await dead.close()
      for end in ["", "-wal", "-shm"] { rename(survivor + end, path + end) }
      return try open()
    }
  }

  /// - Parameter recover: opens what the dead process left.
  static func checkKills(
    _ first: MortalDatabase, recover: (MortalDatabase) async throws -> MortalDatabase = { $0 }
  ) async throws {
    var database = first
    func migrator() throws -> Migrator {
      try Migrator(database: database, migrations: Collaboration.migrations, world: .live(seed: 1))
    }
    try await migrator().down(to: 0)
    try await migrator().up(to: 5)
    try await MigrationTests.insertRows(database)
    let steps = [0] + Collaboration.migrations.map(\.number)
    var kills = 0
    // Up from the step that has rows, then down to it and to nothing.
    let up = Array(zip(steps, steps.dropFirst())).filter { $0.0 >= 5 }
    for (from, to) in up + zip(steps.dropFirst().reversed(), steps.dropLast().reversed()) {
      let schema = try await database.schemaDump()
      let tables = try await database.schemaSummary().tables
      let rows = try await database.rowTexts(of: tables)
      for statement in 0..<1_000 {
        database.die(before: statement)
        if from < to { _ = try? await migrator().up(to: to) } else { _ = try? await migrator().down(to: to) }
        guard database.isDead else { break }
        kills += 1
        database = try await recover(database)
        database.die(before: .max)
        // After the step, the runner looks whether there is another one, and may be killed there.
        let head = try await migrator().status().head
        if head == to { break }
        #expect(head == from)
        #expect(try await database.rowTexts(of: tables) == rows, "step \(to), killed before statement \(statement)")
        let isConcurrent = Collaboration.migrations.contains { $0.number == max(from, to) && $0.isConcurrent }
        let found = try await database.schemaDump()
        #expect(isConcurrent || found == schema, "step \(to), killed before statement \(statement)")
      }
      database.die(before: .max)
      #expect(try await migrator().status().head == to)
    }
    #expect(kills > steps.count * 4)
    try await migrator().up()
    await database.close()
  }
}

extension Database {
  /// Every row of the tables as text, in one statement.
  fileprivate func rowTexts(of tables: [SchemaSummary.Table]) async throws -> [String] {
    guard !tables.isEmpty else { return [] }
    let selects = tables.map { table in
      let texts = table.columns.map { "coalesce(CAST(\($0.name) AS text), 'NULL')" }.joined(separator: " || ' ' || ")
      return "SELECT '\(table.name) ' || \(texts) FROM \(table.name)"
    }
    let rows = try await read(Query("rows", selects.joined(separator: " UNION ALL ")))
    return try rows.map { try $0.text(0) }.sorted()
  }

  /// Every table with its columns and its rows as text, sorted.
  func allRows() async throws -> [String: TableRows] {
    var rows: [String: TableRows] = [:]
    for table in try await schemaSummary().tables {
      let columns = table.columns.map(\.name)
      let texts = columns.map { "coalesce(CAST(\($0) AS text), 'NULL') AS \($0)" }.joined(separator: ", ")
      let found = try await read(Query("rows of \(table.name)", "SELECT \(texts) FROM \(table.name)"))
      let values = try found.map { row in try columns.map { try row.text($0) } }
      rows[table.name] = TableRows(columns: columns, rows: values.sorted { $0.lexicographicallyPrecedes($1) })
    }
    return rows
  }
}

struct TableRows: Hashable {
  let columns: [String]
  let rows: [[String]]

  /// Without the columns that `other` has not.
  func limited(to other: TableRows) -> TableRows {
    let kept = columns.filter(other.columns.contains)
    let places = kept.compactMap(columns.firstIndex)
    return TableRows(
      columns: kept.sorted(),
      rows: rows.map { row in
        zip(kept, places).sorted { $0.0 < $1.0 }.map { row[$0.1] }
      }.sorted { $0.lexicographicallyPrecedes($1) })
  }
}

private func copyFile(_ from: String, _ to: String) {
  guard let source = fopen(from, "r"), let target = fopen(to, "w") else { return }
  var buffer = [UInt8](repeating: 0, count: 1 << 16)
  while case let count = fread(&buffer, 1, buffer.count, source), count > 0 { fwrite(buffer, 1, count, target) }
  fclose(source)
  fclose(target)
}
