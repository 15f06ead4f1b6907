/// A response of server-sent events, read from its bytes (RFC 9112, section 7.1; WHATWG HTML, section 9.2.6).
struct RawEvents: Sendable {
  struct Event: Hashable, Sendable {
    let name: String
    let data: String
  }

  var head = ""
  var events: [Event] = []
  var comments = 0
  /// Whether the body has come to its end, as opposed to the connection.
  var isWhole = false

  init(_ bytes: [UInt8]) {
    guard let end = bytes.firstRange(of: Array("\r\n\r\n".utf8)) else { return }
    head = String(decoding: bytes[..<end.lowerBound], as: UTF8.self)
    var rest = bytes[end.upperBound...]
    var body: [UInt8] = []
    while let line = rest.firstRange(of: Array("\r\n".utf8)),
      let size = Int(String(decoding: rest[..<line.lowerBound], as: UTF8.self), radix: 16)
    {
      let chunk = rest[line.upperBound...]
      guard chunk.count >= size + 2 else { break }
      body += chunk.prefix(size)
      rest = chunk.dropFirst(size + 2)
      if size == 0 {
        isWhole = true
        break
      }
    }
    read(String(decoding: body, as: UTF8.self))
  }

  private mutating func read(_ text: String) {
    var name = ""
    var data: [Substring] = []
    // The last line is not whole.
    for line in text.split(separator: "\n", omittingEmptySubsequences: false).dropLast() {
      if line.isEmpty {
        if !data.isEmpty { events.append(Event(name: name, data: data.joined(separator: "\n"))) }
        name = ""
        data = []
      } else if line.hasPrefix(":") {
        comments += 1
      } else if line.hasPrefix("event: ") {
        name = String(line.dropFirst(7))
      } else if line.hasPrefix("data: ") {
        data.append(line.dropFirst(6))
      }
    }
  }
}

extension RawConnection {
  /// Returns when what has come meets a condition, or the connection has ended.
  func events(_ isMet: @escaping @Sendable (RawEvents) -> Bool) async -> RawEvents {
    await received.wait { $0.last == .some(nil) || isMet(RawEvents(Self.join($0))) }
    return RawEvents(bytes)
  }
}
