internal import CPostgres

/// Statements that cannot run in a transaction: databases come and go. Each has a connection of its own.
struct PostgresAdministration: Sendable {
  let settings: PostgresSettings

  init(_ conninfo: String) throws(DatabaseError) {
    settings = try PostgresSettings(conninfo: conninfo, session: [])
  }

  /// Runs a statement without waiting on a task's thread.
  /// - Returns: the rows, if it has any; a null is an empty text.
  @discardableResult
  func run(_ sql: String) async throws -> [[String]] { try await DriverThread.run { try runNow(sql) } }

  /// Runs a statement, blocking.
  @discardableResult
  func runNow(_ sql: String) throws(DatabaseError) -> [[String]] {
    let connection = settings.connect()
    defer { PQfinish(connection) }
    return try Self.execute(sql, on: connection)
  }

  /// Opens a connection that other sessions see until the value is gone; the server notices the end of a process that was
  /// killed.
  func beacon() async throws -> PostgresBeacon {
    try await DriverThread.run {
      let beacon = PostgresBeacon(settings.connect())
      try Self.execute("SELECT 1", on: beacon.connection)
      return beacon
    }
  }

  @discardableResult
  private static func execute(_ sql: String, on connection: OpaquePointer?) throws(DatabaseError) -> [[String]] {
    guard let connection, PQstatus(connection) == CONNECTION_OK else { throw .lost(connection) }
    let result = PQexec(connection, sql)
    defer { PQclear(result) }
    guard let result else { throw .lost(connection) }
    guard [PGRES_COMMAND_OK, PGRES_TUPLES_OK].contains(PQresultStatus(result)) else { throw .from(result) }
    return (0..<PQntuples(result)).map { row in
      (0..<PQnfields(result)).map { PQgetvalue(result, row, $0).map { String(cString: $0) } ?? "" }
    }
  }
}

/// A connection that says that its process lives. Nobody uses it after it was made.
final class PostgresBeacon: @unchecked Sendable {
  fileprivate let connection: OpaquePointer?

  fileprivate init(_ connection: OpaquePointer?) { self.connection = connection }

  deinit { PQfinish(connection) }
}
