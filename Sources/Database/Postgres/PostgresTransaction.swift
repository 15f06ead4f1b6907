/// An open transaction on a session.
final class PostgresTransaction: Transaction {
  private static let lock = "SELECT pg_advisory_xact_lock(hashtextextended($1, 0))"
  private static let notify = "SELECT pg_notify($1, '')"

  /// The most statements that are on their way at once: their answers must fit into the socket's buffer.
  private static let pendingLimit = 32

  private let session: PostgresSession
  private var channels: [String] = []
  /// The first statement that failed: the server refuses all others.
  private(set) var failure: DatabaseError?

  init(_ session: PostgresSession) { self.session = session }

  var dialect: Dialect { .postgres }

  func query(_ query: Query) throws(DatabaseError) -> [Row] {
    try attempt { () throws(DatabaseError) in try session.ask(query) }.rows()
  }

  func execute(_ query: Query) throws(DatabaseError) -> Int {
    try attempt { () throws(DatabaseError) in try session.ask(query) }.changes
  }

  func send(_ query: Query) throws(DatabaseError) {
    try attempt { () throws(DatabaseError) in
      try session.send(query)
      try session.settle(ifMoreThan: Self.pendingLimit)
    }
  }

  func notify(_ channel: String) throws(DatabaseError) {
    guard !channels.contains(channel) else { return }
    channels.append(channel)
    try attempt { () throws(DatabaseError) in try session.send(Query("notify", Self.notify, [.text(channel)])) }
  }

  func lock(_ name: String) throws(DatabaseError) {
    try attempt { () throws(DatabaseError) in try session.send(Query("lock", Self.lock, [.text(name)])) }
  }

  private func attempt<R>(_ body: () throws(DatabaseError) -> R) throws(DatabaseError) -> R {
    if let failure { throw failure }
    do { return try body() } catch {
      failure = error
      throw error
    }
  }
}
