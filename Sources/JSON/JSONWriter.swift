/// Appends JSON text to a buffer of bytes, compact, in the order it is told.
///
/// The writer does not check that calls nest: it is the caller's loop that knows the shape.
package struct JSONWriter: Sendable {
  /// What has been written, UTF-8.
  package var bytes: [UInt8]

  package init(reserving capacity: Int = 0) {
    bytes = []
    bytes.reserveCapacity(capacity)
  }

  /// Appends a byte as it is: a bracket, a comma, a colon.
  @inline(__always)
  package mutating func raw(_ byte: Unicode.ASCII.CodeUnit) { bytes.append(byte) }

  /// Appends text that is JSON already.
  package mutating func raw(_ text: StaticString) {
    text.withUTF8Buffer { bytes.append(contentsOf: $0) }
  }

  /// Appends bytes that are JSON already.
  package mutating func raw(_ other: [UInt8]) { bytes.append(contentsOf: other) }

  package mutating func null() { raw("null") }

  package mutating func bool(_ value: Bool) { if value { raw("true") } else { raw("false") } }

  package mutating func int(_ value: Int64) {
    if value >= 0 && value < 10 {
      bytes.append(UInt8(ascii: "0") + UInt8(value))
      return
    }
    var digits: (UInt64, UInt64, UInt64) = (0, 0, 0)
    withUnsafeMutableBytes(of: &digits) { buffer in
      var rest = value.magnitude
      var position = buffer.count
      repeat {
        position -= 1
        buffer[position] = UInt8(ascii: "0") + UInt8(rest % 10)
        rest /= 10
      } while rest > 0
      if value < 0 {
        position -= 1
        buffer[position] = UInt8(ascii: "-")
      }
      bytes.append(contentsOf: buffer[position...])
    }
  }

  /// Appends the shortest text that reads back as the same number; `null` for what JSON cannot say (NaN, infinities).
  package mutating func double(_ value: Double) {
    guard value.isFinite else { return null() }
    if let whole = Int64(exactly: value), whole.magnitude < 1 << 53, !(value == 0 && value.sign == .minus) {
      return int(whole)
    }
    bytes.append(contentsOf: value.description.utf8)
  }

  /// Appends a string with its quotes, escaping what RFC 8259, section 7 requires.
  package mutating func string(_ value: String) {
    bytes.append(UInt8(ascii: "\""))
    var copy = value
    copy.withUTF8 { escape($0) }
    bytes.append(UInt8(ascii: "\""))
  }

  /// Appends a member's key and colon.
  package mutating func key(_ value: String) {
    string(value)
    bytes.append(UInt8(ascii: ":"))
  }

  package mutating func value(_ json: JSON) {
    switch json {
    case .null: null()
    case .bool(let value): bool(value)
    case .int(let value): int(value)
    case .double(let value): double(value)
    case .string(let value): string(value)
    case .array(let elements):
      raw(UInt8(ascii: "["))
      for (index, element) in elements.enumerated() {
        if index > 0 { raw(UInt8(ascii: ",")) }
        value(element)
      }
      raw(UInt8(ascii: "]"))
    case .object(let object): self.object(object)
    }
  }

  package mutating func object(_ object: JSONObject) {
    raw(UInt8(ascii: "{"))
    var first = true
    for (key, element) in object.members {
      if !first { raw(UInt8(ascii: ",")) }
      first = false
      self.key(key)
      value(element)
    }
    raw(UInt8(ascii: "}"))
  }

  private mutating func escape(_ utf8: UnsafeBufferPointer<UInt8>) {
    var clean = utf8.startIndex
    for index in utf8.indices {
      let byte = utf8[index]
      guard byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") else { continue }
      bytes.append(contentsOf: utf8[clean..<index])
      clean = index + 1
      switch byte {
      case UInt8(ascii: "\""): raw("\\\"")
      case UInt8(ascii: "\\"): raw("\\\\")
      case 0x08: raw("\\b")
      case 0x09: raw("\\t")
      case 0x0a: raw("\\n")
      case 0x0c: raw("\\f")
      case 0x0d: raw("\\r")
      default:
        raw("\\u00")
        bytes.append(Self.hexadecimal(byte >> 4))
        bytes.append(Self.hexadecimal(byte & 15))
      }
    }
    bytes.append(contentsOf: utf8[clean...])
  }

  private static func hexadecimal(_ nibble: UInt8) -> UInt8 {
    nibble < 10 ? UInt8(ascii: "0") + nibble : UInt8(ascii: "a") + nibble - 10
  }
}

extension JSON {
  /// The value as compact UTF-8 text.
  package var bytes: [UInt8] {
    var writer = JSONWriter()
    writer.value(self)
    return writer.bytes
  }

  /// The value as compact text.
  package var text: String { String(decoding: bytes, as: UTF8.self) }
}

extension JSON: CustomStringConvertible {
  package var description: String { text }
}
