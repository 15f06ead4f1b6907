/// One end of an open WebSocket connection, without its I/O: bytes in, actions out (RFC 6455, sections 5 and 7).
///
/// The shell around it performs the actions in order, and ends the connection when the peer lets a close frame go
/// unanswered for too long.
package struct WebSocketConnection: Sendable {
  package enum Action: Hashable, Sendable {
    /// Hand one text message to whoever listens.
    case deliver([UInt8])
    /// The same for a binary message; only where these are taken.
    case deliverBinary([UInt8])
    /// Send one frame.
    case send(Opcode, [UInt8])
    /// The connection is over: send what waits, then end it. `clean` says that a close frame came. Given once, last.
    case finish(CloseCode, reason: String, clean: Bool)
  }

  private enum Phase {
    case open
    /// Our close frame is out, the peer's has not come.
    case closing
    case finished
  }

  private var reader: FrameReader
  private var phase = Phase.open

  /// - Parameters:
  ///   - role: which end this is.
  ///   - messageLimit: the most bytes that one message may have.
  ///   - takesBinary: whether binary messages are taken; if not, one ends the connection with 1003.
  package init(role: WebSocketRole, messageLimit: Int, takesBinary: Bool = false) {
    reader = FrameReader(role: role, messageLimit: messageLimit, takesBinary: takesBinary)
  }

  /// Whether messages may still be sent.
  package var isOpen: Bool { if case .open = phase { true } else { false } }

  package mutating func received(_ bytes: UnsafeRawBufferPointer, perform: (Action) -> Void) {
    if case .finished = phase { return }
    var phase = self.phase
    reader.read(bytes) { event in
      switch event {
      case .text(let text):
        // What the peer sent before it saw our close frame has no reader any more.
        if case .open = phase { perform(.deliver(text)) }
      case .binary(let bytes):
        if case .open = phase { perform(.deliverBinary(bytes)) }
      case .ping(let payload):
        if case .open = phase { perform(.send(.pong, payload)) }
      case .pong: break
      case .close(let code, let reason):
        if case .open = phase { perform(.send(.close, code?.payload(reason: reason) ?? [])) }
        phase = .finished
        perform(.finish(code ?? .noCode, reason: reason, clean: true))
      case .violation(let code, let reason):
        if case .open = phase { perform(.send(.close, code.payload(reason: reason))) }
        phase = .finished
        perform(.finish(code, reason: reason, clean: false))
      }
    }
    self.phase = phase
  }

  /// Starts the closing handshake.
  package mutating func close(_ code: CloseCode, reason: String) -> [Action] {
    guard case .open = phase else { return [] }
    phase = .closing
    return [.send(.close, code.payload(reason: reason))]
  }

  /// The connection under it has ended, or the peer did not answer a close frame in time.
  package mutating func lost(reason: String = "") -> [Action] {
    if case .finished = phase { return [] }
    phase = .finished
    return [.finish(.abnormal, reason: reason, clean: false)]
  }
}
