internal import CSQLite
internal import World

/// A prepared statement. It belongs to its connection, which finalizes it.
final class SQLiteStatement {
  let handle: OpaquePointer
  /// When it was last used, in the connection's count of uses.
  var lastUse: UInt64 = 0
  private(set) var columns: ColumnNames
  /// For each of SQLite's parameters, which come in the order of their first appearance: its number in the text, from 1.
  private let numbers: [Int]

  init(_ handle: OpaquePointer) {
    self.handle = handle
    columns = Self.names(handle)
    let count = sqlite3_bind_parameter_count(handle)
    numbers = (0..<count).map { index in
      guard let name = sqlite3_bind_parameter_name(handle, index + 1) else { return Int(index) + 1 }
      return Int(String(cString: name).dropFirst()) ?? 0
    }
  }

  func bind(_ query: Query) throws(DatabaseError) {
    for (index, number) in numbers.enumerated() {
      guard number >= 1, number <= query.parameters.count else {
        throw DatabaseError(.syntax, "parameter $\(number) has no value").at(query, .sqlite)
      }
      let position = Int32(index + 1)
      let code: Int32
      switch query.parameters[number - 1] {
      case .null: code = sqlite3_bind_null(handle, position)
      case .bool(let flag): code = sqlite3_bind_int64(handle, position, flag ? 1 : 0)
      case .int(let number): code = sqlite3_bind_int64(handle, position, number)
      case .double(let number): code = sqlite3_bind_double(handle, position, number)
      case .text(let text): code = bind(text, position)
      case .id(let id): code = bind(id.description, position)
      case .bytes(let bytes): code = bind(bytes, position)
      case .list(let values):
        guard let json = jsonArray(values) else {
          throw DatabaseError(.syntax, "a list of bytes cannot be a parameter in SQLite").at(query, .sqlite)
        }
        code = bind(json, position)
      }
      guard code == SQLITE_OK else {
        throw DatabaseError(.other("\(code)"), "parameter $\(number) could not be bound").at(query, .sqlite)
      }
    }
  }

  /// Appends the current row's values.
  func appendRow(to values: inout [Value]) {
    let count = sqlite3_column_count(handle)
    // SQLite prepares again by itself after a schema change; `SELECT *` then has other columns.
    if count != columns.names.count { columns = Self.names(handle) }
    for index in 0..<count { values.append(value(index)) }
  }

  private func value(_ index: Int32) -> Value {
    switch sqlite3_column_type(handle, index) {
    case SQLITE_INTEGER: return .int(sqlite3_column_int64(handle, index))
    case SQLITE_FLOAT: return .double(sqlite3_column_double(handle, index))
    case SQLITE_TEXT:
      guard let text = sqlite3_column_text(handle, index) else { return .null }
      let count = Int(sqlite3_column_bytes(handle, index))
      return .text(String(decoding: UnsafeBufferPointer(start: text, count: count), as: UTF8.self))
    case SQLITE_BLOB:
      guard let bytes = sqlite3_column_blob(handle, index) else { return .bytes([]) }
      return .bytes([UInt8](UnsafeRawBufferPointer(start: bytes, count: Int(sqlite3_column_bytes(handle, index)))))
    default: return .null
    }
  }

  private func bind(_ text: String, _ position: Int32) -> Int32 {
    var text = text
    return text.withUTF8 { bytes in
      bytes.withMemoryRebound(to: CChar.self) { characters in
        // An empty string's pointer may be null, which would bind NULL.
        characters.baseAddress == nil
          ? sqlite3_bind_text(handle, position, "", 0, copyNow)
          : sqlite3_bind_text(handle, position, characters.baseAddress, Int32(clamping: characters.count), copyNow)
      }
    }
  }

  private func bind(_ bytes: [UInt8], _ position: Int32) -> Int32 {
    bytes.isEmpty
      ? sqlite3_bind_zeroblob(handle, position, 0)
      : sqlite3_bind_blob(handle, position, bytes, Int32(clamping: bytes.count), copyNow)
  }

  private static func names(_ handle: OpaquePointer) -> ColumnNames {
    ColumnNames(
      (0..<sqlite3_column_count(handle)).map { index in
        sqlite3_column_name(handle, index).map { String(cString: $0) } ?? ""
      })
  }
}

/// `SQLITE_TRANSIENT`: SQLite copies the bytes before the call returns.
private let copyNow = unsafeBitCast(-1, to: sqlite3_destructor_type.self)

/// The list as the JSON that `json_each` reads; `nil` when a value has no form in JSON.
private func jsonArray(_ values: [Value]) -> String? {
  var text = "["
  for (index, value) in values.enumerated() {
    if index > 0 { text += "," }
    switch value {
    case .null: text += "null"
    case .bool(let flag): text += flag ? "1" : "0"
    case .int(let number): text += String(number)
    case .double(let number):
      guard number.isFinite else { return nil }
      text += String(number)
    case .id(let id): text += "\"\(id)\""
    case .text(let string): appendJSON(string, to: &text)
    case .bytes, .list: return nil
    }
  }
  return text + "]"
}

private func appendJSON(_ string: String, to text: inout String) {
  text += "\""
  for scalar in string.unicodeScalars {
    switch scalar {
    case "\"": text += "\\\""
    case "\\": text += "\\\\"
    case "\u{0}"..<" ":
      let digits = String(scalar.value, radix: 16)
      text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
    default: text.unicodeScalars.append(scalar)
    }
  }
  text += "\""
}
