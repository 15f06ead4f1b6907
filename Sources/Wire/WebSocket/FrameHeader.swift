/// The first bytes of a frame (RFC 6455, section 5.2): fourteen at most.
package struct FrameHeader: Hashable, Sendable {
  package var isFinal: Bool
  package var opcode: Opcode
  /// Bytes of payload that follow.
  package var length: Int
  /// The masking key, its first byte in the highest place; `nil` for an unmasked frame.
  package var mask: UInt32?

  /// The most bytes that a header takes.
  package static let longest = 14
  /// The longest payload of a control frame (section 5.5).
  static let longestControl = 125

  package init(_ opcode: Opcode, length: Int, mask: UInt32? = nil, isFinal: Bool = true) {
    self.isFinal = isFinal
    self.opcode = opcode
    self.length = length
    self.mask = mask
  }

  /// Writes the header at the start of `buffer`, which has room for ``longest`` bytes.
  /// - Returns: how many bytes it took.
  package func write(into buffer: UnsafeMutableRawBufferPointer) -> Int {
    guard buffer.count >= Self.longest else { return 0 }
    let masked: UInt8 = mask == nil ? 0 : 0x80
    buffer[0] = (isFinal ? 0x80 : 0) | opcode.rawValue
    var count = 2
    if length <= Self.longestControl {
      buffer[1] = masked | UInt8(length)
    } else if length <= Int(UInt16.max) {
      buffer[1] = masked | 126
      buffer.storeBytes(of: UInt16(length).bigEndian, toByteOffset: 2, as: UInt16.self)
      count = 4
    } else {
      buffer[1] = masked | 127
      buffer.storeBytes(of: UInt64(length).bigEndian, toByteOffset: 2, as: UInt64.self)
      count = 10
    }
    if let mask {
      buffer.storeBytes(of: mask.bigEndian, toByteOffset: count, as: UInt32.self)
      count += 4
    }
    return count
  }

  /// A whole frame, for what is not on a hot path.
  package static func frame(
    _ opcode: Opcode, _ payload: [UInt8], mask: UInt32? = nil, isFinal: Bool = true
  ) -> [UInt8] {
    var bytes = [UInt8](unsafeUninitializedCapacity: longest) { buffer, count in
      let header = FrameHeader(opcode, length: payload.count, mask: mask, isFinal: isFinal)
      count = header.write(into: UnsafeMutableRawBufferPointer(buffer))
    }
    let start = bytes.count
    bytes.append(contentsOf: payload)
    if let mask {
      bytes.withUnsafeMutableBytes { FrameMask.apply(mask, to: UnsafeMutableRawBufferPointer(rebasing: $0[start...])) }
    }
    return bytes
  }
}

/// What reading a header came to.
enum FrameHeaderOutcome {
  /// More bytes are needed.
  case incomplete
  case header(FrameHeader, size: Int)
  /// What the header breaks.
  case violation(String)
}

extension FrameHeader {
  /// Reads a header that a peer of the other role than `role` sent.
  static func read(_ bytes: UnsafeRawBufferPointer, as role: WebSocketRole) -> FrameHeaderOutcome {
    guard bytes.count >= 2 else { return .incomplete }
    guard bytes[0] & 0x70 == 0 else { return .violation("Reserved bits must be zero") }
    guard let opcode = Opcode(rawValue: bytes[0] & 0x0f) else { return .violation("Unknown opcode") }
    let isFinal = bytes[0] & 0x80 != 0
    let isMasked = bytes[1] & 0x80 != 0
    if role == .server && !isMasked { return .violation("A client must mask its frames") }
    if role == .client && isMasked { return .violation("A server must not mask its frames") }
    let short = Int(bytes[1] & 0x7f)
    if opcode.isControl {
      guard isFinal else { return .violation("A control frame must not be fragmented") }
      guard short <= longestControl else { return .violation("A control frame has at most 125 bytes") }
    }
    let extended = short < 126 ? 0 : (short == 126 ? 2 : 8)
    let size = 2 + extended + (isMasked ? 4 : 0)
    guard bytes.count >= size else { return .incomplete }
    var length = UInt64(short)
    if extended > 0 {
      length = bytes[2..<2 + extended].reduce(0) { $0 << 8 | UInt64($1) }
      guard length > (extended == 2 ? UInt64(longestControl) : UInt64(UInt16.max)) else {
        return .violation("A length must take as few bytes as it can")
      }
      guard length <= UInt64(Int64.max) else { return .violation("A length's highest bit must be zero") }
    }
    let mask = isMasked ? bytes[size - 4..<size].reduce(UInt32(0)) { $0 << 8 | UInt32($1) } : nil
    return .header(FrameHeader(opcode, length: Int(length), mask: mask, isFinal: isFinal), size: size)
  }
}

/// Masks and, the same, unmasks (RFC 6455, section 5.3).
package enum FrameMask {
  /// Combines `bytes` in place with `mask`, the first of them being byte number `offset` of its frame's payload.
  package static func apply(_ mask: UInt32, to bytes: UnsafeMutableRawBufferPointer, offset: Int = 0) {
    let turn = UInt32(truncatingIfNeeded: offset & 3) * 8
    let key = (turn == 0 ? mask : mask << turn | mask >> (32 - turn)).bigEndian
    let wide = UInt64(key) | UInt64(key) << 32
    var index = 0
    while index + 8 <= bytes.count {
      let word = bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self)
      bytes.storeBytes(of: word ^ wide, toByteOffset: index, as: UInt64.self)
      index += 8
    }
    withUnsafeBytes(of: wide) { pattern in
      while index < bytes.count {
        bytes[index] ^= pattern[index & 7]
        index += 1
      }
    }
  }
}
