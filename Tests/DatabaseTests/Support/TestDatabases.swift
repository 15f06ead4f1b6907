import Database
import Glibc
import Synchronization
import Testing
import World

/// The databases that one body of tests runs on.
enum Kind: String, CaseIterable, Sendable, CustomTestStringConvertible {
  case memory, sqlite, postgres
  var testDescription: String { rawValue }

  /// All that this machine has: tests on Postgres are left out where it is not installed.
  static var allCases: [Kind] {
    EphemeralPostgres.obstacle == nil ? [.memory, .sqlite, .postgres] : [.memory, .sqlite]
  }
}

/// One set of databases for all tests, made by the first that needs it, removed when the process ends.
private enum Shared {
  static let sqlite = Task { try await prepared(try EphemeralSQLite.start()) }
  static let postgres = Task { try await prepared(try await EphemeralPostgres.start(world: .live(seed: 1))) }
  private static let started = Mutex<[any EphemeralDatabases]>([])
  private static let removesAtExit: Void = {
    atexit { for databases in Shared.started.withLock({ $0 }) { databases.removeNow() } }
  }()

  private static func prepared(_ databases: any EphemeralDatabases) async throws -> any EphemeralDatabases {
    removesAtExit
    started.withLock { $0.append(databases) }
    try await databases.makeTemplate(createSchema)
    return databases
  }
}

@Sendable private func createSchema(_ database: any Database) async throws {
  try await database.write("schema") { tx in for query in Person.schema { try tx.execute(query) } }
}

/// Runs `body` on a fresh database that has the sample tables.
func withDatabase(_ kind: Kind, _ body: (any Database) async throws -> Void) async throws {
  try await withDatabase(kind) { database, _ in try await body(database) }
}

/// The same, with the location at which another connection can open the database.
func withDatabase(_ kind: Kind, _ body: (any Database, String) async throws -> Void) async throws {
  switch kind {
  case .memory:
    let database = try SQLiteDatabase.open(.memory, mode: .inline)
    try await createSchema(database)
    try await body(database, "")
  case .sqlite: try await withClone(of: Shared.sqlite.value, body)
  case .postgres: try await withClone(of: Shared.postgres.value, body)
  }
}

private func withClone(
  of databases: any EphemeralDatabases, _ body: (any Database, String) async throws -> Void
) async throws {
  let clone = try await databases.clone()
  let database = try await clone.open()
  let outcome: Result<Void, any Error>
  do { outcome = .success(try await body(database, clone.location)) } catch { outcome = .failure(error) }
  await database.close()
  await clone.remove()
  try outcome.get()
}
