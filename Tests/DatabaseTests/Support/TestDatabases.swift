import Database
import Testing

/// The databases that one body of tests runs on.
enum Kind: String, CaseIterable, Sendable, CustomTestStringConvertible {
  case memory, sqlite
  var testDescription: String { rawValue }
}

/// Runs `body` on a fresh database that has the sample tables.
func withDatabase(_ kind: Kind, _ body: (any Database) async throws -> Void) async throws {
  let database: any Database
  switch kind {
  case .memory: database = try SQLiteDatabase.open(.memory, mode: .inline)
  case .sqlite: database = try SQLiteDatabase.open(.file("/tmp/dbtest-\(UInt64.random(in: 0 ... .max)).sqlite"))
  }
  try await database.write("schema") { tx in for query in Person.schema { try tx.execute(query) } }
  do { try await body(database) } catch {
    await database.close()
    throw error
  }
  await database.close()
}
