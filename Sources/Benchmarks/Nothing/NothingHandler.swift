internal import NIOCore
internal import Wire

/// One connection of a server that does nothing: every request, and every operation on a socket, is answered with the same
/// bytes, and every operation on a socket shows one event to each of that socket's subscriptions. It looks for a few bytes
/// where a client of ours puts them and parses nothing, so that what is measured is the client.
final class NothingHandler: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer
  typealias OutboundOut = ByteBuffer

  private static let sent =
    #"{"data":{"send":{"message":{"id":"m1","thread":"t","text":"Hello","sequence":1},"userErrors":[]}}}"#
  private static let shown = #"{"data":{"added":{"id":"m1","thread":"t","text":"Hello","sequence":1}}}"#
  private static let response = ByteBuffer(
    string: "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: \(sent.utf8.count)\r\n\r\n\(sent)")
  private static let acknowledgement = Array(#"{"type":"connection_ack"}"#.utf8)
  private static let ping = Array(#"{"type":"ping""#.utf8)
  private static let initial = Array(#"{"type":"connection_init""#.utf8)
  private static let id = Array(#"{"id":""#.utf8)
  private static let subscription = Array(#"","type":"subscribe","payload":{"query":"subscription"#.utf8)
  private static let operation = Array(#"","type":"subscribe""#.utf8)
  private static let length = Array("Content-Length: ".utf8)
  private static let headEnd = Array("\r\n\r\n".utf8)

  private var head: [UInt8] = []
  private var connection: WebSocketConnection?
  private var subscriptions: [ArraySlice<UInt8>] = []

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    let buffer = unwrapInboundIn(data)
    guard connection == nil else { return buffer.withUnsafeReadableBytes { read($0, context) } }
    head.append(contentsOf: buffer.readableBytesView)
    while connection == nil, let end = Self.find(Self.headEnd, in: head[...]) {
      if head.first == UInt8(ascii: "G") {
        let rest = Array(head[end...])
        shakeHands(String(decoding: head[..<end], as: UTF8.self), context)
        rest.withUnsafeBytes { read($0, context) }
      } else {
        let whole = end + bodyLength(head[..<end])
        guard head.count >= whole else { return }
        head.removeFirst(whole)
        context.write(wrapOutboundOut(Self.response), promise: nil)
      }
    }
  }

  func channelReadComplete(context: ChannelHandlerContext) { context.flush() }

  func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

  private func bodyLength(_ head: ArraySlice<UInt8>) -> Int {
    guard let start = Self.find(Self.length, in: head) else { return 0 }
    return head[start...].prefix { $0 != UInt8(ascii: "\r") }.reduce(0) { $0 &* 10 &+ Int($1 &- UInt8(ascii: "0")) }
  }

  private func shakeHands(_ text: String, _ context: ChannelHandlerContext) {
    let fields = text.split(separator: "\r\n").dropFirst().compactMap { line -> (name: String, value: String)? in
      guard let colon = line.firstIndex(of: ":") else { return nil }
      return (String(line[..<colon]), String(line[colon...].dropFirst().drop { $0 == " " }))
    }
    let request = HTTPRequest(method: "GET", target: "/graphql", headers: HTTPHeaders(fields))
    guard case .success(let answer) = Handshake.answer(request, subprotocols: [TransportMessage.subprotocol]) else {
      return context.close(promise: nil)
    }
    connection = WebSocketConnection(role: .server, messageLimit: 1 << 20)
    let lines = answer.headers.fields.map { "\($0.name): \($0.value)\r\n" }.joined()
    context.write(
      wrapOutboundOut(ByteBuffer(string: "HTTP/1.1 101 Switching Protocols\r\n\(lines)\r\n")), promise: nil)
  }

  private func read(_ bytes: UnsafeRawBufferPointer, _ context: ChannelHandlerContext) {
    connection?.received(bytes) { action in
      switch action {
      case .deliver(let text): answer(text, context)
      case .send(let opcode, let payload): send(opcode, payload, context)
      case .finish: context.close(promise: nil)
      case .deliverBinary: break
      }
    }
  }

  private func answer(_ text: [UInt8], _ context: ChannelHandlerContext) {
    if text.starts(with: Self.id) {
      let id = text[Self.id.count...].prefix { $0 != UInt8(ascii: "\"") }
      let rest = text[id.endIndex...]
      if rest.starts(with: Self.subscription) { return subscriptions.append(id) }
      guard rest.starts(with: Self.operation) else { return subscriptions.removeAll { $0 == id } }
      for subscription in subscriptions { send(.text, Self.message("next", subscription, Self.shown), context) }
      send(.text, Self.message("next", id, Self.sent), context)
      send(.text, Self.message("complete", id, nil), context)
    } else if text.starts(with: Self.ping) {
      var pong = text
      pong[10] = UInt8(ascii: "o")
      send(.text, pong, context)
    } else if text.starts(with: Self.initial) {
      send(.text, Self.acknowledgement, context)
    }
  }

  private static func message(_ type: String, _ id: ArraySlice<UInt8>, _ payload: String?) -> [UInt8] {
    var bytes = Self.id
    bytes += id
    bytes += "\",\"type\":\"\(type)\"".utf8
    if let payload { bytes += ",\"payload\":\(payload)".utf8 }
    bytes.append(UInt8(ascii: "}"))
    return bytes
  }

  private func send(_ opcode: Opcode, _ payload: [UInt8], _ context: ChannelHandlerContext) {
    context.write(wrapOutboundOut(ByteBuffer(bytes: FrameHeader.frame(opcode, payload))), promise: nil)
  }

  /// - Returns: the index after the first place of `pattern`.
  private static func find(_ pattern: [UInt8], in bytes: ArraySlice<UInt8>) -> Int? {
    bytes.withUnsafeBytes { bytes in
      pattern.withUnsafeBytes { pattern -> Int? in
        guard bytes.count >= pattern.count else { return nil }
        for start in 0...bytes.count - pattern.count where bytes[start] == pattern[0] {
          if (1..<pattern.count).allSatisfy({ bytes[start + $0] == pattern[$0] }) { return start + pattern.count }
        }
        return nil
      }
    }.map { bytes.startIndex + $0 }
  }
}
