internal import NIOCore
internal import NIOHTTP1
internal import Wire
internal import World

/// The opening of one WebSocket, from the connection to the server's answer.
final class SocketOpening: Sendable {
  let socket: NIOClientSocket
  private let upgrade: HTTPRequest
  private let endpoint: Endpoint
  private let handshake: (fields: Wire.HTTPHeaders, key: String)
  private let masks: RandomStream
  private let configuration: NetworkConfiguration
  private let security: TransportSecurity
  private let events: @Sendable (SocketEvent) -> Void
  private let promise: EventLoopPromise<Void>

  init(
    upgrade: HTTPRequest, endpoint: Endpoint, nonce: (UInt64, UInt64), masks: RandomStream, lane: ClientLane,
    configuration: NetworkConfiguration, security: TransportSecurity, events: @escaping @Sendable (SocketEvent) -> Void
  ) {
    self.upgrade = upgrade
    self.endpoint = endpoint
    self.masks = masks
    self.configuration = configuration
    self.security = security
    self.events = events
    handshake = Handshake.headers(nonce: nonce)
    promise = lane.loop.makePromise()
    socket = NIOClientSocket(
      lane: lane, messageLimit: configuration.outboundMessages, byteLimit: configuration.outboundBytes)
  }

  /// Puts the handshake into a new channel's pipeline.
  func prepare(_ channel: any Channel) throws {
    let pipeline = channel.pipeline.syncOperations
    try security.prepare(pipeline, for: endpoint)
    try pipeline.addHandler(HTTPRequestEncoder())
    try pipeline.addHandler(ByteToMessageHandler(HTTPResponseDecoder(leftOverBytesStrategy: .forwardBytes)))
    try pipeline.addHandler(HandshakeHandler(opening: self))
  }

  /// Returns when the server has agreed.
  /// - Throws: ``ClientError``.
  func outcome(on channel: any Channel) async throws {
    let promise = promise
    let endpoint = endpoint
    let timer = channel.eventLoop.scheduleTask(in: TimeAmount(configuration.handshakeLimit)) {
      promise.fail(ClientError(.timedOut, "\(endpoint) did not answer the WebSocket handshake in time"))
      channel.close(promise: nil)
    }
    defer { timer.cancel() }
    try await promise.futureResult.get()
  }

  /// Abandons a connection that never came to be, so that its promise does not leak.
  func abandon(_ error: any Error) { promise.fail(error) }

  fileprivate var head: HTTPRequestHead {
    var headers = NIOHTTP1.HTTPHeaders([("Host", endpoint.authority)])
    for field in upgrade.headers.fields { headers.add(name: field.name, value: field.value) }
    for field in handshake.fields.fields { headers.replaceOrAdd(name: field.name, value: field.value) }
    return HTTPRequestHead(version: .http1_1, method: .GET, uri: upgrade.target, headers: headers)
  }

  /// Judges the server's answer.
  /// - Returns: the handler to go on with; `nil` when there is nothing to go on with.
  fileprivate func answered(_ response: HTTPResponse) -> ClientSocketHandler? {
    let offered = upgrade.headers.list("Sec-WebSocket-Protocol")
    if let fault = Handshake.fault(in: response, key: handshake.key, subprotocols: offered) {
      promise.fail(ClientError(.protocolViolation, "No WebSocket at \(endpoint): \(fault)"))
      return nil
    }
    return ClientSocketHandler(socket: socket, masks: masks, configuration: configuration, events: events)
  }

  fileprivate func failed(_ error: any Error) {
    let fault =
      error is HTTPParserError
      ? ClientError(.protocolViolation, "The server's answer is not HTTP/1.1: \(error)")
      : ClientError(.closed, "The connection to \(endpoint) broke: \(TransportSecurity.reason(error))")
    promise.fail(fault)
  }

  fileprivate func opened() { promise.succeed() }

  fileprivate func lost() {
    promise.fail(ClientError(.closed, "\(endpoint) closed the connection during the WebSocket handshake"))
  }
}

/// Sends the handshake, waits for the answer, and gives the channel over to WebSocket frames.
private final class HandshakeHandler: ChannelInboundHandler, RemovableChannelHandler {
  typealias InboundIn = HTTPClientResponsePart
  typealias OutboundOut = HTTPClientRequestPart

  /// As much of a refusal's body as is worth keeping for a message.
  private static let bodyLimit = 4096

  private let opening: SocketOpening
  private var response: HTTPResponse?

  init(opening: SocketOpening) { self.opening = opening }

  func channelActive(context: ChannelHandlerContext) {
    context.write(wrapOutboundOut(.head(opening.head)), promise: nil)
    context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    switch unwrapInboundIn(data) {
    case .head(let head):
      let headers = Wire.HTTPHeaders(head.headers.map { ($0.name, $0.value) })
      response = HTTPResponse(status: Int(head.status.code), headers: headers)
    case .body(let piece):
      let room = Self.bodyLimit - (response?.body.count ?? 0)
      response?.body.append(contentsOf: piece.readableBytesView.prefix(max(0, room)))
    case .end:
      guard let response = response.take() else { return }
      guard let handler = opening.answered(response) else { return context.close(promise: nil) }
      handOver(to: handler, context)
    }
  }

  func channelInactive(context: ChannelHandlerContext) { opening.lost() }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    opening.failed(error)
    context.close(promise: nil)
  }

  private func handOver(to handler: ClientSocketHandler, _ context: ChannelHandlerContext) {
    let pipeline = context.pipeline.syncOperations
    do {
      try pipeline.addHandler(handler)
      pipeline.removeHandler(context: context, promise: nil)
      let encoder = try pipeline.context(handlerType: HTTPRequestEncoder.self)
      pipeline.removeHandler(context: encoder, promise: nil)
      let decoder = try pipeline.context(handlerType: ByteToMessageHandler<HTTPResponseDecoder>.self)
      // The decoder stays until it has handed on what came after the answer; until then it would take frames for HTTP.
      let removed = context.eventLoop.makePromise(of: Void.self)
      removed.futureResult.whenComplete { [opening] _ in opening.opened() }
      pipeline.removeHandler(context: decoder, promise: removed)
    } catch {
      opening.abandon(error)
      context.close(promise: nil)
    }
  }
}
