internal import Synchronization

/// SQLite for a server: one writer thread with an inbox, several read connections.
final class ThreadedSQLite: Database {
  /// The most transactions that may wait; more are refused as `.overloaded`.
  private static let inboxLimit = 10_000
  /// The most transactions that are committed together: bounds how long the first waits for the last.
  private static let batchLimit = 256
  private static let readerCount = 4
  /// How often the writer looks whether another process committed, while it has nothing to do and somebody listens.
  private static let pollMilliseconds = 20

  private let inbox = BlockingInbox<any WriteUnit>(limit: inboxLimit)
  private let readers: Mutex<SQLiteReaders?>
  private let wakeups = Wakeups()
  private let ended = Latch()

  init(path: String) throws(DatabaseError) {
    let writer = SQLiteWriter(connection: try SQLiteDatabase.connection(path))
    readers = Mutex(try SQLiteReaders(path: path, count: Self.readerCount))
    // Before the thread starts: what others commit from now on must not be missed.
    let version = writer.connection.foreignVersion
    try DriverThread.start { [inbox, wakeups, ended] in
      Self.drain(inbox, writer, wakeups, version)
      ended.open()
    }
  }

  var dialect: Dialect { .sqlite }

  func read(_ query: Query) async throws(DatabaseError) -> [Row] {
    guard let readers = readers.withLock({ $0 }) else {
      throw DatabaseError(.closed, "the database is closed").at(query, .sqlite)
    }
    return try readers.read(query)
  }

  func write<T: Sendable>(
    _ name: String, _ body: @escaping @Sendable (any Transaction) throws -> T
  ) async throws -> T {
    try await withUnsafeThrowingContinuation { continuation in
      let unit = PendingWrite(name, body) { continuation.resume(with: $0) }
      switch inbox.send(unit) {
      case nil: break
      case .full: unit.finish(DatabaseError(.overloaded, "too many transactions wait", statement: name))
      case .finished: unit.finish(DatabaseError(.closed, "the database is closed", statement: name))
      }
    }
  }

  func listen(_ channel: String, _ onWake: @escaping @Sendable () -> Void) async throws -> any Listening {
    defer { inbox.nudge() }
    return wakeups.add(channel, onWake)
  }

  func close() async {
    inbox.finish()
    await ended.wait()
    readers.withLock { $0 = nil }
  }

  deinit { inbox.finish() }

  private static func drain(
    _ inbox: BlockingInbox<any WriteUnit>, _ writer: SQLiteWriter, _ wakeups: Wakeups, _ firstVersion: Int64?
  ) {
    var version = firstVersion
    while true {
      let units = inbox.take(atMost: batchLimit, within: wakeups.isEmpty ? nil : pollMilliseconds)
      if let units {
        if units.isEmpty { return }
        let (failures, channels) = writer.commit(units)
        for (unit, failure) in zip(units, failures) { unit.finish(failure) }
        wakeups.wake(channels)
      }
      // What another process committed may concern any channel.
      if wakeups.isEmpty { continue }
      let current = writer.connection.foreignVersion
      if current != version { wakeups.wakeAll() }
      version = current
    }
  }
}
