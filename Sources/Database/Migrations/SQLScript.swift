/// The statements of a script: split at semicolons that are not inside a quoted text, a comment, a dollar-quoted body or
/// the body of an SQLite trigger.
struct SQLScript {
  private let bytes: [UInt8]
  private var position = 0

  static func statements(_ text: String) -> [String] {
    var script = SQLScript(bytes: Array(text.utf8))
    return script.split()
  }

  private init(bytes: [UInt8]) { self.bytes = bytes }

  private mutating func split() -> [String] {
    var statements: [String] = []
    var start = 0
    var words: [String] = []
    while position < bytes.count {
      let byte = bytes[position]
      switch byte {
      case UInt8(ascii: "'"), UInt8(ascii: "\""):
        skip(past: [byte], from: position + 1)
      case UInt8(ascii: "-") where peek(1) == UInt8(ascii: "-"):
        skip(past: [UInt8(ascii: "\n")], from: position + 2)
      case UInt8(ascii: "/") where peek(1) == UInt8(ascii: "*"):
        skip(past: Array("*/".utf8), from: position + 2)
      case UInt8(ascii: "$"):
        skipDollarQuote()
      case UInt8(ascii: ";"):
        let isInTrigger = words.prefix(3).contains("TRIGGER") && words.contains("BEGIN") && words.last != "END"
        position += 1
        if !isInTrigger {
          if !words.isEmpty { statements.append(trimmed(start..<position - 1)) }
          start = position
          words = []
        }
      case _ where Self.isWord(byte):
        let first = position
        while position < bytes.count, Self.isWord(bytes[position]) { position += 1 }
        words.append(String(decoding: bytes[first..<position], as: UTF8.self).uppercased())
      default:
        position += 1
      }
    }
    if !words.isEmpty { statements.append(trimmed(start..<bytes.count)) }
    return statements
  }

  private func peek(_ distance: Int) -> UInt8? {
    position + distance < bytes.count ? bytes[position + distance] : nil
  }

  private mutating func skip(past end: [UInt8], from start: Int) {
    position = start
    while position < bytes.count {
      if bytes[position...].starts(with: end) {
        position += end.count
        return
      }
      position += 1
    }
  }

  /// `$$…$$` or `$tag$…$tag$`; anything else is a dollar sign.
  private mutating func skipDollarQuote() {
    var end = position + 1
    while end < bytes.count, Self.isWord(bytes[end]) { end += 1 }
    guard end < bytes.count, bytes[end] == UInt8(ascii: "$") else {
      position += 1
      return
    }
    skip(past: Array(bytes[position...end]), from: end + 1)
  }

  private func trimmed(_ range: Range<Int>) -> String {
    let isSpace = { (byte: UInt8) in byte <= 0x20 }
    var slice = bytes[range]
    slice = slice.drop(while: isSpace)
    while let last = slice.last, isSpace(last) { slice.removeLast() }
    return String(decoding: slice, as: UTF8.self)
  }

  private static func isWord(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: "_") || byte >= 0x80 || (byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9"))
      || (byte | 0x20 >= UInt8(ascii: "a") && byte | 0x20 <= UInt8(ascii: "z"))
  }
}
