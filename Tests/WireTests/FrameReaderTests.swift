import Testing
import Wire

@Suite struct FrameReaderTests {
  /// What a reader makes of `bytes`, given at once and then, to a second reader, one at a time.
  private func events(
    _ bytes: [UInt8], as role: WebSocketRole = .client, limit: Int = 1000,
    sourceLocation: SourceLocation = #_sourceLocation
  ) -> [FrameReader.Event] {
    func read(in pieces: [[UInt8]]) -> [FrameReader.Event] {
      var reader = FrameReader(role: role, messageLimit: limit)
      var events: [FrameReader.Event] = []
      for piece in pieces { piece.withUnsafeBytes { reader.read($0) { events.append($0) } } }
      return events
    }
    let whole = read(in: [bytes])
    #expect(read(in: bytes.map { [$0] }) == whole, sourceLocation: sourceLocation)
    return whole
  }

  private func text(_ text: String) -> FrameReader.Event { .text(Array(text.utf8)) }

  @Test("the examples of RFC 6455, section 5.7, are read")
  func examples() {
    #expect(events([0x81, 0x05, 0x48, 0x65, 0x6c, 0x6c, 0x6f]) == [text("Hello")])
    let masked: [UInt8] = [0x81, 0x85, 0x37, 0xfa, 0x21, 0x3d, 0x7f, 0x9f, 0x4d, 0x51, 0x58]
    #expect(events(masked, as: .server) == [text("Hello")])
    #expect(events([0x01, 0x03, 0x48, 0x65, 0x6c, 0x80, 0x02, 0x6c, 0x6f]) == [text("Hello")])
    #expect(events([0x89, 0x05, 0x48, 0x65, 0x6c, 0x6c, 0x6f]) == [.ping(Array("Hello".utf8))])
  }

  @Test("every way to write a length is read", arguments: [0, 1, 125, 126, 127, 65_535, 65_536, 100_000])
  func lengths(count: Int) {
    let payload = [UInt8](repeating: UInt8(ascii: "x"), count: count)
    var reader = FrameReader(role: .server, messageLimit: 100_000)
    var events: [FrameReader.Event] = []
    FrameHeader.frame(.text, payload, mask: 0xdead_beef).withUnsafeBytes { reader.read($0) { events.append($0) } }
    #expect(events == [.text(payload)])
  }

  @Test("a ping between fragments is answered in its place, and the message is whole")
  func interleaved() {
    let bytes =
      FrameHeader.frame(.text, [0xc3], mask: 1, isFinal: false) + FrameHeader.frame(.ping, [7], mask: 2)
      + FrameHeader.frame(.continuation, [0xa9], mask: 3)
    #expect(events(bytes, as: .server) == [.ping([7]), text("é")])
  }

  @Test(
    "what RFC 6455 forbids is refused with the right code",
    arguments: [
      ("a reserved bit", [0xc1, 0x00], 1002),
      ("an unknown opcode", [0x83, 0x00], 1002),
      ("a mask from a server", [0x81, 0x80, 0, 0, 0, 0], 1002),
      ("a fragmented ping", [0x09, 0x00], 1002),
      ("a long ping", [0x89, 0x7e, 0x00, 0x7e], 1002),
      ("a continuation of nothing", [0x80, 0x00], 1002),
      ("a message within a message", [0x01, 0x00, 0x81, 0x00], 1002),
      ("a length in more bytes than it needs", [0x81, 0x7e, 0x00, 0x05], 1002),
      ("a length with its highest bit set", [0x81, 0x7f, 0x80, 0, 0, 0, 0, 0, 0, 0], 1002),
      ("a binary message", [0x82, 0x00], 1003),
      ("text that is not UTF-8", [0x81, 0x01, 0xff], 1007),
      ("a surrogate in UTF-8", [0x81, 0x03, 0xed, 0xa0, 0x80], 1007),
      ("text that ends within a character", [0x81, 0x01, 0xc3], 1007),
      ("a message over the limit", [0x81, 0x7e, 0x03, 0xe9], 1009),
      ("a huge message", [0x81, 0x7f, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff], 1009),
      ("half a close code", [0x88, 0x01, 0x03], 1002),
      ("a close code that may not be sent", [0x88, 0x02, 0x03, 0xee], 1002),
      ("a close reason that is not UTF-8", [0x88, 0x03, 0x03, 0xe8, 0xff], 1007),
    ] as [(String, [UInt8], UInt16)])
  func violations(name: String, bytes: [UInt8], code: UInt16) {
    let events = events(bytes + [0x81, 0x01, 0x41])
    guard case .violation(let found, _)? = events.last else { return #expect(Bool(false), "\(name): \(events)") }
    #expect(found.rawValue == code, "\(name)")
    #expect(events.count == 1, "nothing is read after \(name)")
  }

  @Test("a message over the limit is refused though each of its fragments is within it")
  func fragmentsOverLimit() {
    let piece = [UInt8](repeating: 65, count: 6)
    let bytes = FrameHeader.frame(.text, piece, isFinal: false) + FrameHeader.frame(.continuation, piece)
    #expect(events(bytes, limit: 10) == [.violation(.tooBig, reason: "A message has at most 10 bytes")])
  }

  @Test("a client's frame without a mask is refused")
  func unmasked() {
    #expect(
      events([0x81, 0x00], as: .server) == [.violation(.protocolError, reason: "A client must mask its frames")])
  }

  @Test("a close frame carries code and reason, or neither")
  func close() {
    let frame = FrameHeader.frame(.close, CloseCode.forbidden.payload(reason: "Session revoked"))
    #expect(events(frame) == [.close(.forbidden, reason: "Session revoked")])
    #expect(events([0x88, 0x00]) == [.close(nil, reason: "")])
  }

  @Test("a long reason is cut at a character, so that the frame is allowed")
  func longReason() {
    let payload = CloseCode.normal.payload(reason: String(repeating: "é", count: 100))
    #expect(payload.count == 124)
    #expect(
      events(FrameHeader.frame(.close, payload)).first == .close(.normal, reason: String(repeating: "é", count: 61)))
  }
}
