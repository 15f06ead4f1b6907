internal import GraphQL
internal import JSON

/// A fault: the product, in a process that needs so many times as much of the processor, to try whether a gate notices. Each
/// request pays, when it has its result, for what the process has used since the last one did, as work of the thread that has
/// the result.
struct SlowedService: FileService {
  let inner: any FileService
  let slowdown: Slowdown

  func execute(
    _ prepared: any PreparedService, as identity: any ServiceIdentity, from origin: RequestOrigin
  ) async -> GraphQLResult {
    let result = await inner.execute(prepared, as: identity, from: origin)
    slowdown.pay()
    return result
  }

  func authenticate(token: String?) async throws(AuthenticationFailure) -> any ServiceIdentity {
    try await inner.authenticate(token: token)
  }

  func prepare(_ request: GraphQLRequest) -> Result<any PreparedService, GraphQLResult> { inner.prepare(request) }

  func subscribe(
    _ prepared: any PreparedService, as identity: any ServiceIdentity, socket: SocketID, subscriber: any Subscriber
  ) async -> SubscribeOutcome {
    await inner.subscribe(prepared, as: identity, socket: socket, subscriber: subscriber)
  }

  func socketOpened(_ id: SocketID, identity: any ServiceIdentity, control: any SocketControl) {
    inner.socketOpened(id, identity: identity, control: control)
  }

  func socketAlive(_ id: SocketID) { inner.socketAlive(id) }
  func socketClosed(_ id: SocketID) { inner.socketClosed(id) }
  func fence() async { await inner.fence() }
  var health: ServiceHealth { get async { await inner.health } }
  var version: JSONObject { get async { await inner.version } }
  var metrics: [MetricFamily] { get async { await inner.metrics } }

  func file(_ id: String, as identity: any ServiceIdentity) async -> FileAnswer {
    await inner.file(id, as: identity)
  }

  func fill(_ id: String, with content: [UInt8], as identity: any ServiceIdentity) async -> FileAnswer {
    await inner.fill(id, with: content, as: identity)
  }
}
