/// An open transaction, or one unit of a batch.
final class SQLiteTransaction: Transaction {
  private let connection: SQLiteConnection
  /// The channels to wake after the commit, in the order they were first named.
  private(set) var channels: [String] = []

  init(_ connection: SQLiteConnection) { self.connection = connection }

  var dialect: Dialect { .sqlite }

  func query(_ query: Query) throws(DatabaseError) -> [Row] { try connection.run(query).rows }

  func execute(_ query: Query) throws(DatabaseError) -> Int { try connection.execute(query) }

  func notify(_ channel: String) {
    if !channels.contains(channel) { channels.append(channel) }
  }

  func lock(_ name: String) {}
}
