package import World

/// A value on its way into a statement or out of a row.
///
/// `id` is a `uuid` in Postgres and 36 characters of text in SQLite. `list` is an array in Postgres (`= ANY($n)`) and a
/// JSON array in SQLite (`IN (SELECT value FROM json_each($n))`).
package enum Value: Hashable, Sendable {
  case null
  case bool(Bool)
  case int(Int64)
  case double(Double)
  case text(String)
  case bytes([UInt8])
  case id(ID)
  case list([Value])
}

/// The types that columns have, with their names in both dialects.
package enum ColumnType: Sendable {
  case bool, int, double, text, bytes, id

  /// The name in Postgres, for casts.
  package var postgresName: String {
    switch self {
    case .bool: "boolean"
    case .int: "bigint"
    case .double: "double precision"
    case .text: "text"
    case .bytes: "bytea"
    case .id: "uuid"
    }
  }
}

/// A Swift type that a column can hold.
package protocol DatabaseValue: Sendable {
  static var columnType: ColumnType { get }
  /// The value as either dialect gives it (SQLite has no booleans and no uuids); `nil` when it is of another type.
  static func read(_ value: Value) -> Self?
  var databaseValue: Value { get }
}

extension String: DatabaseValue {
  package static var columnType: ColumnType { .text }
  package static func read(_ value: Value) -> String? {
    if case .text(let text) = value { text } else { nil }
  }
  package var databaseValue: Value { .text(self) }
}

extension Int64: DatabaseValue {
  package static var columnType: ColumnType { .int }
  package static func read(_ value: Value) -> Int64? {
    if case .int(let number) = value { number } else { nil }
  }
  package var databaseValue: Value { .int(self) }
}

extension Int: DatabaseValue {
  package static var columnType: ColumnType { .int }
  package static func read(_ value: Value) -> Int? {
    if case .int(let number) = value { Int(exactly: number) } else { nil }
  }
  package var databaseValue: Value { .int(Int64(self)) }
}

extension Double: DatabaseValue {
  package static var columnType: ColumnType { .double }
  package static func read(_ value: Value) -> Double? {
    switch value {
    case .double(let number): number
    case .int(let number): Double(number)
    default: nil
    }
  }
  package var databaseValue: Value { .double(self) }
}

extension Bool: DatabaseValue {
  package static var columnType: ColumnType { .bool }
  package static func read(_ value: Value) -> Bool? {
    switch value {
    case .bool(let flag): flag
    case .int(0): false
    case .int(1): true
    default: nil
    }
  }
  package var databaseValue: Value { .bool(self) }
}

extension ID: DatabaseValue {
  package static var columnType: ColumnType { .id }
  package static func read(_ value: Value) -> ID? {
    switch value {
    case .id(let id): id
    case .text(let text): ID(text)
    default: nil
    }
  }
  package var databaseValue: Value { .id(self) }
}

/// Stored as whole milliseconds since the Unix epoch.
extension WallTime: DatabaseValue {
  package static var columnType: ColumnType { .int }
  package static func read(_ value: Value) -> WallTime? {
    if case .int(let number) = value { WallTime(milliseconds: number) } else { nil }
  }
  package var databaseValue: Value { .int(milliseconds) }
}

extension [UInt8]: DatabaseValue {
  package static var columnType: ColumnType { .bytes }
  package static func read(_ value: Value) -> [UInt8]? {
    if case .bytes(let bytes) = value { bytes } else { nil }
  }
  package var databaseValue: Value { .bytes(self) }
}

extension Optional: DatabaseValue where Wrapped: DatabaseValue {
  package static var columnType: ColumnType { Wrapped.columnType }
  package static func read(_ value: Value) -> Wrapped?? {
    if case .null = value { return .some(nil) }
    guard let read = Wrapped.read(value) else { return nil }
    return .some(read)
  }
  package var databaseValue: Value { self?.databaseValue ?? .null }
}

/// An enumeration with raw values conforms by naming the protocol: `enum Role: String, DatabaseValue`.
extension DatabaseValue where Self: RawRepresentable, RawValue: DatabaseValue {
  package static var columnType: ColumnType { RawValue.columnType }
  package static func read(_ value: Value) -> Self? { RawValue.read(value).flatMap(Self.init(rawValue:)) }
  package var databaseValue: Value { rawValue.databaseValue }
}
