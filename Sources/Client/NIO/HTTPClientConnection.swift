internal import NIOCore
internal import NIOHTTP1
internal import Wire
internal import World

/// One connection for requests, one at a time.
final class HTTPClientConnection: Sendable {
  private let channel: any Channel
  private let handler: NIOLoopBound<HTTPClientHandler>
  private let endpoint: Endpoint

  init(channel: any Channel, handler: NIOLoopBound<HTTPClientHandler>, endpoint: Endpoint) {
    self.channel = channel
    self.handler = handler
    self.endpoint = endpoint
  }

  var isActive: Bool { channel.isActive }

  func close() { channel.close(promise: nil) }

  /// - Returns: the response, and whether the connection may be used again.
  func send(
    _ request: HTTPRequest, limit: Duration
  ) async throws(ClientError) -> (response: HTTPResponse, isReusable: Bool) {
    let promise = channel.eventLoop.makePromise(of: HTTPClientHandler.Outcome.self)
    let handler = handler
    let endpoint = endpoint
    channel.eventLoop.execute {
      handler.value.send(request, authority: endpoint.authority, limit: limit, promise)
    }
    do {
      return try await withTaskCancellationHandler {
        try await promise.futureResult.get()
      } onCancel: {
        channel.eventLoop.execute {
          handler.value.fail(ClientError(.cancelled, "The request to \(endpoint) was cancelled"))
        }
      }
    } catch {
      throw error as? ClientError ?? ClientError(.closed, "The connection to \(endpoint) broke: \(error)")
    }
  }
}

/// Writes one request after the other and gathers their responses.
final class HTTPClientHandler: ChannelInboundHandler {
  typealias InboundIn = HTTPClientResponsePart
  typealias OutboundOut = HTTPClientRequestPart
  typealias Outcome = (response: HTTPResponse, isReusable: Bool)

  private let endpoint: Endpoint
  private let bodyLimit: Int
  private var context: ChannelHandlerContext?
  private var waiting: EventLoopPromise<Outcome>?
  private var timer: Scheduled<Void>?
  private var response: HTTPResponse?
  private var keepsAlive = false
  /// Why the connection broke while no request was under way.
  private var fault: ClientError?

  init(endpoint: Endpoint, bodyLimit: Int) {
    self.endpoint = endpoint
    self.bodyLimit = bodyLimit
  }

  func handlerAdded(context: ChannelHandlerContext) { self.context = context }

  func handlerRemoved(context: ChannelHandlerContext) { self.context = nil }

  func send(_ request: HTTPRequest, authority: String, limit: Duration, _ promise: EventLoopPromise<Outcome>) {
    guard let context, context.channel.isActive, waiting == nil else {
      let closed = ClientError(.closed, "\(endpoint) closed the connection before the request was sent")
      return promise.fail(fault ?? closed)
    }
    waiting = promise
    let this = NIOLoopBound(self, eventLoop: context.eventLoop)
    timer = context.eventLoop.scheduleTask(in: TimeAmount(limit)) {
      let handler = this.value
      handler.fail(ClientError(.timedOut, "\(handler.endpoint) did not answer within \(limit)"))
    }
    var headers = NIOHTTP1.HTTPHeaders([("Host", authority)])
    for field in request.headers.fields { headers.add(name: field.name, value: field.value) }
    if !request.body.isEmpty || request.method == "POST" {
      headers.replaceOrAdd(name: "Content-Length", value: String(request.body.count))
    }
    let method = HTTPMethod(rawValue: request.method)
    let head = HTTPRequestHead(version: .http1_1, method: method, uri: request.target, headers: headers)
    context.write(wrapOutboundOut(.head(head)), promise: nil)
    if !request.body.isEmpty {
      context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(bytes: request.body)))), promise: nil)
    }
    context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    switch unwrapInboundIn(data) {
    case .head(let head):
      guard waiting != nil else { return context.close(promise: nil) }
      let headers = Wire.HTTPHeaders(head.headers.map { ($0.name, $0.value) })
      response = HTTPResponse(status: Int(head.status.code), headers: headers)
      keepsAlive = head.isKeepAlive
    case .body(let piece):
      guard let count = response?.body.count, count + piece.readableBytes <= bodyLimit else {
        return fail(ClientError(.limit, "The response of \(endpoint) has more than \(bodyLimit) bytes"))
      }
      response?.body.append(contentsOf: piece.readableBytesView)
    case .end:
      guard let response = response.take() else { return }
      // Before the end of the connection says that there was no answer.
      finish(.success((response, keepsAlive)))
      if !keepsAlive { context.close(promise: nil) }
    }
  }

  func channelInactive(context: ChannelHandlerContext) {
    finish(.failure(ClientError(.closed, "\(endpoint) closed the connection before it had answered")))
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    let kind: ClientError.Kind = error is HTTPParserError ? .protocolViolation : .closed
    let broken = ClientError(kind, "The connection to \(endpoint) broke: \(TransportSecurity.reason(error))")
    if waiting == nil { fault = broken }
    fail(broken)
  }

  /// Gives up on the request that runs; its connection is of no use any more.
  func fail(_ error: ClientError) {
    guard waiting != nil else { return }
    finish(.failure(error))
    context?.close(promise: nil)
  }

  private func finish(_ outcome: Result<Outcome, any Error>) {
    timer?.cancel()
    timer = nil
    waiting.take()?.completeWith(outcome)
  }
}
