/// Turns the bytes of one direction of a WebSocket connection into messages (RFC 6455, section 5), whatever the pieces
/// they come in.
package struct FrameReader: Sendable {
  package enum Event: Hashable, Sendable {
    /// One whole text message, valid UTF-8, its fragments joined.
    case text([UInt8])
    /// One whole binary message; only where these are taken.
    case binary([UInt8])
    case ping([UInt8])
    case pong([UInt8])
    /// The peer's close frame; `nil` where it gave no code. Nothing follows.
    case close(CloseCode?, reason: String)
    /// What the peer broke, and the code to close with. Nothing follows.
    case violation(CloseCode, reason: String)
  }

  private let role: WebSocketRole
  /// The most bytes that one message may have.
  private let messageLimit: Int
  private let takesBinary: Bool
  /// The start of a header of which the rest has not come yet.
  private var partial: [UInt8] = []
  /// The frame whose payload is being read, and how many bytes of it have come.
  private var current: (header: FrameHeader, received: Int)?
  /// The message of which fragments have come.
  private var message: [UInt8] = []
  /// What kind of message it is; `nil` between messages.
  private var kind: Opcode?
  /// How many bytes at the front of a text message are known to be UTF-8.
  private var validated = 0
  private var control: [UInt8] = []
  private var isFinished = false

  /// - Parameters:
  ///   - role: which end reads.
  ///   - messageLimit: the most bytes that one message may have.
  ///   - takesBinary: whether binary messages are read; if not, one is a violation (1003).
  package init(role: WebSocketRole, messageLimit: Int, takesBinary: Bool = false) {
    self.role = role
    self.messageLimit = messageLimit
    self.takesBinary = takesBinary
  }

  /// Reads the next bytes and tells `emit` what they complete, in order.
  package mutating func read(_ bytes: UnsafeRawBufferPointer, emit: (Event) -> Void) {
    var rest = bytes[...]
    while !isFinished {
      if let frame = current {
        let wanted = frame.header.length - frame.received
        let piece = rest.prefix(wanted)
        rest = rest.dropFirst(piece.count)
        take(UnsafeRawBufferPointer(rebasing: piece), of: frame.header, at: frame.received, emit)
        if isFinished { return }
        guard piece.count == wanted else {
          current?.received += piece.count
          return
        }
        current = nil
        complete(frame.header, emit)
      } else {
        guard !rest.isEmpty, let header = header(&rest, emit) else { return }
        guard admit(header, emit) else { return }
        current = (header, 0)
      }
    }
  }

  private mutating func header(
    _ rest: inout Slice<UnsafeRawBufferPointer>, _ emit: (Event) -> Void
  ) -> FrameHeader? {
    let outcome: FrameHeaderOutcome
    let earlier = partial.count
    if earlier == 0 {
      outcome = FrameHeader.read(UnsafeRawBufferPointer(rebasing: rest), as: role)
    } else {
      partial.append(contentsOf: rest.prefix(FrameHeader.longest - earlier))
      outcome = partial.withUnsafeBytes { FrameHeader.read($0, as: role) }
    }
    switch outcome {
    case .incomplete:
      if earlier == 0 { partial.append(contentsOf: rest) }
      return nil
    case .header(let header, let size):
      partial.removeAll(keepingCapacity: true)
      rest = rest.dropFirst(size - earlier)
      return header
    case .violation(let reason):
      fail(.protocolError, reason, emit)
      return nil
    }
  }

  /// Whether a frame may stand where it stands.
  private mutating func admit(_ header: FrameHeader, _ emit: (Event) -> Void) -> Bool {
    switch header.opcode {
    case .continuation where kind == nil:
      fail(.protocolError, "A continuation without a beginning", emit)
    case .text where kind != nil, .binary where kind != nil:
      fail(.protocolError, "A message within a fragmented message", emit)
    case .binary where !takesBinary:
      fail(.unsupportedData, "Only text messages are understood", emit)
    case .text, .binary, .continuation:
      if header.opcode != .continuation { kind = header.opcode }
      if header.length > messageLimit - message.count {
        fail(.tooBig, "A message has at most \(messageLimit) bytes", emit)
      } else {
        message.reserveCapacity(message.count + min(header.length, Self.reservation))
      }
    case .close, .ping, .pong:
      control.removeAll(keepingCapacity: true)
    }
    return !isFinished
  }

  /// Room that is made on a peer's mere word that it will send so much.
  private static let reservation = 64 << 10

  private mutating func take(
    _ piece: UnsafeRawBufferPointer, of header: FrameHeader, at offset: Int, _ emit: (Event) -> Void
  ) {
    guard !piece.isEmpty else { return }
    if header.opcode.isControl {
      Self.append(piece, to: &control, header.mask, at: offset)
    } else {
      Self.append(piece, to: &message, header.mask, at: offset)
      if kind == .text { validate(emit) }
    }
  }

  /// Looks at the bytes of a text message as they come, so that a peer learns of its mistake at once (section 8.1).
  private mutating func validate(_ emit: (Event) -> Void) {
    do throws(UTF8.ValidationError) {
      _ = try UTF8Span(validating: message.span.extracting(validated...))
      validated = message.count
    } catch {
      // The last character may have come in part.
      guard error.kind == .truncatedScalar, validated + error.byteOffsets.upperBound == message.count else {
        return fail(.invalidPayload, Self.notUTF8, emit)
      }
      validated += error.byteOffsets.lowerBound
    }
  }

  private static let notUTF8 = "A text message must be UTF-8"

  private static func append(
    _ piece: UnsafeRawBufferPointer, to bytes: inout [UInt8], _ mask: UInt32?, at offset: Int
  ) {
    let start = bytes.count
    bytes.append(contentsOf: piece)
    guard let mask else { return }
    bytes.withUnsafeMutableBytes {
      FrameMask.apply(mask, to: UnsafeMutableRawBufferPointer(rebasing: $0[start...]), offset: offset)
    }
  }

  private mutating func complete(_ header: FrameHeader, _ emit: (Event) -> Void) {
    switch header.opcode {
    case .text, .binary, .continuation:
      guard header.isFinal else { return }
      let (whole, isText, isUTF8) = (message, kind == .text, validated == message.count)
      message = []
      kind = nil
      validated = 0
      if isText && !isUTF8 { return fail(.invalidPayload, Self.notUTF8, emit) }
      emit(isText ? .text(whole) : .binary(whole))
    case .ping: emit(.ping(control))
    case .pong: emit(.pong(control))
    case .close: completeClose(emit)
    }
  }

  private mutating func completeClose(_ emit: (Event) -> Void) {
    guard !control.isEmpty else {
      isFinished = true
      return emit(.close(nil, reason: ""))
    }
    guard control.count >= 2 else { return fail(.protocolError, "A close code has two bytes", emit) }
    let code = CloseCode(rawValue: UInt16(control[0]) << 8 | UInt16(control[1]))
    guard code.maySend else { return fail(.protocolError, "The close code \(code) may not be sent", emit) }
    let reason = Array(control[2...])
    guard Self.isUTF8(reason) else { return fail(.invalidPayload, "A close reason must be UTF-8", emit) }
    isFinished = true
    emit(.close(code, reason: String(decoding: reason, as: UTF8.self)))
  }

  private mutating func fail(_ code: CloseCode, _ reason: String, _ emit: (Event) -> Void) {
    isFinished = true
    message = []
    emit(.violation(code, reason: reason))
  }

  private static func isUTF8(_ bytes: [UInt8]) -> Bool {
    (try? UTF8Span(validating: bytes.span)) != nil
  }
}

extension CloseCode {
  /// Whether the code may stand in a close frame (RFC 6455, section 7.4; the IANA registry for 1012 to 1014).
  package var maySend: Bool {
    switch rawValue {
    case 1000...1003, 1007...1014, 3000...4999: true
    default: false
    }
  }

  /// The payload of a close frame with this code: the code, then as much of `reason` as fits (RFC 6455, section 5.5.1).
  package func payload(reason: String) -> [UInt8] {
    guard maySend else { return [] }
    var bytes: [UInt8] = [UInt8(rawValue >> 8), UInt8(rawValue & 0xff)]
    for character in reason {
      guard bytes.count + character.utf8.count <= FrameHeader.longestControl else { break }
      bytes.append(contentsOf: character.utf8)
    }
    return bytes
  }
}
