/// Lower-case hexadecimal digits, two a byte.
package func hexadecimal(_ bytes: some Sequence<UInt8>) -> String {
  let digits = Array("0123456789abcdef".utf8)
  return String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
}

private let base64Alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789".utf8)

/// Base64 for URLs, without padding (RFC 4648, section 5).
package func base64URL(_ bytes: [UInt8]) -> String {
  String(decoding: base64(bytes, alphabet: base64Alphabet + Array("-_".utf8), padded: false), as: UTF8.self)
}

/// Base64 with padding (RFC 4648, section 4).
package func base64(_ bytes: [UInt8]) -> String {
  String(decoding: base64(bytes, alphabet: base64Alphabet + Array("+/".utf8), padded: true), as: UTF8.self)
}

private func base64(_ bytes: [UInt8], alphabet: [UInt8], padded: Bool) -> [UInt8] {
  var output: [UInt8] = []
  output.reserveCapacity((bytes.count + 2) / 3 * 4)
  var index = 0
  while index < bytes.count {
    let count = min(3, bytes.count - index)
    var group = UInt32(bytes[index]) << 16
    if count > 1 { group |= UInt32(bytes[index + 1]) << 8 }
    if count > 2 { group |= UInt32(bytes[index + 2]) }
    for position in 0...count { output.append(alphabet[Int(group >> UInt32(18 - 6 * position) & 63)]) }
    if padded { output.append(contentsOf: repeatElement(UInt8(ascii: "="), count: 3 - count)) }
    index += count
  }
  return output
}

/// Reads base64url without padding; `nil` for any other character, a length that cannot be, or stray bits at the end.
package func decodeBase64URL(_ text: some StringProtocol) -> [UInt8]? {
  var output: [UInt8] = []
  var group: UInt32 = 0
  var bits = 0
  for byte in text.utf8 {
    let value: UInt8
    switch byte {
    case UInt8(ascii: "A")...UInt8(ascii: "Z"): value = byte - UInt8(ascii: "A")
    case UInt8(ascii: "a")...UInt8(ascii: "z"): value = byte - UInt8(ascii: "a") + 26
    case UInt8(ascii: "0")...UInt8(ascii: "9"): value = byte - UInt8(ascii: "0") + 52
    case UInt8(ascii: "-"): value = 62
    case UInt8(ascii: "_"): value = 63
    default: return nil
    }
    group = group << 6 | UInt32(value)
    bits += 6
    if bits >= 8 {
      bits -= 8
      output.append(UInt8(truncatingIfNeeded: group >> UInt32(bits)))
    }
  }
  guard bits < 6, group & (1 << UInt32(bits) - 1) == 0 else { return nil }
  return output
}
