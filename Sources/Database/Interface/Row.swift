package import World

/// The column names of a result; made once for a prepared statement and shared by its rows.
package final class ColumnNames: Sendable {
  package let names: [String]
  private let indices: [String: Int]

  package init(_ names: [String]) {
    self.names = names
    self.indices = Dictionary(zip(names, names.indices), uniquingKeysWith: { first, _ in first })
  }

  package func index(of name: String) -> Int? { indices[name] }
}

/// A whole result, row after row, in one array.
package final class RowSet: Sendable {
  package let columns: ColumnNames
  package let values: [Value]
  package let count: Int

  /// - Parameter count: the number of rows; `values` holds `count` times the number of columns.
  package init(columns: ColumnNames, values: [Value], count: Int) {
    self.columns = columns
    self.values = values
    self.count = count
  }

  package var rows: [Row] { (0..<count).map { Row(result: self, start: $0 * columns.names.count) } }
}

/// One row of a result. Columns are named by position (from 0) or by name.
package struct Row: Sendable {
  private let result: RowSet
  private let start: Int

  init(result: RowSet, start: Int) {
    self.result = result
    self.start = start
  }

  package var columns: ColumnNames { result.columns }
  package var count: Int { result.columns.names.count }

  /// The value as the driver gave it.
  package func value(_ column: some RowKey) throws(DatabaseError) -> Value {
    guard let index = column.index(in: result.columns), index >= 0, index < count else {
      throw DatabaseError(
        .decoding, "there is no column \(column); the result has \(result.columns.names.joined(separator: ", "))")
    }
    return result.values[start + index]
  }

  /// The value as `T`.
  /// - Throws: `DatabaseError` of kind `.decoding` when there is no such column or it holds another type.
  package func get<T: DatabaseValue>(_ column: some RowKey, as type: T.Type = T.self) throws(DatabaseError) -> T {
    let value = try value(column)
    guard let read = T.read(value) else {
      throw DatabaseError(.decoding, "column \(column) does not hold \(T.self) but \(value.kind)")
    }
    return read
  }

  package func text(_ column: some RowKey) throws(DatabaseError) -> String { try get(column) }
  package func textOrNil(_ column: some RowKey) throws(DatabaseError) -> String? { try get(column) }
  package func int(_ column: some RowKey) throws(DatabaseError) -> Int64 { try get(column) }
  package func intOrNil(_ column: some RowKey) throws(DatabaseError) -> Int64? { try get(column) }
  package func double(_ column: some RowKey) throws(DatabaseError) -> Double { try get(column) }
  package func doubleOrNil(_ column: some RowKey) throws(DatabaseError) -> Double? { try get(column) }
  package func bool(_ column: some RowKey) throws(DatabaseError) -> Bool { try get(column) }
  package func boolOrNil(_ column: some RowKey) throws(DatabaseError) -> Bool? { try get(column) }
  package func id(_ column: some RowKey) throws(DatabaseError) -> ID { try get(column) }
  package func idOrNil(_ column: some RowKey) throws(DatabaseError) -> ID? { try get(column) }
  package func bytes(_ column: some RowKey) throws(DatabaseError) -> [UInt8] { try get(column) }
  package func bytesOrNil(_ column: some RowKey) throws(DatabaseError) -> [UInt8]? { try get(column) }
}

/// How a column is named: by position or by name.
package protocol RowKey: Sendable {
  func index(in columns: ColumnNames) -> Int?
}

extension Int: RowKey {
  package func index(in columns: ColumnNames) -> Int? { self }
}

extension String: RowKey {
  package func index(in columns: ColumnNames) -> Int? { columns.index(of: self) }
}

extension Value {
  /// What kind of value it is, for messages; never the value itself.
  var kind: String {
    switch self {
    case .null: "null"
    case .bool: "a boolean"
    case .int: "an integer"
    case .double: "a number"
    case .text: "text"
    case .bytes: "bytes"
    case .id: "an id"
    case .list: "a list"
    }
  }
}
