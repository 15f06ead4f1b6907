// Server: hosts a GraphQL service over HTTP and WebSockets. `Core`, `HTTP` and `Socket` are the protocols without any
// I/O, for the simulator too; `NIO` is the shell around them that owns real connections.

package import GraphQL
internal import JSON
package import Wire
package import World

/// What a request comes to.
package enum ServerAnswer: Sendable {
  case response(HTTPResponse)
  /// Status and headers now; the body is what comes on the stream's outbound queue until it is closed.
  case stream(HTTPResponse, any EventStream)
}

/// A server without its network: answers requests, keeps sockets, drains.
package final class ServerCore: Sendable {
  let service: any GraphQLService
  let world: World
  package let configuration: ServerConfiguration
  let work = RunningWork()
  let sockets: SocketTable
  let metrics = ServerMetrics()
  let log: ServerLog?
  let startedAt: WallTime
  /// Apart from the world's own, so that what is named here changes no other name.
  let requestIDs: IDSource
  let sessionLimiter: RateLimiter?
  let addressLimiter: RateLimiter?
  private let persisted: PersistedOperations

  /// - Parameter log: told of requests, operations and sockets; `nil` for nobody.
  package init(
    service: any GraphQLService, world: World, configuration: ServerConfiguration = ServerConfiguration(),
    log: ServerLog? = nil
  ) {
    self.service = service
    self.world = world
    self.configuration = configuration
    self.log = log
    startedAt = world.clock.wall
    sessionLimiter = configuration.sessionRate.map { RateLimiter($0, clock: world.clock) }
    addressLimiter = configuration.addressRate.map { RateLimiter($0, clock: world.clock) }
    requestIDs = IDSource(clock: world.clock, random: world.random("request ids"))
    self.sockets = SocketTable(world: world, silenceLimit: configuration.silenceLimit)
    persisted = PersistedOperations(
      configuration.persistedOperations, countLimit: configuration.persistedDocuments,
      byteLimit: configuration.persistedBytes)
  }

  /// The answer to any request: `/graphql`, `/health`, `/version`, or what is wrong with it. Never a stream.
  package func respond(to request: HTTPRequest) async -> HTTPResponse {
    switch await answer(to: request, stream: nil) {
    case .response(let response): return response
    case .stream(let head, let stream):
      stream.ended()
      return head
    }
  }

  /// The answer to any request.
  /// - Parameter stream: where the events go if the answer is a stream; `nil` where there can be none.
  package func answer(to request: HTTPRequest, stream: (any SocketOutbound)?) async -> ServerAnswer {
    let request = identified(request)
    var report = RequestReport(began: world.clock.now)
    switch await route(request, stream, &report) {
    case .response(var response):
      seal(&response, to: request)
      if request.method == "HEAD" { response.body = [] }
      log(request, status: response.status, bytes: response.body.count, report)
      return .response(response)
    case .stream(var head, let stream):
      seal(&head, to: request)
      log(request, status: head.status, bytes: 0, report)
      return .stream(head, stream)
    }
  }

  /// Whether the answer to a request may be a stream, as far as the request itself tells.
  package static func mayStream(_ request: HTTPRequest) -> Bool {
    request.path == "/graphql" && ResponseType.ranked(request.headers).contains(.eventStream)
  }

  private func route(
    _ request: HTTPRequest, _ stream: (any SocketOutbound)?, _ report: inout RequestReport
  ) async -> ServerAnswer {
    guard request.target.utf8.count <= configuration.targetLimit else {
      return .response(
        Self.refusal(414, "A request's target has at most \(configuration.targetLimit) bytes.", code: "URI_TOO_LONG"))
    }
    switch request.path {
    case "/graphql":
      if isPreflight(request) { return .response(preflight(request)) }
      guard ["GET", "POST"].contains(request.method) else { return .response(Self.methodNotAllowed("GET, POST")) }
      if let refusal = tooMany(from: request.peer) {
        report.operation = self.report(nil, .rateLimited, since: report.began)
        return .response(refusal.response)
      }
      guard work.begin() else { return .response(Self.draining()) }
      defer { work.end() }
      return await GraphQLOverHTTP(core: self).answer(to: request, stream: stream, &report)
    case "/health", "/health/ready", "/health/live", "/version", "/metrics":
      guard ["GET", "HEAD"].contains(request.method) else { return .response(Self.methodNotAllowed("GET, HEAD")) }
      return .response(await page(request))
    case let path where path.hasPrefix(FilesOverHTTP.prefix):
      guard let files = service as? any FileService else { fallthrough }
      if isPreflight(request) { return .response(preflight(request)) }
      guard FilesOverHTTP.methods.contains(request.method) else {
        return .response(Self.methodNotAllowed(FilesOverHTTP.methods.joined(separator: ", ")))
      }
      if let refusal = tooMany(from: request.peer) { return .response(refusal.response) }
      guard work.begin() else { return .response(Self.draining()) }
      defer { work.end() }
      return .response(await FilesOverHTTP(core: self, files: files).answer(to: request, &report))
    default:
      return .response(Self.refusal(404, "There is nothing at this path; the API is at /graphql.", code: "NOT_FOUND"))
    }
  }

  /// Finds the document that is meant, and has the service parse, validate and plan it.
  func prepare(_ parameters: RequestParameters) -> Result<any PreparedService, GraphQLResult> {
    switch persisted.request(for: parameters) {
    case .failure(let result): return .failure(result)
    case .success(let request):
      let prepared = service.prepare(request)
      if case .success = prepared { persisted.keep(parameters) }
      return prepared
    }
  }

  private func page(_ request: HTTPRequest) async -> HTTPResponse {
    switch request.path {
    case "/version": return Self.json(200, .object(await service.version))
    case "/metrics": return mayReadMetrics(request) ? await metricsPage() : Self.metricsRefusal
    // Lives as long as it answers: whoever restarts it when it does not must not do so while it drains.
    case "/health/live": return Self.json(200, ["status": "live"])
    default: return await health()
    }
  }

  private func health() async -> HTTPResponse {
    let health = await service.health
    let isDraining = work.isDraining
    let isReady = health.ready && !isDraining
    var body = JSONObject()
    body.append("status", .string(isReady ? "ready" : isDraining ? "draining" : "unavailable"))
    body.append("sockets", .int(Int64(sockets.count)))
    body.append("details", .object(health.details))
    return Self.json(isReady ? 200 : 503, .object(body))
  }

  /// Opens a socket for a request whose handshake is in order, or says why not.
  ///
  /// A client that speaks none of our subprotocols gets its socket and is closed with 4406, because a browser shows its
  /// page no answer to a handshake that failed.
  package func openSocket(
    upgrade request: HTTPRequest, outbound: any SocketOutbound
  ) -> Result<any SocketInbound, HTTPResponse> {
    guard request.path == "/graphql" else {
      return .failure(Self.refusal(404, "Sockets are at /graphql.", code: "NOT_FOUND"))
    }
    if work.isDraining { return .failure(Self.draining()) }
    guard allows(originOf: request) else {
      return .failure(Self.refusal(403, "A page of this origin may not open a socket.", code: "FORBIDDEN"))
    }
    if let refusal = tooMany(from: request.peer) { return .failure(refusal.response) }
    let token: String?
    switch BearerToken(request.headers) {
    case .absent: token = nil
    case .token(let value): token = value
    case .malformed:
      return .failure(Self.refusal(401, "'Authorization' must be 'Bearer' and a token.", code: "UNAUTHENTICATED"))
    }
    let speaksOurs = request.headers.list("Sec-WebSocket-Protocol").contains(TransportMessage.subprotocol)
    let session = SocketSession(
      id: sockets.nextID(), core: self, token: token, outbound: outbound, upgrade: identified(request))
    sockets.add(session)
    metrics.request(status: 101)
    session.opened(speaksOurs: speaksOurs)
    return .success(session)
  }

  /// Refuses new work, waits for the operations that run, then closes every socket with 1001 and cuts every event stream.
  ///
  /// A cancelled task stops waiting and closes the sockets at once.
  package func drain() async {
    await work.drain()
    for session in sockets.all { session.close(.goingAway, reason: "Server is shutting down") }
  }

  private static func methodNotAllowed(_ methods: String) -> HTTPResponse {
    var response = refusal(405, "This path takes \(methods).", code: "METHOD_NOT_ALLOWED")
    response.headers.add("Allow", methods)
    return response
  }

  static func draining() -> HTTPResponse {
    var response = refusal(503, "The server is shutting down.", code: "SERVICE_UNAVAILABLE")
    response.headers.add("Retry-After", "1")
    response.headers.add("Connection", "close")
    return response
  }

  static func refusal(_ status: Int, _ message: String, code: String) -> HTTPResponse {
    HTTPResponse(
      status: status, headers: ["Content-Type": ResponseType.json.contentType],
      body: GraphQLResult.requestError(message, code: code).bytes)
  }

  private static func json(_ status: Int, _ body: JSON) -> HTTPResponse {
    HTTPResponse(status: status, headers: ["Content-Type": ResponseType.json.contentType], body: body.bytes)
  }
}
