/// A session without transactions: each statement is one of its own.
final class PostgresAutocommit: StatementRunner {
  private let session: PostgresSession

  init(_ session: PostgresSession) { self.session = session }

  var dialect: Dialect { .postgres }

  func query(_ query: Query) throws(DatabaseError) -> [Row] { try session.end(query).rows() }
}
