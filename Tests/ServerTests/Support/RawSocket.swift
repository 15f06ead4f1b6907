import Server
import Wire

/// What is said on a WebSocket in bytes, and how it ends.
final class RawSocket {
  typealias Frame = (opcode: UInt8, payload: [UInt8])

  let raw: RawConnection
  /// The server's answer to the handshake.
  private(set) var answer = ""
  private let mask: UInt32 = 0x0102_0304
  /// Bytes that ``hear()`` has read.
  private var position = 0

  init(_ live: LiveServer, subprotocol: String? = "graphql-transport-ws") async throws {
    raw = try await RawConnection(port: live.server.port)
    answer = await raw.upgrade(subprotocol: subprotocol)
    position = Self.handshakeEnd(raw.bytes)
  }

  func send(_ opcode: Opcode, _ payload: [UInt8], isFinal: Bool = true) {
    raw.send(FrameHeader.frame(opcode, payload, mask: mask, isFinal: isFinal))
  }

  func say(_ text: String) { send(.text, Array(text.utf8)) }

  /// The next frame; `nil` when the connection ended before it came.
  func hear() async -> Frame? {
    let start = position
    await raw.received.wait { $0.last == .some(nil) || Self.frame(RawConnection.join($0)[start...]) != nil }
    guard let (frame, size) = Self.frame(raw.bytes[start...]) else { return nil }
    position += size
    return frame
  }

  /// The frames that came after the handshake until the server ended the connection.
  func frames() async -> [Frame] {
    let bytes = await raw.rest()
    var rest = bytes[Self.handshakeEnd(bytes)...]
    var frames: [Frame] = []
    while let (frame, size) = Self.frame(rest) {
      frames.append(frame)
      rest = rest.dropFirst(size)
    }
    return frames
  }

  private static func handshakeEnd(_ bytes: [UInt8]) -> Int {
    bytes.firstRange(of: Array("\r\n\r\n".utf8))?.upperBound ?? 0
  }

  /// The first frame and its size (RFC 6455, section 5.2); `nil` when it is not whole.
  private static func frame(_ bytes: ArraySlice<UInt8>) -> (Frame, Int)? {
    guard bytes.count >= 2 else { return nil }
    let start = bytes.startIndex
    var length = Int(bytes[start + 1] & 0x7f)
    var head = 2
    if length >= 126 {
      head = length == 126 ? 4 : 10
      guard bytes.count >= head else { return nil }
      length = bytes[(start + 2)..<(start + head)].reduce(0) { $0 << 8 | Int($1) }
    }
    guard bytes.count >= head + length else { return nil }
    return ((bytes[start] & 0x0f, Array(bytes.dropFirst(head).prefix(length))), head + length)
  }

  /// The code of the close frame that ends the connection; `nil` for one without a code, 0 where there was none.
  static func code(_ frames: [Frame]) -> UInt16? {
    guard let last = frames.last, last.opcode == 8 else { return 0 }
    return last.payload.count < 2 ? nil : UInt16(last.payload[0]) << 8 | UInt16(last.payload[1])
  }
}
