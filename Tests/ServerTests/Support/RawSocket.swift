import Server
import Wire

/// What is said on a WebSocket in bytes, and how it ends.
struct RawSocket {
  let raw: RawConnection
  private let mask: UInt32 = 0x0102_0304

  init(_ live: LiveServer) async throws {
    raw = try await RawConnection(port: live.server.port)
    await raw.upgrade()
  }

  func send(_ opcode: Opcode, _ payload: [UInt8], isFinal: Bool = true) {
    raw.send(FrameHeader.frame(opcode, payload, mask: mask, isFinal: isFinal))
  }

  func say(_ text: String) { send(.text, Array(text.utf8)) }

  /// The frames that came after the handshake until the server ended the connection.
  func frames() async -> [(opcode: UInt8, payload: [UInt8])] {
    let bytes = await raw.rest()
    var rest = bytes[(bytes.firstRange(of: Array("\r\n\r\n".utf8))?.upperBound ?? 0)...]
    var frames: [(UInt8, [UInt8])] = []
    while rest.count >= 2 {
      let start = rest.startIndex
      var length = Int(rest[start + 1] & 0x7f)
      var head = 2
      if length == 126, rest.count >= 4 {
        length = Int(rest[start + 2]) << 8 | Int(rest[start + 3])
        head = 4
      }
      frames.append((rest[start] & 0x0f, Array(rest.dropFirst(head).prefix(length))))
      rest = rest.dropFirst(head + length)
    }
    return frames
  }

  /// The code of the close frame that ends the connection; `nil` for one without a code, 0 where there was none.
  static func code(_ frames: [(opcode: UInt8, payload: [UInt8])]) -> UInt16? {
    guard let last = frames.last, last.opcode == 8 else { return 0 }
    return last.payload.count < 2 ? nil : UInt16(last.payload[0]) << 8 | UInt16(last.payload[1])
  }
}
