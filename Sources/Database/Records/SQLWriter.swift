/// Writes the statements of records: the same builder for both dialects.
struct SQLWriter {
  let dialect: Dialect
  private(set) var text: String
  private(set) var parameters: [Value]

  init(_ dialect: Dialect, _ text: String = "", parameters: [Value] = []) {
    self.dialect = dialect
    self.text = text
    self.parameters = parameters
  }

  mutating func append(_ sql: String) { text += sql }

  /// Appends a placeholder for `value`.
  mutating func bind(_ value: Value) {
    parameters.append(value)
    text += "$\(parameters.count)"
  }

  mutating func whereClause(_ condition: Condition?) {
    guard let condition else { return }
    text += " WHERE "
    write(condition)
  }

  mutating func write(_ condition: Condition) {
    switch condition {
    case .compare(let column, let comparison, let value):
      text += "\(quoted(column)) \(comparison) "
      bind(value)
    case .among(let column, let values):
      text += quoted(column)
      membership(values)
    case .isNull(let column): text += "\(quoted(column)) IS NULL"
    case .not(.isNull(let column)): text += "\(quoted(column)) IS NOT NULL"
    case .not(let inner):
      text += "NOT ("
      write(inner)
      text += ")"
    case .all(let parts): join(parts, " AND ", whenEmpty: "1 = 1")
    case .any(let parts): join(parts, " OR ", whenEmpty: "1 = 0")
    case .after(let orderings, let position): after(orderings, position)
    case .exists(let table, let column, let own, let inner):
      let name = quoted(table)
      text += "EXISTS (SELECT 1 FROM \(name) WHERE \(name).\(quoted(column)) = \(own) AND "
      write(inner)
      text += ")"
    }
  }

  /// ` = ANY($n)` or its equal in SQLite.
  mutating func membership(_ values: [Value]) {
    switch dialect {
    case .postgres:
      text += " = ANY("
      bind(.list(values))
      text += ")"
    case .sqlite:
      text += " IN (SELECT value FROM json_each("
      bind(.list(values))
      text += "))"
    }
  }

  mutating func order<Owner>(by orderings: [Ordering<Owner>]) {
    guard !orderings.isEmpty else { return }
    text += " ORDER BY "
    text += orderings.map { "\(quoted($0.column))\($0.descending ? " DESC" : "")" }.joined(separator: ", ")
  }

  mutating func assign<Owner>(_ assignments: [Assignment<Owner>], table: String) {
    for (index, assignment) in assignments.enumerated() {
      let column = quoted(assignment.column)
      text += index == 0 ? "\(column) = " : ", \(column) = "
      switch assignment.value {
      case .value(let value): bind(value)
      case .increment(let value):
        text += "\(quoted(table)).\(column) + "
        bind(value)
      case .excluded: text += "excluded.\(column)"
      }
    }
  }

  private mutating func join(_ parts: [Condition], _ separator: String, whenEmpty: String) {
    guard !parts.isEmpty else { return text += whenEmpty }
    text += "("
    for (index, part) in parts.enumerated() {
      if index > 0 { text += separator }
      write(part)
    }
    text += ")"
  }

  private mutating func after(_ orderings: [(column: String, descending: Bool)], _ position: [Value]) {
    let pairs = Array(zip(orderings, position))
    guard let first = orderings.first, !pairs.isEmpty else { return text += "1 = 1" }
    if orderings.allSatisfy({ $0.descending == first.descending }) {
      text += "(" + pairs.map { quoted($0.0.column) }.joined(separator: ", ") + ")"
      text += first.descending ? " < (" : " > ("
      for (index, pair) in pairs.enumerated() {
        if index > 0 { text += ", " }
        bind(pair.1)
      }
      text += ")"
      return
    }
    var alternatives: [Condition] = []
    for (index, pair) in pairs.enumerated() {
      var parts = pairs[..<index].map { Condition.compare($0.0.column, "=", $0.1) }
      parts.append(.compare(pair.0.column, pair.0.descending ? "<" : ">", pair.1))
      alternatives.append(.all(parts))
    }
    write(.any(alternatives))
  }
}
