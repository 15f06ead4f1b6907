internal import CPostgres
internal import World

/// A statement with its parameters in Postgres' binary format, made where it is asked so that the reactor only sends.
struct PostgresRequest: Sendable {
  let query: Query
  /// One for each parameter; 0 where the server infers the type.
  let types: [Oid]
  private let bytes: [UInt8]
  /// Where each parameter begins in `bytes`, -1 for null.
  private let starts: [Int]
  private let lengths: [Int32]
  private let formats: [Int32]

  /// - Throws: `DatabaseError` for a list of lists or of values of several types.
  init(_ query: Query) throws(DatabaseError) {
    self.query = query
    var writer = BinaryWriter()
    var types: [Oid] = []
    var starts: [Int] = []
    var lengths: [Int32] = []
    var formats: [Int32] = []
    for parameter in query.parameters {
      let start = writer.bytes.count
      let type = PostgresType.of(parameter)
      var format: Int32 = 1
      if case .list(let values) = parameter {
        if type == 0 {
          // Nothing in it has a type: as text, which the server reads as whatever array the statement wants.
          guard values.allSatisfy({ $0 == .null }) else {
            throw DatabaseError(.syntax, "a list of lists cannot be a parameter").at(query, .postgres)
          }
          // Text ends with a zero byte: libpq does not look at its length.
          writer.append(text: "{" + values.map { _ in "NULL" }.joined(separator: ",") + "}\0")
          format = 0
        } else {
          guard writer.append(list: values) else {
            throw DatabaseError(.syntax, "a list must hold values of one type").at(query, .postgres)
          }
        }
      } else {
        writer.append(parameter)
      }
      types.append(type)
      starts.append(parameter == .null ? -1 : start)
      lengths.append(Int32(clamping: writer.bytes.count - start))
      formats.append(format)
    }
    // libpq takes a null pointer for NULL: the buffer must not be empty when an empty text is sent.
    if writer.bytes.isEmpty { writer.bytes.append(0) }
    self.types = types
    self.bytes = writer.bytes
    self.starts = starts
    self.lengths = lengths
    self.formats = formats
  }

  /// Calls `body` with the number of parameters, their values, lengths and formats, as libpq wants them.
  func withParameters<R>(
    _ body: (Int32, UnsafePointer<UnsafePointer<CChar>?>?, UnsafePointer<Int32>?, UnsafePointer<Int32>?) -> R
  ) -> R {
    guard !starts.isEmpty else { return body(0, nil, nil, nil) }
    return bytes.withUnsafeBytes { buffer in
      let base = buffer.baseAddress?.assumingMemoryBound(to: CChar.self)
      return withUnsafeTemporaryAllocation(of: UnsafePointer<CChar>?.self, capacity: starts.count) { values in
        for (index, start) in starts.enumerated() { values[index] = start < 0 ? nil : base?.advanced(by: start) }
        return body(Int32(clamping: starts.count), values.baseAddress, lengths, formats)
      }
    }
  }
}

/// Writes values in Postgres' binary format: big-endian, text as UTF-8.
private struct BinaryWriter {
  var bytes: [UInt8] = []

  mutating func append(_ value: Value) {
    switch value {
    case .null, .list: break
    case .bool(let flag): bytes.append(flag ? 1 : 0)
    case .int(let number): append(UInt64(bitPattern: number))
    case .double(let number): append(number.bitPattern)
    case .text(let text): append(text: text)
    case .bytes(let content): bytes += content
    case .id(let id):
      append(id.high)
      append(id.low)
    }
  }

  mutating func append(text: String) { bytes += text.utf8 }

  mutating func append(_ number: some FixedWidthInteger) {
    withUnsafeBytes(of: number.bigEndian) { bytes.append(contentsOf: $0) }
  }

  /// One dimension (`array_recv`): dimensions, whether nulls occur, element type, size, lower bound, elements.
  /// - Returns: false when the elements have several types.
  mutating func append(list: [Value]) -> Bool {
    let element: Oid = list.lazy.map { PostgresType.of($0) }.first { $0 != 0 } ?? 0
    append(Int32(1))
    append(Int32(list.contains(.null) ? 1 : 0))
    append(element)
    append(Int32(clamping: list.count))
    append(Int32(1))
    for value in list {
      if value == .null {
        append(Int32(-1))
        continue
      }
      guard PostgresType.of(value) == element else { return false }
      let position = bytes.count
      append(Int32(0))
      append(value)
      let length = UInt32(clamping: bytes.count - position - 4)
      for index in 0..<4 { bytes[position + index] = UInt8(truncatingIfNeeded: length >> UInt32(24 - 8 * index)) }
    }
    return true
  }
}
