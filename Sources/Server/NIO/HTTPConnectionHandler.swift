internal import NIOCore
internal import NIOHTTP1
internal import Wire
internal import World

/// One HTTP/1.1 connection: gathers requests, has them answered one after the other in the order in which they came, and
/// hands the connection over when one of them asks for a WebSocket.
final class HTTPConnectionHandler: ChannelInboundHandler, RemovableChannelHandler, OutboundDrain {
  typealias InboundIn = HTTPServerRequestPart
  typealias OutboundOut = HTTPServerResponsePart

  /// Told to every connection when the server stops: finish what runs, then close.
  struct ServerStops {}

  private enum Work {
    case request(HTTPRequest, version: HTTPVersion, keepsAlive: Bool)
    /// What came is not a request that we take; the connection is of no use after it.
    case refusal(HTTPResponse)
  }

  /// A response whose body is still coming, event by event.
  private struct RunningStream {
    let session: any EventStream
    let outbound: NIOSocketOutbound
    let keepsAlive: Bool
    /// Ends the wait for a peer that does not take the last of it.
    var cut: Scheduled<Void>?
  }

  /// As many bytes of events as are put into one write.
  private static let chunk = 64 << 10

  private let core: ServerCore
  private let lane: ServerLane
  private let limits: NetworkLimits
  private var context: ChannelHandlerContext?
  private var head: HTTPRequestHead?
  private var body: [UInt8] = []
  private var pending: [Work] = []
  private var isBusy = false
  private var stream: RunningStream?
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
      var request = HTTPRequest(
        method: head.method.rawValue, target: head.uri,
        headers: Wire.HTTPHeaders(head.headers.map { ($0.name, $0.value) }),
        body: body)
      request.peer = context.remoteAddress?.ipAddress
      body = []
      // The decoder reads no further after a request that asks to upgrade, to whatever protocol.
      let asksToUpgrade = request.headers["Upgrade"] != nil
      let keepsAlive = head.isKeepAlive && head.version == .http1_1 && !asksToUpgrade
      enqueue(.request(request, version: head.version, keepsAlive: keepsAlive))
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
    endStream()
    context.fireChannelInactive()
  }

  func channelWritabilityChanged(context: ChannelHandlerContext) {
    if context.channel.isWritable { flush() }
    context.fireChannelWritabilityChanged()
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
    case .refusal(let response): write(core.refused(response), keepsAlive: false, context)
    case .request(let request, let version, let keepsAlive):
      // HTTP/1.0 has neither upgrades (RFC 9110, section 7.8) nor chunks, which a stream is sent in.
      let isModern = version == .http1_1
      if isModern && Handshake.isWanted(by: request) { return upgrade(request, context) }
      answer(request, keepsAlive: keepsAlive, mayStream: isModern && ServerCore.mayStream(request), context)
    }
  }

  private func answer(
    _ request: HTTPRequest, keepsAlive: Bool, mayStream: Bool, _ context: ChannelHandlerContext
  ) {
    isBusy = true
    let limits = core.configuration
    let outbound =
      mayStream
      ? NIOSocketOutbound(lane: lane, messageLimit: limits.outboundMessages, byteLimit: limits.outboundBytes) : nil
    let this = NIOLoopBound(self, eventLoop: context.eventLoop)
    let channel = context.channel
    let core = core
    core.world.spawn {
      let answer = await core.answer(to: request, stream: outbound)
      // A channel that was cut may have lost its event loop as well.
      guard channel.isActive else {
        if case .stream(_, let session) = answer { session.ended() }
        return
      }
      channel.eventLoop.execute { this.value.finish(answer, outbound, keepsAlive: keepsAlive) }
    }
  }

  private func finish(_ answer: ServerAnswer, _ outbound: NIOSocketOutbound?, keepsAlive: Bool) {
    switch answer {
    case .response(let response):
      isBusy = false
      guard let context else { return }
      write(response, keepsAlive: keepsAlive, context)
      next()
    case .stream(let head, let session):
      guard let context, context.channel.isActive, let outbound else { return session.ended() }
      start(RunningStream(session: session, outbound: outbound, keepsAlive: keepsAlive), head, context)
    }
  }

  private func start(_ stream: RunningStream, _ response: HTTPResponse, _ context: ChannelHandlerContext) {
    self.stream = stream
    var headers = NIOHTTP1.HTTPHeaders(response.headers.fields.map { ($0.name, $0.value) })
    headers.replaceOrAdd(name: "Transfer-Encoding", value: "chunked")
    if !stream.keepsAlive { headers.replaceOrAdd(name: "Connection", value: "close") }
    let status = HTTPResponseStatus(statusCode: response.status)
    context.write(
      wrapOutboundOut(.head(HTTPResponseHead(version: .http1_1, status: status, headers: headers))), promise: nil)
    stream.outbound.attach(self)
    flush()
  }

  /// Writes the events that are queued, as long as the channel takes them, then flushes once.
  func flush() {
    guard let context, let stream else { return }
    while context.channel.isWritable {
      let events = stream.outbound.take(atLeast: Self.chunk)
      if events.isEmpty { break }
      var buffer = context.channel.allocator.buffer(capacity: events.reduce(0) { $0 + $1.count })
      for event in events {
        buffer.writeBytes(event.prefix)
        buffer.writeBytes(event.payload)
        buffer.writeBytes(event.suffix)
      }
      context.write(wrapOutboundOut(.body(.byteBuffer(buffer))), promise: nil)
    }
    context.flush()
    guard let close = stream.outbound.wantedClose else { return }
    let isWhole = close.code == .normal
    if close.isDue {
      finishStream(stream, isWhole: isWhole, context)
    } else if stream.cut == nil {
      let channel = context.channel
      let patience = TimeAmount(isWhole ? limits.idle : limits.closeHandshake)
      self.stream?.cut = context.eventLoop.scheduleTask(in: patience) { channel.close(promise: nil) }
    }
  }

  private func finishStream(_ stream: RunningStream, isWhole: Bool, _ context: ChannelHandlerContext) {
    endStream()
    isBusy = false
    // Without its end the body is not whole, and the client knows that there was more to come.
    guard isWhole else { return closeGently(context) }
    context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
    deadline = .now() + TimeAmount(limits.idle)
    if stream.keepsAlive && !(isStopping && pending.isEmpty) { next() } else { closeGently(context) }
  }

  private func endStream() {
    guard let stream = stream.take() else { return }
    stream.cut?.cancel()
    stream.outbound.detach()
    stream.session.ended()
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
    let request = core.identified(request)
    let answer: HTTPResponse
    switch Handshake.answer(request, subprotocols: [TransportMessage.subprotocol]) {
    case .success(let response): answer = response
    case .failure(let refusal): return write(core.refused(refusal, to: request), keepsAlive: false, context)
    }
    let configuration = core.configuration
    let outbound = NIOSocketOutbound(
      lane: lane, messageLimit: configuration.outboundMessages, byteLimit: configuration.outboundBytes)
    switch core.openSocket(upgrade: request, outbound: outbound) {
    case .failure(let refusal): write(core.refused(refusal, to: request), keepsAlive: false, context)
    case .success(let inbound):
      var headers = NIOHTTP1.HTTPHeaders(answer.headers.fields.map { ($0.name, $0.value) })
      if let id = request.headers[RequestID.field] { headers.add(name: RequestID.field, value: id) }
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
      // First: a session that is to be closed at once, or has a message already, makes the new handler write as it comes.
      let encoder = try pipeline.context(handlerType: HTTPResponseEncoder.self)
      pipeline.removeHandler(context: encoder, promise: nil)
      try pipeline.addHandler(handler)
      pipeline.removeHandler(context: context, promise: nil)
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
