/// An open transaction, or one unit of a batch.
final class SQLiteTransaction: Transaction {
  private let connection: SQLiteConnection
  /// The channels to wake after the commit, in the order they were first named.
  private(set) var channels: [String] = []

  /// The first statement that failed. As in Postgres, it dooms the transaction, even if the body goes on.
  private(set) var failure: DatabaseError?

  init(_ connection: SQLiteConnection) { self.connection = connection }

  var dialect: Dialect { .sqlite }

  func query(_ query: Query) throws(DatabaseError) -> [Row] {
    try attempt { () throws(DatabaseError) in try connection.run(query).rows }
  }

  func execute(_ query: Query) throws(DatabaseError) -> Int {
    try attempt { () throws(DatabaseError) in try connection.execute(query) }
  }

  private func attempt<R>(_ body: () throws(DatabaseError) -> R) throws(DatabaseError) -> R {
    if let failure { throw failure }
    do { return try body() } catch {
      failure = error
      throw error
    }
  }

  func notify(_ channel: String) {
    if !channels.contains(channel) { channels.append(channel) }
  }

  func lock(_ name: String) {}
}
