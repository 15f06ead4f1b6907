/// What a frame carries (RFC 6455, section 5.2).
package enum Opcode: UInt8, Hashable, Sendable {
  case continuation = 0x0
  case text = 0x1
  case binary = 0x2
  case close = 0x8
  case ping = 0x9
  case pong = 0xa

  /// Control frames are short, whole, and may stand between the fragments of a message (section 5.5).
  var isControl: Bool { rawValue & 0x8 != 0 }
}

/// Which end of a WebSocket connection this is: clients mask what they send and servers do not (section 5.1).
package enum WebSocketRole: Hashable, Sendable {
  case client
  case server
}
