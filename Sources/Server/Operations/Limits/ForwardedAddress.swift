internal import Wire

/// The address that the nearest proxy says a request came from: the last of `X-Forwarded-For`, which is the one that it
/// added itself. What stands before it, anybody may have written.
enum ForwardedAddress {
  /// The longest text of an IPv6 address.
  private static let lengthLimit = 45

  static func of(_ request: HTTPRequest) -> String? {
    guard let last = request.headers.list("X-Forwarded-For").last, (2...lengthLimit).contains(last.utf8.count) else {
      return nil
    }
    return last.utf8.allSatisfy(isFit) ? last.lowercased() : nil
  }

  private static func isFit(_ byte: UInt8) -> Bool {
    switch byte | 0x20 {
    case UInt8(ascii: "a")...UInt8(ascii: "f"): true
    default: (UInt8(ascii: "0")...UInt8(ascii: ":")).contains(byte) || byte == UInt8(ascii: ".")
    }
  }
}
