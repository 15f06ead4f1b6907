/// What a server's socket session calls to reach its peer. Calls never block, keep their order, and never call back into
/// the session: its lock may be held.
package protocol SocketOutbound: AnyObject, Sendable {
  /// Queues one text message made of `prefix`, `payload` and `suffix`, so that a payload shared by many sockets is
  /// encoded once.
  /// - Returns: false when the queue is over its limit or the socket is closed; the message was not taken.
  @discardableResult
  func send(prefix: [UInt8], payload: [UInt8], suffix: [UInt8]) -> Bool
  /// Sends what is queued, then a close frame, then ends the connection.
  func close(_ code: CloseCode, reason: String)
}

extension SocketOutbound {
  /// Queues one text message.
  @discardableResult
  package func send(_ text: [UInt8]) -> Bool { send(prefix: text, payload: [], suffix: []) }
}

/// What a transport, real or simulated, calls on a server's socket session; calls come in order, from one place at a
/// time.
package protocol SocketInbound: AnyObject, Sendable {
  /// One whole text message, valid UTF-8.
  func received(text: [UInt8])
  /// The connection has ended, with or without a close frame. Called once, last.
  func ended()
}
