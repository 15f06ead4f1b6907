internal import Synchronization

/// A few connections for reads, each behind a lock of its own. Reads run where they are asked: a hop to a thread costs
/// several times a cached point read.
final class SQLiteReaders: Sendable {
  private final class Reader: Sendable {
    let connection: Mutex<SQLiteConnection>
    init(_ connection: SQLiteConnection) { self.connection = Mutex(connection) }
  }

  private let readers: [Reader]
  private let turn = Atomic<Int>(0)

  init(path: String, count: Int) throws(DatabaseError) {
    var readers: [Reader] = []
    for _ in 0..<max(1, count) { readers.append(Reader(try SQLiteConnection(path: path))) }
    self.readers = readers
  }

  func read(_ query: Query) throws(DatabaseError) -> [Row] {
    for reader in readers {
      let result = reader.connection.withLockIfAvailable { Self.run(query, on: $0) }
      if let result { return try result.get() }
    }
    let next = turn.wrappingAdd(1, ordering: .relaxed).newValue
    let reader = readers[Int(next.magnitude % UInt(readers.count))]
    return try reader.connection.withLock { Self.run(query, on: $0) }.get()
  }

  private static func run(_ query: Query, on connection: SQLiteConnection) -> Result<[Row], DatabaseError> {
    Result { () throws(DatabaseError) in try connection.run(query, readOnly: true).rows }
  }
}
