internal import Synchronization

/// SQLite without threads: whoever asks, works. One connection, behind a lock that nobody holds across a wait.
final class InlineSQLite: Database {
  private let connection: Mutex<SQLiteConnection?>
  private let wakeups = Wakeups()

  init(connection: SQLiteConnection) { self.connection = Mutex(connection) }

  var dialect: Dialect { .sqlite }

  func read(_ query: Query) async throws(DatabaseError) -> [Row] {
    try connection.withLock { connection in
      Result { () throws(DatabaseError) in
        guard let connection else { throw DatabaseError(.closed, "the database is closed").at(query, .sqlite) }
        return try connection.run(query, readOnly: true).rows
      }
    }.get()
  }

  func write<T: Sendable>(
    _ name: String, _ body: @escaping @Sendable (any Transaction) throws -> T
  ) async throws -> T {
    let outcome = Mutex<Result<T, any Error>?>(nil)
    let channels = try connection.withLock { connection in
      guard let connection else { throw DatabaseError(.closed, "the database is closed", statement: name) }
      let unit = PendingWrite(name, body) { result in outcome.withLock { $0 = result } }
      let (failures, channels) = SQLiteWriter(connection: connection).commit([unit])
      for failure in failures { unit.finish(failure) }
      return channels
    }
    wakeups.wake(channels)
    guard let result = outcome.withLock({ $0 }) else {
      throw DatabaseError(.closed, "the transaction did not run", statement: name)
    }
    return try result.get()
  }

  func listen(_ channel: String, _ onWake: @escaping @Sendable () -> Void) async throws -> any Listening {
    wakeups.add(channel, onWake)
  }

  func close() async { connection.withLock { $0 = nil } }
}
