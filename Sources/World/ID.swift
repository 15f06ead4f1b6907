/// A 128-bit identifier, written as a UUID (RFC 9562).
package struct ID: Hashable, Comparable, Sendable, CustomStringConvertible {
  /// The first eight bytes, big-endian.
  package let high: UInt64
  /// The last eight bytes, big-endian.
  package let low: UInt64

  package init(high: UInt64, low: UInt64) {
    self.high = high
    self.low = low
  }

  /// Reads the canonical form, 36 characters of hexadecimal digits and hyphens, in either case; `nil` for anything else.
  package init?(_ text: some StringProtocol) {
    var words: (UInt64, UInt64) = (0, 0)
    var digits = 0
    var position = 0
    for byte in text.utf8 {
      if position == 8 || position == 13 || position == 18 || position == 23 {
        guard byte == UInt8(ascii: "-") else { return nil }
      } else {
        guard let digit = Self.digit(byte) else { return nil }
        if digits < 16 { words.0 = words.0 << 4 | digit } else { words.1 = words.1 << 4 | digit }
        digits += 1
      }
      position += 1
      if position > 36 { return nil }
    }
    guard position == 36 else { return nil }
    self.init(high: words.0, low: words.1)
  }

  /// The canonical form, in lower case.
  package var description: String {
    String(unsafeUninitializedCapacity: 36) { buffer in
      let alphabet: StaticString = "0123456789abcdef"
      var position = 0
      for nibble in 0..<32 {
        if nibble == 8 || nibble == 12 || nibble == 16 || nibble == 20 {
          buffer[position] = UInt8(ascii: "-")
          position += 1
        }
        let word = nibble < 16 ? high : low
        let value = Int(word >> UInt64(60 - 4 * (nibble & 15)) & 15)
        buffer[position] = alphabet.utf8Start[value]
        position += 1
      }
      return 36
    }
  }

  package static func < (left: ID, right: ID) -> Bool { (left.high, left.low) < (right.high, right.low) }

  private static func digit(_ byte: UInt8) -> UInt64? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt64(byte - UInt8(ascii: "0"))
    case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt64(byte - UInt8(ascii: "a") + 10)
    case UInt8(ascii: "A")...UInt8(ascii: "F"): UInt64(byte - UInt8(ascii: "A") + 10)
    default: nil
    }
  }
}
