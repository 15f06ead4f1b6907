/// Cuts a source into tokens, one at a time.
struct Lexer {
  let source: Source
  let bytes: [UInt8]
  private var position = 0

  init(source: Source) {
    self.source = source
    bytes = Array(source.text.utf8)
  }

  func text(of token: Token) -> String { String(decoding: bytes[token.start..<token.end], as: UTF8.self) }

  /// The token after the one read last, without moving on.
  func peek() throws(GraphQLError) -> Token {
    var copy = self
    return try copy.next()
  }

  mutating func next() throws(GraphQLError) -> Token {
    while position < bytes.count {
      let start = position
      let byte = bytes[position]
      switch byte {
      case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: ","), UInt8(ascii: "\n"), UInt8(ascii: "\r"):
        position += 1
      case 0xef where at(1) == 0xbb && at(2) == 0xbf:  // a byte order mark
        position += 3
      case UInt8(ascii: "#"):
        while position < bytes.count, bytes[position] != UInt8(ascii: "\n"), bytes[position] != UInt8(ascii: "\r") {
          position += 1
        }
      case UInt8(ascii: "!"): return punctuator(.bang)
      case UInt8(ascii: "$"): return punctuator(.dollar)
      case UInt8(ascii: "&"): return punctuator(.ampersand)
      case UInt8(ascii: "("): return punctuator(.parenthesisLeft)
      case UInt8(ascii: ")"): return punctuator(.parenthesisRight)
      case UInt8(ascii: ":"): return punctuator(.colon)
      case UInt8(ascii: "="): return punctuator(.equals)
      case UInt8(ascii: "@"): return punctuator(.at)
      case UInt8(ascii: "["): return punctuator(.bracketLeft)
      case UInt8(ascii: "]"): return punctuator(.bracketRight)
      case UInt8(ascii: "{"): return punctuator(.braceLeft)
      case UInt8(ascii: "|"): return punctuator(.pipe)
      case UInt8(ascii: "}"): return punctuator(.braceRight)
      case UInt8(ascii: "."):
        guard at(1) == byte, at(2) == byte else { throw unexpectedCharacter(start) }
        position += 3
        return Token(.spread, start, position)
      case UInt8(ascii: "\""):
        if at(1) == byte, at(2) == byte { return try blockString() }
        return try string()
      case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return try number()
      default:
        guard isNameStart(byte) else { throw unexpectedCharacter(start) }
        position += 1
        while position < bytes.count, isNameContinue(bytes[position]) { position += 1 }
        return Token(.name, start, position)
      }
    }
    return Token(.endOfFile, bytes.count, bytes.count)
  }

  private func at(_ distance: Int) -> UInt8? {
    position + distance < bytes.count ? bytes[position + distance] : nil
  }

  private mutating func punctuator(_ kind: Token.Kind) -> Token {
    position += 1
    return Token(kind, position - 1, position)
  }

  private mutating func number() throws(GraphQLError) -> Token {
    let start = position
    var isFloat = false
    if bytes[position] == UInt8(ascii: "-") { position += 1 }
    if at(0) == UInt8(ascii: "0") {
      position += 1
      if let byte = at(0), isDigit(byte) {
        throw failure("Invalid number, unexpected digit after 0: \(printed(position)).", position)
      }
    } else {
      try digits()
    }
    if at(0) == UInt8(ascii: ".") {
      isFloat = true
      position += 1
      try digits()
    }
    if at(0) == UInt8(ascii: "e") || at(0) == UInt8(ascii: "E") {
      isFloat = true
      position += 1
      if at(0) == UInt8(ascii: "+") || at(0) == UInt8(ascii: "-") { position += 1 }
      try digits()
    }
    if let byte = at(0), byte == UInt8(ascii: ".") || isNameStart(byte) {
      throw failure("Invalid number, expected digit but got: \(printed(position)).", position)
    }
    return Token(isFloat ? .float : .int, start, position)
  }

  private mutating func digits() throws(GraphQLError) {
    guard let byte = at(0), isDigit(byte) else {
      throw failure("Invalid number, expected digit but got: \(printed(position)).", position)
    }
    while let byte = at(0), isDigit(byte) { position += 1 }
  }

  private mutating func string() throws(GraphQLError) -> Token {
    let start = position
    position += 1
    var value = ""
    var clean = position
    while position < bytes.count {
      switch bytes[position] {
      case UInt8(ascii: "\""):
        value += decoded(clean..<position)
        position += 1
        return Token(.string, start, position, string: value)
      case UInt8(ascii: "\\"):
        value += decoded(clean..<position)
        value.unicodeScalars.append(try escape())
        clean = position
      case UInt8(ascii: "\n"), UInt8(ascii: "\r"): throw failure("Unterminated string.", position)
      default: position += 1
      }
    }
    throw failure("Unterminated string.", position)
  }

  private mutating func escape() throws(GraphQLError) -> Unicode.Scalar {
    let start = position
    let scalar: Unicode.Scalar
    switch at(1) {
    case UInt8(ascii: "\""): scalar = "\""
    case UInt8(ascii: "\\"): scalar = "\\"
    case UInt8(ascii: "/"): scalar = "/"
    case UInt8(ascii: "b"): scalar = "\u{8}"
    case UInt8(ascii: "f"): scalar = "\u{c}"
    case UInt8(ascii: "n"): scalar = "\n"
    case UInt8(ascii: "r"): scalar = "\r"
    case UInt8(ascii: "t"): scalar = "\t"
    case UInt8(ascii: "u"):
      return at(2) == UInt8(ascii: "{") ? try variableWidthEscape() : try fixedWidthEscape()
    default:
      throw failure("Invalid character escape sequence: \"\(characters(from: start, count: 2))\".", start)
    }
    position += 2
    return scalar
  }

  private mutating func variableWidthEscape() throws(GraphQLError) -> Unicode.Scalar {
    let start = position
    var point: UInt32 = 0
    var size = 3
    while size < 12, let byte = at(size) {
      size += 1
      if byte == UInt8(ascii: "}") {
        guard size >= 5, let scalar = Unicode.Scalar(point) else { break }
        position += size
        return scalar
      }
      guard let digit = hexadecimal(byte) else { break }
      point = point << 4 | digit
    }
    throw failure("Invalid Unicode escape sequence: \"\(characters(from: start, count: size))\".", start)
  }

  private mutating func fixedWidthEscape() throws(GraphQLError) -> Unicode.Scalar {
    let start = position
    if let code = code16(at: 2) {
      if let scalar = Unicode.Scalar(code) {
        position += 6
        return scalar
      }
      if code < 0xdc00, at(6) == UInt8(ascii: "\\"), at(7) == UInt8(ascii: "u"), let trail = code16(at: 8),
        (0xdc00..<0xe000).contains(trail),
        let scalar = Unicode.Scalar(0x10000 + ((code - 0xd800) << 10) + (trail - 0xdc00))
      {
        position += 12
        return scalar
      }
    }
    throw failure("Invalid Unicode escape sequence: \"\(characters(from: start, count: 6))\".", start)
  }

  private func code16(at distance: Int) -> UInt32? {
    var code: UInt32 = 0
    for index in 0..<4 {
      guard let byte = at(distance + index), let digit = hexadecimal(byte) else { return nil }
      code = code << 4 | digit
    }
    return code
  }

  private mutating func blockString() throws(GraphQLError) -> Token {
    let start = position
    position += 3
    var raw: [UInt8] = []
    while position < bytes.count {
      let byte = bytes[position]
      if byte == UInt8(ascii: "\""), at(1) == byte, at(2) == byte {
        position += 3
        let value = dedentedBlockString(String(decoding: raw, as: UTF8.self))
        return Token(.blockString, start, position, string: value)
      }
      let quote = UInt8(ascii: "\"")
      if byte == UInt8(ascii: "\\"), at(1) == quote, at(2) == quote, at(3) == quote {
        raw.append(contentsOf: [quote, quote, quote])
        position += 4
        continue
      }
      if byte == UInt8(ascii: "\r") {
        raw.append(UInt8(ascii: "\n"))
        position += at(1) == UInt8(ascii: "\n") ? 2 : 1
        continue
      }
      raw.append(byte)
      position += 1
    }
    throw failure("Unterminated string.", position)
  }

  private func decoded(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }

  /// As many Unicode scalars as `count`, or what is left.
  private func characters(from start: Int, count: Int) -> String {
    var text = ""
    for scalar in String(decoding: bytes[start..<min(bytes.count, start + 4 * count)], as: UTF8.self)
      .unicodeScalars.prefix(count)
    {
      text.unicodeScalars.append(scalar)
    }
    return text
  }

  private func unexpectedCharacter(_ offset: Int) -> GraphQLError {
    if bytes[offset] == UInt8(ascii: "'") {
      return failure(
        "Unexpected single quote character ('), did you mean to use a double quote (\")?", offset)
    }
    return failure("Unexpected character: \(printed(offset)).", offset)
  }

  /// A character as messages show it: printable ASCII in quotes, anything else as U+1234.
  private func printed(_ offset: Int) -> String {
    guard let scalar = characters(from: min(offset, bytes.count), count: 1).unicodeScalars.first else {
      return "<EOF>"
    }
    if scalar == "\"" { return "'\"'" }
    if (0x20...0x7e).contains(scalar.value) { return "\"\(scalar)\"" }
    let digits = String(scalar.value, radix: 16, uppercase: true)
    return "U+" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
  }

  private func failure(_ message: String, _ offset: Int) -> GraphQLError {
    .syntax(message, source, at: offset)
  }

  private func isDigit(_ byte: UInt8) -> Bool { byte &- UInt8(ascii: "0") < 10 }

  private func hexadecimal(_ byte: UInt8) -> UInt32? {
    if isDigit(byte) { return UInt32(byte - UInt8(ascii: "0")) }
    let lower = byte | 0x20
    return (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(lower) ? UInt32(lower - UInt8(ascii: "a") + 10) : nil
  }
}

func isNameStart(_ byte: UInt8) -> Bool { (byte | 0x20) &- UInt8(ascii: "a") < 26 || byte == UInt8(ascii: "_") }

func isNameContinue(_ byte: UInt8) -> Bool { isNameStart(byte) || byte &- UInt8(ascii: "0") < 10 }
