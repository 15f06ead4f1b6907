/// Why a text is not JSON: what was found, and at which byte.
package struct JSONError: Error, Hashable, Sendable, CustomStringConvertible {
  /// What was found and expected.
  package let message: String
  /// Offset of the first byte that does not fit.
  package let offset: Int

  package var description: String { "\(message) at byte \(offset)" }
}

extension JSON {
  /// Nesting that a parser accepts unless told otherwise.
  package static let defaultDepthLimit = 128

  /// Reads one JSON text (RFC 8259), strictly: nothing before or after it but white space.
  /// - Parameters:
  ///   - bytes: UTF-8.
  ///   - depthLimit: the most arrays and objects that may be open at once.
  /// - Throws: ``JSONError`` with the offset of the first byte that does not fit.
  package static func parse(_ bytes: [UInt8], depthLimit: Int = defaultDepthLimit) throws(JSONError) -> JSON {
    let outcome = bytes.withUnsafeBufferPointer { buffer -> Result<JSON, JSONError> in
      var parser = JSONParser(bytes: buffer, depthLimit: depthLimit)
      do throws(JSONError) { return .success(try parser.document()) } catch { return .failure(error) }
    }
    return try outcome.get()
  }

  /// Reads one JSON text from a string.
  package static func parse(_ text: String, depthLimit: Int = defaultDepthLimit) throws(JSONError) -> JSON {
    try parse(Array(text.utf8), depthLimit: depthLimit)
  }
}

private struct JSONParser {
  let bytes: UnsafeBufferPointer<UInt8>
  let depthLimit: Int
  var position = 0
  var depth = 0

  init(bytes: UnsafeBufferPointer<UInt8>, depthLimit: Int) {
    self.bytes = bytes
    self.depthLimit = depthLimit
  }

  mutating func document() throws(JSONError) -> JSON {
    let value = try value()
    skipSpace()
    guard position == bytes.count else { throw unexpected("the end of the text") }
    return value
  }

  mutating func value() throws(JSONError) -> JSON {
    skipSpace()
    guard position < bytes.count else { throw unexpected("a value") }
    switch bytes[position] {
    case UInt8(ascii: "{"): return try nested { parser throws(JSONError) in .object(try parser.object()) }
    case UInt8(ascii: "["): return try nested { parser throws(JSONError) in .array(try parser.array()) }
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "t"): return try literal("true", .bool(true))
    case UInt8(ascii: "f"): return try literal("false", .bool(false))
    case UInt8(ascii: "n"): return try literal("null", .null)
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return try number()
    default: throw unexpected("a value")
    }
  }

  private mutating func nested(_ body: (inout JSONParser) throws(JSONError) -> JSON) throws(JSONError) -> JSON {
    depth += 1
    guard depth <= depthLimit else { throw failure("Nesting is deeper than \(depthLimit)") }
    position += 1
    let value = try body(&self)
    depth -= 1
    return value
  }

  private mutating func object() throws(JSONError) -> JSONObject {
    var object = JSONObject()
    // Small objects are searched, large ones indexed: a hostile object must not cost the square of its size.
    var index: [String: JSON] = [:]
    skipSpace()
    if take(UInt8(ascii: "}")) { return object }
    while true {
      skipSpace()
      guard position < bytes.count, bytes[position] == UInt8(ascii: "\"") else { throw unexpected("a member's key") }
      let key = try string()
      skipSpace()
      guard take(UInt8(ascii: ":")) else { throw unexpected("':'") }
      let value = try value()
      if object.count < 16 {
        object[key] = value
      } else {
        if index.isEmpty { for member in object.members { index[member.key] = member.value } }
        if index.updateValue(value, forKey: key) == nil { object.append(key, value) } else { object[key] = value }
      }
      skipSpace()
      if take(UInt8(ascii: ",")) { continue }
      guard take(UInt8(ascii: "}")) else { throw unexpected("',' or '}'") }
      return object
    }
  }

  private mutating func array() throws(JSONError) -> [JSON] {
    var elements: [JSON] = []
    skipSpace()
    if take(UInt8(ascii: "]")) { return elements }
    while true {
      elements.append(try value())
      skipSpace()
      if take(UInt8(ascii: ",")) { continue }
      guard take(UInt8(ascii: "]")) else { throw unexpected("',' or ']'") }
      return elements
    }
  }

  private mutating func literal(_ text: StaticString, _ value: JSON) throws(JSONError) -> JSON {
    let start = position
    for index in 0..<text.utf8CodeUnitCount {
      guard position < bytes.count, bytes[position] == text.utf8Start[index] else {
        position = start
        throw unexpected("a value")
      }
      position += 1
    }
    return value
  }

  private mutating func number() throws(JSONError) -> JSON {
    let start = position
    let negative = take(UInt8(ascii: "-"))
    var magnitude: UInt64 = 0
    var exact = true
    guard position < bytes.count, isDigit(bytes[position]) else { throw unexpected("a digit") }
    if !take(UInt8(ascii: "0")) {
      while position < bytes.count, isDigit(bytes[position]) {
        let (product, overflow) = magnitude.multipliedReportingOverflow(by: 10)
        let (sum, carry) = product.addingReportingOverflow(UInt64(bytes[position] - UInt8(ascii: "0")))
        if overflow || carry { exact = false }
        magnitude = sum
        position += 1
      }
    }
    if take(UInt8(ascii: ".")) {
      exact = false
      try digits()
    }
    if take(UInt8(ascii: "e")) || take(UInt8(ascii: "E")) {
      exact = false
      if !take(UInt8(ascii: "+")) { _ = take(UInt8(ascii: "-")) }
      try digits()
    }
    if exact {
      if !negative, let value = Int64(exactly: magnitude) { return .int(value) }
      if negative, magnitude <= 1 << 63, magnitude > 0 { return .int(Int64(truncatingIfNeeded: 0 &- magnitude)) }
    }
    let text = String(decoding: bytes[start..<position], as: UTF8.self)
    guard let value = Double(text), value.isFinite else { throw failure("The number '\(text)' is out of range", start) }
    return .double(value)
  }

  private mutating func digits() throws(JSONError) {
    guard position < bytes.count, isDigit(bytes[position]) else { throw unexpected("a digit") }
    while position < bytes.count, isDigit(bytes[position]) { position += 1 }
  }

  private mutating func string() throws(JSONError) -> String {
    position += 1
    let start = position
    while position < bytes.count {
      switch bytes[position] {
      case UInt8(ascii: "\""):
        let text = try decode(start..<position)
        position += 1
        return text
      case UInt8(ascii: "\\"): return try escapedString(from: start)
      case 0..<0x20: throw unexpected("a string without control characters")
      default: position += 1
      }
    }
    throw unexpected("'\"'")
  }

  private mutating func escapedString(from start: Int) throws(JSONError) -> String {
    var text = try decode(start..<position)
    while position < bytes.count {
      let byte = bytes[position]
      if byte == UInt8(ascii: "\"") {
        position += 1
        return text
      }
      if byte == UInt8(ascii: "\\") {
        text.unicodeScalars.append(try escape())
      } else {
        let run = position
        while position < bytes.count, bytes[position] >= 0x20, bytes[position] != UInt8(ascii: "\""),
          bytes[position] != UInt8(ascii: "\\")
        {
          position += 1
        }
        guard position > run else { throw unexpected("a string without control characters") }
        text += try decode(run..<position)
      }
    }
    throw unexpected("'\"'")
  }

  private mutating func escape() throws(JSONError) -> Unicode.Scalar {
    let start = position
    position += 1
    guard position < bytes.count else { throw unexpected("an escape") }
    let byte = bytes[position]
    position += 1
    switch byte {
    case UInt8(ascii: "\""): return "\""
    case UInt8(ascii: "\\"): return "\\"
    case UInt8(ascii: "/"): return "/"
    case UInt8(ascii: "b"): return "\u{8}"
    case UInt8(ascii: "f"): return "\u{c}"
    case UInt8(ascii: "n"): return "\n"
    case UInt8(ascii: "r"): return "\r"
    case UInt8(ascii: "t"): return "\t"
    case UInt8(ascii: "u"):
      let unit = try hexadecimal()
      if let scalar = Unicode.Scalar(unit) { return scalar }
      guard unit < 0xdc00, take(UInt8(ascii: "\\")), take(UInt8(ascii: "u")) else {
        throw failure("A surrogate stands alone", start)
      }
      let trail = try hexadecimal()
      guard (0xdc00..<0xe000).contains(trail),
        let scalar = Unicode.Scalar(0x10000 + (unit - 0xd800) << 10 + (trail - 0xdc00))
      else { throw failure("A surrogate stands alone", start) }
      return scalar
    default:
      throw failure("Unknown escape", start)
    }
  }

  private mutating func hexadecimal() throws(JSONError) -> UInt32 {
    var value: UInt32 = 0
    for _ in 0..<4 {
      guard position < bytes.count, let digit = Character(Unicode.Scalar(bytes[position])).hexDigitValue,
        bytes[position] < 0x80
      else { throw unexpected("four hexadecimal digits") }
      value = value << 4 | UInt32(digit)
      position += 1
    }
    return value
  }

  private func decode(_ range: Range<Int>) throws(JSONError) -> String {
    guard let text = String(validating: bytes[range], as: UTF8.self) else {
      throw failure("The string is not UTF-8", range.lowerBound)
    }
    return text
  }

  private mutating func skipSpace() {
    while position < bytes.count {
      switch bytes[position] {
      case 0x20, 0x0a, 0x0d, 0x09: position += 1
      default: return
      }
    }
  }

  private mutating func take(_ byte: UInt8) -> Bool {
    guard position < bytes.count, bytes[position] == byte else { return false }
    position += 1
    return true
  }

  private func isDigit(_ byte: UInt8) -> Bool { byte &- UInt8(ascii: "0") < 10 }

  private func failure(_ message: String, _ offset: Int? = nil) -> JSONError {
    JSONError(message: message, offset: offset ?? position)
  }

  private func unexpected(_ wanted: String) -> JSONError {
    guard position < bytes.count else { return failure("Found the end of the text, expected \(wanted)") }
    let byte = bytes[position]
    let found = byte > 0x20 && byte < 0x7f ? "'\(Character(Unicode.Scalar(byte)))'" : "byte \(byte)"
    return failure("Found \(found), expected \(wanted)")
  }
}
