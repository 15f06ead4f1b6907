internal import NIOCore
internal import NIOHTTP1
internal import Wire
internal import World

/// One HTTP/1.1 connection: gathers requests, has them answered one after the other in the order in which they came, and
/// hands the connection over when one of them asks for a WebSocket.
final class HTTPConnectionHandler: ChannelInboundHandler, RemovableChannelHandler {
  typealias InboundIn = HTTPServerRequestPart
  typealias OutboundOut = HTTPServerResponsePart

  /// Told to every connection when the server stops: finish what runs, then close.
  struct ServerStops {}

  private enum Work {
    case request(HTTPRequest, keepsAlive: Bool)
    /// What came is not a request that we take; the connection is of no use after it.
    case refusal(HTTPResponse)
  }

  private let core: ServerCore
  private let lane: ServerLane
  private let limits: NetworkLimits
  private var context: ChannelHandlerContext?
  private var head: HTTPRequestHead?
  private var body: [UInt8] = []
  private var pending: [Work] = []
  private var isBusy = false
  private var isStopping = false
  /// Whatever comes now is read and thrown away.
  private var isDiscarding = false
  private var isPaused = false
  private var isBodyTimed = false
  private var deadline: NIODeadline = .distantFuture
  private var timer: Scheduled<Void>?

  init(core: ServerCore, lane: ServerLane, limits: NetworkLimits) {
    self.core = core
    self.lane = lane
    self.limits = limits
  }

  func handlerAdded(context: ChannelHandlerContext) {
    self.context = context
    deadline = .now() + TimeAmount(limits.idle)
    scheduleTimer(context)
  }

  func handlerRemoved(context: ChannelHandlerContext) {
    timer?.cancel()
    self.context = nil
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    guard !isDiscarding else { return }
    switch unwrapInboundIn(data) {
    case .head(let head): begin(head, context)
    case .body(let piece):
      if body.count + piece.readableBytes > core.configuration.bodyLimit { return refuseLongBody() }
      body.append(contentsOf: piece.readableBytesView)
    case .end:
      guard let head = self.head.take() else { return }
      let request = HTTPRequest(
        method: head.method.rawValue, target: head.uri,
        headers: Wire.HTTPHeaders(head.headers.map { ($0.name, $0.value) }),
        body: body)
      body = []
      // The decoder reads no further after a request that asks to upgrade, to whatever protocol.
      let asksToUpgrade = request.headers["Upgrade"] != nil
      let keepsAlive = head.isKeepAlive && head.version == .http1_1 && !asksToUpgrade
      enqueue(.request(request, keepsAlive: keepsAlive))
    }
  }

  func channelReadComplete(context: ChannelHandlerContext) {
    // A request that came whole, as most do, needs no timer of its own.
    if head != nil && !isBodyTimed {
      isBodyTimed = true
      scheduleTimer(context)
    }
    context.fireChannelReadComplete()
  }

  func channelInactive(context: ChannelHandlerContext) {
    pending = []
    isDiscarding = true
    context.fireChannelInactive()
  }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    guard event is ServerStops else { return context.fireUserInboundEventTriggered(event) }
    isStopping = true
    if !isBusy && pending.isEmpty { context.close(promise: nil) }
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    guard let error = error as? HTTPParserError else { return context.close(promise: nil) }
    guard !isDiscarding else { return }
    refuse(error == .headerOverflow ? 431 : 400, "This is not an HTTP/1.1 request.", code: "BAD_REQUEST")
  }

  private func begin(_ head: HTTPRequestHead, _ context: ChannelHandlerContext) {
    self.head = head
    isBodyTimed = false
    deadline = .now() + TimeAmount(limits.body)
    if let length = head.headers.first(name: "content-length").flatMap(Int.init), length > core.configuration.bodyLimit
    {
      return refuseLongBody()
    }
    // RFC 9112, section 3.2.
    if head.version == .http1_1, head.headers["host"].count != 1 {
      return refuse(400, "A request must have one 'Host'.", code: "BAD_REQUEST")
    }
    let expects = head.headers[canonicalForm: "expect"].contains { $0.lowercased() == "100-continue" }
    guard expects, head.version == .http1_1, !isBusy, pending.isEmpty else { return }
    let interim = HTTPResponseHead(version: .http1_1, status: .continue)
    context.writeAndFlush(wrapOutboundOut(.head(interim)), promise: nil)
  }

  private func refuseLongBody() {
    refuse(413, "A request's body has at most \(core.configuration.bodyLimit) bytes.", code: "CONTENT_TOO_LARGE")
  }

  /// Takes nothing more from this connection, and says why.
  private func refuse(_ status: Int, _ message: String, code: String) {
    isDiscarding = true
    head = nil
    body = []
    enqueue(.refusal(ServerCore.refusal(status, message, code: code)))
  }

  private func enqueue(_ work: Work) {
    pending.append(work)
    if pending.count >= limits.pipelined { pause(true) }
    next()
  }

  private func pause(_ isPaused: Bool) {
    guard let context, self.isPaused != isPaused else { return }
    self.isPaused = isPaused
    context.channel.setOption(.autoRead, value: !isPaused).whenFailure { _ in }
  }

  private func next() {
    guard let context, !isBusy, !pending.isEmpty else { return }
    let work = pending.removeFirst()
    if pending.count < limits.pipelined / 2 { pause(false) }
    switch work {
    case .refusal(let response): write(response, keepsAlive: false, context)
    case .request(let request, _) where Handshake.isWanted(by: request): upgrade(request, context)
    case .request(let request, let keepsAlive): answer(request, keepsAlive: keepsAlive, context)
    }
  }

  private func answer(_ request: HTTPRequest, keepsAlive: Bool, _ context: ChannelHandlerContext) {
    isBusy = true
    let this = NIOLoopBound(self, eventLoop: context.eventLoop)
    let channel = context.channel
    let core = core
    core.world.spawn {
      let response = await core.respond(to: request)
      // A channel that was cut may have lost its event loop as well.
      guard channel.isActive else { return }
      channel.eventLoop.execute { this.value.finish(response, keepsAlive: keepsAlive) }
    }
  }

  private func finish(_ response: HTTPResponse, keepsAlive: Bool) {
    isBusy = false
    guard let context else { return }
    write(response, keepsAlive: keepsAlive, context)
    next()
  }

  private func write(_ response: HTTPResponse, keepsAlive: Bool, _ context: ChannelHandlerContext) {
    let wantsClose = response.headers.lists("Connection", "close")
    let keepsAlive = keepsAlive && !wantsClose && !(isStopping && pending.isEmpty)
    var headers = NIOHTTP1.HTTPHeaders(response.headers.fields.map { ($0.name, $0.value) })
    headers.replaceOrAdd(name: "Content-Length", value: String(response.body.count))
    if !keepsAlive { headers.replaceOrAdd(name: "Connection", value: "close") }
    let status = HTTPResponseStatus(statusCode: response.status)
    context.write(
      wrapOutboundOut(.head(HTTPResponseHead(version: .http1_1, status: status, headers: headers))), promise: nil)
    if !response.body.isEmpty {
      context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(bytes: response.body)))), promise: nil)
    }
    context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
    deadline = .now() + TimeAmount(limits.idle)
    if !keepsAlive { closeGently(context) }
  }

  /// Ends our half, and reads on for a moment: closing with bytes unread would reset the connection, and the peer might
  /// lose the response.
  private func closeGently(_ context: ChannelHandlerContext) {
    isDiscarding = true
    pending = []
    pause(false)
    context.close(mode: .output, promise: nil)
    deadline = .now() + TimeAmount(limits.linger)
    scheduleTimer(context)
  }

  private func upgrade(_ request: HTTPRequest, _ context: ChannelHandlerContext) {
    let answer: HTTPResponse
    switch Handshake.answer(request, subprotocols: [TransportMessage.subprotocol]) {
    case .success(let response): answer = response
    case .failure(let refusal): return write(refusal, keepsAlive: false, context)
    }
    let configuration = core.configuration
    let outbound = NIOSocketOutbound(
      lane: lane, messageLimit: configuration.outboundMessages, byteLimit: configuration.outboundBytes)
    switch core.openSocket(upgrade: request, outbound: outbound) {
    case .failure(let refusal): write(refusal, keepsAlive: false, context)
    case .success(let inbound):
      let headers = NIOHTTP1.HTTPHeaders(answer.headers.fields.map { ($0.name, $0.value) })
      let head = HTTPResponseHead(version: .http1_1, status: .switchingProtocols, headers: headers)
      context.write(wrapOutboundOut(.head(head)), promise: nil)
      context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
      let handler = SocketHandler(
        inbound: inbound, outbound: outbound, messageLimit: configuration.messageLimit, limits: limits)
      handOver(to: handler, context)
    }
  }

  /// Takes HTTP out of the pipeline; what the decoder has read beyond the request goes to `handler`.
  private func handOver(to handler: SocketHandler, _ context: ChannelHandlerContext) {
    isDiscarding = true
    let pipeline = context.pipeline.syncOperations
    do {
      try pipeline.addHandler(handler)
      pipeline.removeHandler(context: context, promise: nil)
      let encoder = try pipeline.context(handlerType: HTTPResponseEncoder.self)
      pipeline.removeHandler(context: encoder, promise: nil)
      let decoder = try pipeline.context(handlerType: ByteToMessageHandler<HTTPRequestDecoder>.self)
      pipeline.removeHandler(context: decoder, promise: nil)
    } catch {
      context.close(promise: nil)
    }
  }

  private func scheduleTimer(_ context: ChannelHandlerContext) {
    timer?.cancel()
    let this = NIOLoopBound(self, eventLoop: context.eventLoop)
    let wait = min(deadline, .now() + TimeAmount(limits.idle))
    timer = context.eventLoop.scheduleTask(deadline: wait) { this.value.checkDeadline() }
  }

  private func checkDeadline() {
    guard let context else { return }
    let isOverdue = !isBusy && deadline <= .now()
    guard isOverdue else { return scheduleTimer(context) }
    guard head != nil, !isDiscarding else { return context.close(promise: nil) }
    refuse(408, "The request's body did not come in time.", code: "REQUEST_TIMEOUT")
  }
}
