/// A table: its name, its columns, and the statements that never vary, written once.
package struct Table<Owner: Record>: Sendable {
  package let name: String
  let columns: [AnyColumn<Owner>]
  let keys: [AnyColumn<Owner>]
  let statements: TableStatements

  /// - Parameter columns: in the order in which ``Record/init(from:)`` reads them.
  package init<each T: DatabaseValue>(_ name: String, _ columns: repeat Column<Owner, each T>) {
    var all: [AnyColumn<Owner>] = []
    for column in repeat each columns { all.append(column.erased) }
    self.init(name, columns: all)
  }

  // Apart from the initializer above because a key path literal beside a parameter pack crashes in Swift 6.3.
  private init(_ name: String, columns: [AnyColumn<Owner>]) {
    self.name = name
    self.columns = columns
    self.keys = columns.filter(\.isKey)
    self.statements = TableStatements(
      table: name, columns: columns.map { ($0.name, $0.type) }, keys: columns.filter(\.isKey).map(\.name))
  }

  func values(_ record: Owner) -> [Value] { columns.map { $0.value(record) } }
}

/// The statements of a table that depend on nothing else.
struct TableStatements: Sendable {
  /// `a, b, c`
  let columnList: String
  let select: String
  let insert: String
  /// One array per column: any number of rows with one statement text. Postgres.
  let insertArrays: String
  /// `UPDATE … SET … WHERE key`, columns in table order.
  let update: String
  let delete: String
  let find: String
  let findManyPostgres: String
  let findManySQLite: String

  init(table: String, columns: [(name: String, type: ColumnType)], keys: [String]) {
    let name = quoted(table)
    let list = columns.map { quoted($0.name) }.joined(separator: ", ")
    let numbered = columns.indices.map { "$\($0 + 1)" }
    let position = Dictionary(zip(columns.map(\.name), numbered), uniquingKeysWith: { first, _ in first })
    columnList = list
    select = "SELECT \(list) FROM \(name)"
    insert = "INSERT INTO \(name) (\(list)) VALUES (\(numbered.joined(separator: ", ")))"
    let arrays = zip(numbered, columns).map { "\($0)::\($1.type.postgresName)[]" }.joined(separator: ", ")
    insertArrays = "INSERT INTO \(name) (\(list)) SELECT * FROM unnest(\(arrays))"
    let assignments = columns.filter { !keys.contains($0.name) }
      .map { "\(quoted($0.name)) = \(position[$0.name] ?? "NULL")" }.joined(separator: ", ")
    let byPosition = keys.map { "\(quoted($0)) = \(position[$0] ?? "NULL")" }.joined(separator: " AND ")
    update = "UPDATE \(name) SET \(assignments) WHERE \(byPosition)"
    let byKey = keys.enumerated().map { "\(quoted($1)) = $\($0 + 1)" }.joined(separator: " AND ")
    delete = "DELETE FROM \(name) WHERE \(byKey)"
    find = "\(select) WHERE \(byKey)"
    let key = quoted(keys.first ?? "")
    findManyPostgres = "\(select) WHERE \(key) = ANY($1)"
    findManySQLite = "\(select) WHERE \(key) IN (SELECT value FROM json_each($1))"
  }

  /// `INSERT` of several rows at once. SQLite.
  func insert(rows: Int, columns: Int) -> String {
    guard rows > 1, let head = insert.range(ofFirst: "VALUES ") else { return insert }
    var text = String(insert[..<head])
    text += "VALUES "
    for row in 0..<rows {
      let values = (0..<columns).map { "$\(row * columns + $0 + 1)" }.joined(separator: ", ")
      text += row == 0 ? "(\(values))" : ", (\(values))"
    }
    return text
  }
}

/// An identifier in double quotes, as both dialects read it.
func quoted(_ identifier: String) -> String {
  "\"" + identifier.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
}

extension String {
  /// Where `text` first begins.
  func range(ofFirst text: String) -> String.Index? {
    var index = startIndex
    while index < endIndex {
      if self[index...].hasPrefix(text) { return index }
      index = self.index(after: index)
    }
    return nil
  }
}
