internal import CPostgres

/// Statements that cannot run in a transaction: databases come and go.
struct PostgresAdministration: Sendable {
  let settings: PostgresSettings

  /// Runs a statement on a connection and a thread of its own.
  func run(_ sql: String) async throws {
    try await withUnsafeThrowingContinuation { (continuation: UnsafeContinuation<Void, any Error>) in
      do {
        try DriverThread.start { continuation.resume(with: Result { try execute(sql) }) }
      } catch { continuation.resume(throwing: error) }
    }
  }

  private func execute(_ sql: String) throws(DatabaseError) {
    let connection = settings.connect()
    defer { PQfinish(connection) }
    guard let connection, PQstatus(connection) == CONNECTION_OK else { throw .lost(connection) }
    let result = PQexec(connection, sql)
    defer { PQclear(result) }
    guard let result else { throw .lost(connection) }
    if PQresultStatus(result) != PGRES_COMMAND_OK { throw .from(result) }
  }
}
