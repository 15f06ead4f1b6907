internal import NIOCore
internal import Wire

/// One connection: reads the opening handshake, then echoes messages.
final class EchoHandler: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer
  typealias OutboundOut = ByteBuffer

  /// The most bytes of a handshake.
  private static let headLimit = 16 << 10
  /// The most bytes of a message: Autobahn's longest.
  private static let messageLimit = 16 << 20

  private static let linger = TimeAmount.seconds(1)

  private var head: [UInt8] = []
  private var connection: WebSocketConnection?

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    let buffer = unwrapInboundIn(data)
    if connection != nil { return read(Array(buffer.readableBytesView), context) }
    head.append(contentsOf: buffer.readableBytesView)
    guard let end = head.firstRange(of: Array("\r\n\r\n".utf8)) else {
      if head.count > Self.headLimit { context.close(promise: nil) }
      return
    }
    let rest = Array(head[end.upperBound...])
    shakeHands(HTTPRequest(head: String(decoding: head[..<end.lowerBound], as: UTF8.self)), context)
    head = []
    read(rest, context)
  }

  func channelReadComplete(context: ChannelHandlerContext) { context.flush() }

  func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

  private func shakeHands(_ request: HTTPRequest, _ context: ChannelHandlerContext) {
    let response: HTTPResponse
    switch Handshake.answer(request, subprotocols: []) {
    case .success(let agreed):
      response = agreed
      connection = WebSocketConnection(role: .server, messageLimit: Self.messageLimit, takesBinary: true)
    case .failure(let refusal): response = refusal
    }
    let fields = response.headers.fields.map { "\($0.name): \($0.value)\r\n" }.joined()
    let text = "HTTP/1.1 \(response.status) \(connection == nil ? "Refused" : "Switching Protocols")\r\n\(fields)\r\n"
    context.write(wrapOutboundOut(ByteBuffer(bytes: Array(text.utf8) + response.body)), promise: nil)
    if connection == nil { end(context) }
  }

  private func read(_ bytes: [UInt8], _ context: ChannelHandlerContext) {
    bytes.withUnsafeBytes { bytes in
      connection?.received(bytes) { action in
        switch action {
        case .deliver(let text): send(.text, text, context)
        case .deliverBinary(let bytes): send(.binary, bytes, context)
        case .send(let opcode, let payload): send(opcode, payload, context)
        case .finish: end(context)
        }
      }
    }
  }

  private func send(_ opcode: Opcode, _ payload: [UInt8], _ context: ChannelHandlerContext) {
    context.write(wrapOutboundOut(ByteBuffer(bytes: FrameHeader.frame(opcode, payload))), promise: nil)
  }

  /// Ends our half and lets the peer read; closing with bytes unread would take our last words with it.
  private func end(_ context: ChannelHandlerContext) {
    context.flush()
    context.close(mode: .output, promise: nil)
    let channel = context.channel
    context.eventLoop.scheduleTask(in: Self.linger) { channel.close(promise: nil) }
  }
}

extension HTTPRequest {
  /// Reads a request's head, as far as a handshake needs it.
  fileprivate init(head: String) {
    let lines = head.split(separator: "\r\n")
    let words = (lines.first ?? "").split(separator: " ")
    let fields = lines.dropFirst().compactMap { line -> (name: String, value: String)? in
      guard let colon = line.firstIndex(of: ":") else { return nil }
      return (String(line[..<colon]), String(line[line.index(after: colon)...].drop { $0 == " " }))
    }
    self.init(
      method: String(words.first ?? ""), target: String(words.dropFirst().first ?? "/"), headers: HTTPHeaders(fields))
  }
}
