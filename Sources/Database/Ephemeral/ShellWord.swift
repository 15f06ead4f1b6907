/// The text as one word of a shell's command line.
package func shellWord(_ text: String) -> String {
  let isPlain = !text.isEmpty && text.utf8.allSatisfy { $0.isPlain || $0 == UInt8(ascii: ":") }
  return isPlain ? text : "'\(text.replacing("'", with: "'\\''"))'"
}

extension UInt8 {
  /// What needs no escape in a URL's path (RFC 3986, section 2.3, and the slash).
  var isPlain: Bool {
    switch self {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"):
      true
    default: "-._~/".utf8.contains(self)
    }
  }
}
