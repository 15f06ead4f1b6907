internal import NIOCore
internal import NIOHTTP1
internal import Wire

/// The outermost handler of either connection: hands bytes, pressure and ends from one to the other.
final class ProxyEnd: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer

  private let side: ProxyLink.Side
  private let link: ProxyLink

  init(_ side: ProxyLink.Side, link: ProxyLink) {
    self.side = side
    self.link = link
  }

  func handlerAdded(context: ChannelHandlerContext) { link.attach(side, context) }

  func handlerRemoved(context: ChannelHandlerContext) {
    link.attach(side, nil)
    link.ended(side)
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    // Requests are changed a little before they go on; what the target says is not.
    if side == .back { link.relay(unwrapInboundIn(data), from: .back) }
    context.fireChannelRead(data)
  }

  func channelReadComplete(context: ChannelHandlerContext) {
    context.fireChannelReadComplete()
    link.other(than: side)?.flush()
  }

  func channelWritabilityChanged(context: ChannelHandlerContext) {
    let isTaken = context.channel.isWritable
    link.other(than: side)?.channel.setOption(.autoRead, value: isTaken).whenFailure { _ in }
    context.fireChannelWritabilityChanged()
  }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    context.fireUserInboundEventTriggered(event)
    if case ChannelEvent.inputClosed? = event as? ChannelEvent { link.saidAll(side) }
  }

  func channelInactive(context: ChannelHandlerContext) {
    context.fireChannelInactive()
    link.ended(side)
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
}

/// Sends requests on to the target, one part after the other as they come.
final class RequestRelay: ChannelInboundHandler, RemovableChannelHandler {
  typealias InboundIn = HTTPServerRequestPart

  private let link: ProxyLink
  private var request: (number: Int, head: HTTPRequestHead, body: SeenBody)?

  init(link: ProxyLink) { self.link = link }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    switch unwrapInboundIn(data) {
    case .head(let head):
      request = (link.begin(), head, SeenBody(limit: link.hub.limits.body))
      link.send(.head(changed(head)))
    case .body(let piece):
      request?.body.append(piece)
      link.send(.body(.byteBuffer(piece)))
    case .end(let trailers):
      link.send(.end(trailers))
      guard let request = request.take() else { return }
      finish(request.number, request.head, request.body, context)
    }
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

  private func changed(_ head: HTTPRequestHead) -> HTTPRequestHead {
    var head = head
    let own = head.headers.first(name: "Host") ?? ""
    let target = link.hub.authority
    head.headers.replaceOrAdd(name: "Host", value: target)
    if let origin = head.headers.first(name: "Origin"), origin == "http://\(own)" {
      head.headers.replaceOrAdd(name: "Origin", value: "http://\(target)")
    }
    for name in ["Accept-Encoding", "Sec-WebSocket-Extensions"] { head.headers.remove(name: name) }
    return head
  }

  private func finish(_ number: Int, _ head: HTTPRequestHead, _ body: SeenBody, _ context: ChannelHandlerContext) {
    let request = HTTPRequest(
      method: head.method.rawValue, target: head.uri,
      headers: Wire.HTTPHeaders(head.headers.map { ($0.name, $0.value) }),
      body: body.bytes)
    if !body.isWhole {
      link.hub.tell(.unseen("requests with more than \(body.limit) bytes"))
    } else if !Handshake.isWanted(by: request) {
      link.hub.tell(.request(exchange: number, request))
    }
    // The decoder reads no further after such a request.
    guard request.headers["Upgrade"] != nil, request.headers.lists("Connection", "upgrade") else { return }
    link.expectSocket(number, request)
    let pipeline = context.pipeline.syncOperations
    do {
      try pipeline.addHandler(FrameRelay(.front, link: link))
      let decoder = try pipeline.context(handlerType: ByteToMessageHandler<HTTPRequestDecoder>.self)
      pipeline.removeHandler(context: context, promise: nil)
      pipeline.removeHandler(context: decoder, promise: nil)
    } catch { context.close(promise: nil) }
  }
}

/// Looks at responses, which have been passed on already.
final class ResponseTap: ChannelInboundHandler, RemovableChannelHandler {
  typealias InboundIn = HTTPClientResponsePart

  private let link: ProxyLink
  private var response: (head: HTTPResponseHead, body: SeenBody)?

  init(link: ProxyLink) { self.link = link }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    switch unwrapInboundIn(data) {
    case .head(let head):
      // A stream of events has no end that could be waited for.
      let isStream = head.headers.first(name: "Content-Type")?.hasPrefix("text/event-stream") == true
      response = (head, SeenBody(limit: isStream ? 0 : link.hub.limits.body))
    case .body(let piece): response?.body.append(piece)
    case .end:
      guard let (head, body) = response.take(), let number = link.answered() else { return }
      if head.status == .switchingProtocols { return becomeSocket(context) }
      guard body.isWhole else { return link.hub.tell(.unseen("responses that are streams or too long")) }
      let headers = Wire.HTTPHeaders(head.headers.map { ($0.name, $0.value) })
      link.hub.tell(
        .response(
          exchange: number, HTTPResponse(status: Int(head.status.code), headers: headers, body: body.bytes)))
    }
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

  private func becomeSocket(_ context: ChannelHandlerContext) {
    link.opened()
    let pipeline = context.pipeline.syncOperations
    do {
      try pipeline.addHandler(FrameRelay(.back, link: link))
      let decoder = try pipeline.context(handlerType: ByteToMessageHandler<HTTPResponseDecoder>.self)
      pipeline.removeHandler(context: context, promise: nil)
      pipeline.removeHandler(context: decoder, promise: nil)
    } catch { context.close(promise: nil) }
  }
}

/// Sends the client's bytes on to the target as they are, and looks at those of either side.
final class FrameRelay: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer

  private let side: ProxyLink.Side
  private let link: ProxyLink

  init(_ side: ProxyLink.Side, link: ProxyLink) {
    self.side = side
    self.link = link
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    let bytes = unwrapInboundIn(data)
    if side == .front { link.relay(bytes, from: .front) }
    link.look(at: bytes, from: side)
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
}
