/// What went wrong in a database, without the values that were involved: they may be secret.
package struct DatabaseError: Error, Hashable, Sendable, CustomStringConvertible {
  package enum Kind: Hashable, Sendable {
    /// A unique constraint; its name, or `table.column` in SQLite.
    case unique(String)
    case foreignKey
    case check
    case notNull
    /// Two transactions could not both go on; worth trying again.
    case conflict
    /// The database did not come to it in time; worth trying again.
    case busy
    /// The connection could not be made or broke; the statement was not committed.
    case connection
    /// The connection broke while committing: the transaction may or may not have happened.
    case unknownOutcome
    /// The statement itself is wrong.
    case syntax
    /// A result does not have the column or the type that was asked for.
    case decoding
    /// The database was closed, or a bounded queue of the driver is full.
    case closed, overloaded
    case other(String)
  }

  package let kind: Kind
  /// The database's own message, or ours.
  package let message: String
  /// The name of the statement or of the transaction.
  package var statement: String?
  package var sql: String?

  package init(_ kind: Kind, _ message: String, statement: String? = nil, sql: String? = nil) {
    self.kind = kind
    self.message = message
    self.statement = statement
    self.sql = sql
  }

  /// The error with the statement that it happened in.
  package func at(_ query: Query, _ dialect: Dialect) -> DatabaseError {
    var error = self
    error.statement = query.name
    error.sql = query.sql(dialect)
    return error
  }

  package var description: String {
    let place = statement.map { " in \($0)" } ?? ""
    let text = sql.map { ": \($0)" } ?? ""
    return "database error\(place): \(message)\(text)"
  }
}
