internal import CPostgres

/// The object ids of Postgres' built-in types (`pg_type.dat`).
enum PostgresType {
  static let bool: Oid = 16
  static let bytes: Oid = 17
  static let int8: Oid = 20
  static let text: Oid = 25
  static let float8: Oid = 701
  static let uuid: Oid = 2950

  /// The type in which a parameter is sent; 0 lets the server infer it.
  static func of(_ value: Value) -> Oid {
    switch value {
    case .null: 0
    case .bool: bool
    case .int: int8
    case .double: float8
    case .text: text
    case .bytes: bytes
    case .id: uuid
    case .list(let values): array(of: values.lazy.map(of).first { $0 != 0 } ?? 0)
    }
  }

  /// The array type of an element type; 0 for none.
  static func array(of element: Oid) -> Oid {
    switch element {
    case bool: 1000
    case bytes: 1001
    case int8: 1016
    case text: 1009
    case float8: 1022
    case uuid: 2951
    default: 0
    }
  }
}
