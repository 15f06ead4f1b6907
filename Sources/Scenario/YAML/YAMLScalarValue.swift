internal import JSON

extension YAMLScalar {
  /// The value by the core schema of YAML 1.2.2, section 10.3.2: `yes` and `on` are texts, and so is everything quoted.
  var json: JSON {
    guard style == .plain else { return .string(text) }
    switch text {
    case "", "~", "null", "Null", "NULL": return .null
    case "true", "True", "TRUE": return .bool(true)
    case "false", "False", "FALSE": return .bool(false)
    default: break
    }
    guard let first = text.utf8.first, first < 0x3a, first >= 0x2b else { return .string(text) }
    let body = text.first == "+" || text.first == "-" ? text.dropFirst() : text[...]
    if !body.isEmpty, body.utf8.allSatisfy(Self.isDigit) {
      return Int64(text).map(JSON.int) ?? Double(text).map(JSON.double) ?? .string(text)
    }
    guard Self.isDecimal(body), let value = Double(text), value.isFinite else { return .string(text) }
    return .double(value)
  }

  private static func isDigit(_ byte: UInt8) -> Bool { byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9") }

  /// Digits with a point or an exponent: `Double` itself also reads `nan` and hexadecimal, which here are texts.
  private static func isDecimal(_ text: Substring) -> Bool {
    text.utf8.contains(where: isDigit)
      && text.utf8.allSatisfy { isDigit($0) || [".", "e", "E", "+", "-"].map(\.self).contains(Unicode.Scalar($0)) }
  }
}
