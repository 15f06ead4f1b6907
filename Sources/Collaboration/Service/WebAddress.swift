/// The form of URLs that the product stores (RFC 3986, as far as storing needs it): a known scheme, something after it, and
/// no white space or control characters.
enum WebAddress {
  enum Fault: Hashable, Sendable { case malformed, tooLong }

  /// Most bytes; a unique index of Postgres takes no more than about 2,700.
  static let lengthLimit = 2000
  static let pageSchemes = ["http", "https"]
  static let linkSchemes = ["http", "https", "mailto"]

  static func fault(in text: String, schemes: [String]) -> Fault? {
    guard text.utf8.count <= lengthLimit else { return .tooLong }
    guard let colon = text.utf8.firstIndex(of: UInt8(ascii: ":")) else { return .malformed }
    let scheme = text[..<colon].lowercased()
    guard schemes.contains(scheme) else { return .malformed }
    var rest = text[text.index(after: colon)...]
    if scheme != "mailto" {
      guard rest.hasPrefix("//") else { return .malformed }
      rest = rest.dropFirst(2)
      guard let first = rest.utf8.first, first != UInt8(ascii: "/"), first != UInt8(ascii: "?") else {
        return .malformed
      }
    }
    let isPlain = rest.unicodeScalars.allSatisfy { $0.value > 0x20 && $0.value != 0x7f && !$0.properties.isWhitespace }
    return isPlain && !rest.isEmpty ? nil : .malformed
  }
}
