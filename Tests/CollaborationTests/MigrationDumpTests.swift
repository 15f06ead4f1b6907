import Collaboration
import Database
import Glibc
import Testing
import World

@Suite("Schema dumps") struct MigrationDumpTests {
  @Test("the committed dump says what the steps make on SQLite")
  func sqlite() async throws {
    let database = try SQLiteDatabase.open(.memory, mode: .inline)
    try await Self.checkDump(database)
    await database.close()
  }

  /// Compares the schema of a database at the last step with `docs/schema/`; with `REHEARSAL_RENEW_DUMPS=1` writes it.
  static func checkDump(_ database: any Database) async throws {
    try await Migrator(database: database, migrations: Collaboration.migrations, world: .live(seed: 1)).up()
    let head = Collaboration.migrations.last?.number ?? 0
    let dump =
      "-- The schema after step \(head), as \(database.dialect.rawValue) tells it.\n"
      + (try await database.schemaDump())
    let path = "\(#filePath)/../../../docs/schema/\(database.dialect.rawValue).sql".resolved
    if getenv("REHEARSAL_RENEW_DUMPS") != nil { try write(dump, to: path) }
    let committed = try #require(read(path), "there is no \(path): REHEARSAL_RENEW_DUMPS=1 swift test --filter Schema")
    let (old, new) = (Set(committed.split(separator: "\n")), Set(dump.split(separator: "\n")))
    let changes = old.subtracting(new).sorted().map { "- \($0)" } + new.subtracting(old).sorted().map { "+ \($0)" }
    #expect(
      committed == dump,
      """
      \(path) is not what the steps make:
      \(changes.joined(separator: "\n"))
      If that is meant, renew the dumps with REHEARSAL_RENEW_DUMPS=1 swift test --filter CollaborationTests.
      """)
  }

  /// The dump of a Postgres database, and that both databases have the same tables, columns, keys and indexes, but for
  /// how each of them searches text.
  static func checkBoth(_ postgres: any Database) async throws {
    try await checkDump(postgres)
    let sqlite = try SQLiteDatabase.open(.memory, mode: .inline)
    try await Migrator(database: sqlite, migrations: Collaboration.migrations, world: .live(seed: 1)).up()
    let (here, there) = (try await facts(sqlite), try await facts(postgres))
    #expect(
      here.subtracting(there).sorted() == [
        "message_texts: number integer not null", "message_texts: primary key (number)",
        "message_texts: unique index (message_id)",
      ])
    #expect(
      there.subtracting(here).sorted() == [
        "message_texts: index (organization_id, message_id)", "message_texts: index (terms)",
        "message_texts: index (thread_id, message_id)", "message_texts: primary key (message_id)",
        "message_texts: terms tsvector",
      ])
    await sqlite.close()
    await postgres.close()
  }

  private static func facts(_ database: any Database) async throws -> Set<String> {
    var facts: Set<String> = []
    for table in try await database.schemaSummary().tables where !table.name.hasPrefix("message_search") {
      facts.formUnion(table.facts.map { "\(table.name): \($0)" })
    }
    return facts
  }
}

extension String {
  /// Without `x/..`.
  fileprivate var resolved: String {
    var parts: [Substring] = []
    for part in split(separator: "/") { if part == ".." { parts.removeLast() } else { parts.append(part) } }
    return "/" + parts.joined(separator: "/")
  }
}

private func read(_ path: String) -> String? {
  guard let file = fopen(path, "r") else { return nil }
  defer { fclose(file) }
  var text: [UInt8] = []
  var buffer = [UInt8](repeating: 0, count: 1 << 16)
  while case let count = fread(&buffer, 1, buffer.count, file), count > 0 { text += buffer[..<count] }
  return String(decoding: text, as: UTF8.self)
}

private func write(_ text: String, to path: String) throws {
  let file = try #require(fopen(path, "w"), "\(path) cannot be written")
  fputs(text, file)
  fclose(file)
}
