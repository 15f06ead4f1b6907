/// A statement with its parameters, named so that counters, errors and plans can speak of it.
///
/// Placeholders are `$1`, `$2`… in both dialects. The text is what prepared statements are cached by: keep it constant
/// and put what varies into the parameters.
package struct Query: Sendable {
  package let name: String
  package let postgres: String
  package let sqlite: String
  package var parameters: [Value]
  /// Worth keeping as a prepared statement; false for what runs once, such as a migration's.
  package var isReusable = true

  /// A statement that reads the same in both dialects.
  package init(_ name: String, _ sql: String, _ parameters: [Value] = []) {
    self.init(name, postgres: sql, sqlite: sql, parameters)
  }

  package init(_ name: String, postgres: String, sqlite: String, _ parameters: [Value] = []) {
    self.name = name
    self.postgres = postgres
    self.sqlite = sqlite
    self.parameters = parameters
  }

  package func sql(_ dialect: Dialect) -> String {
    switch dialect {
    case .postgres: postgres
    case .sqlite: sqlite
    }
  }
}
