import GraphQL
import JSON
import Synchronization

/// A service whose "documents" are a few words, so that these tests are about transport alone.
///
/// Words: `hello` answers at once, `partial` with an error beside its data, `slow` when the test opens the gate of that
/// name; a `mutation` publishes its variable `text` to every subscriber, a `subscription` may be `denied`, `gated` (it
/// starts when its gate opens) or `eager` (it delivers before it has started). Everything else does not parse.
final class FixtureService: GraphQLService {
  struct Identity: ServiceIdentity {
    let name: String
    var ids: CallerIDs {
      name == "anonymous" ? CallerIDs() : CallerIDs(user: "user-1", organization: "organization-1", session: name)
    }
  }

  struct Prepared: PreparedService {
    let kind: OperationKind
    let word: String
    let request: GraphQLRequest
    var name: String? { word.isEmpty ? nil : word }
  }

  private struct Handle: SubscriptionHandle {
    let service: FixtureService
    let key: Int
    func cancel() { service.cancel(key) }
  }

  private struct State {
    var subscribers: [Int: any Subscriber] = [:]
    var lastKey = 0
    var controls: [SocketID: any SocketControl] = [:]
    var openGates: Set<String> = []
    var waiting: [String: [CheckedContinuation<Void, Never>]] = [:]
  }

  private let state = Mutex(State())
  /// Everything that a transport told the service, in order.
  let log = Recorder<String>()

  var subscriberCount: Int { state.withLock { $0.subscribers.count } }

  func authenticate(token: String?) async throws(AuthenticationFailure) -> any ServiceIdentity {
    if token == "slow" { await pass("authenticate") }
    guard token != "bad" else { throw AuthenticationFailure(message: "Unknown session", code: "UNAUTHENTICATED") }
    return Identity(name: token ?? "anonymous")
  }

  func prepare(_ request: GraphQLRequest) -> Result<any PreparedService, GraphQLResult> {
    let words = request.query.split { !$0.isLetter }.map(String.init)
    let kind = words.first.flatMap(OperationKind.init(rawValue:)) ?? .query
    let known = ["hello", "partial", "slow", "publish", "denied", "gated", "eager", "events"]
    guard let word = words.last, known.contains(word) else {
      return .failure(.requestError("Syntax Error: \(request.query)", code: "GRAPHQL_PARSE_FAILED"))
    }
    return .success(Prepared(kind: kind, word: word, request: request))
  }

  func execute(
    _ prepared: any PreparedService, as identity: any ServiceIdentity, from origin: RequestOrigin
  ) async -> GraphQLResult {
    guard let prepared = prepared as? Prepared, let identity = identity as? Identity else {
      return .requestError("Not ours", code: "INTERNAL")
    }
    log.record("execute \(prepared.word)")
    if prepared.word == "slow" { await pass("slow") }
    if prepared.kind == .mutation { publish(prepared.request.variables["text"]?.string ?? "") }
    log.record("executed \(prepared.word)\(Task.isCancelled ? " cancelled" : "")")
    if prepared.word == "partial" {
      let json: JSON = ["errors": [["message": "half"]], "data": ["a": nil]]
      return GraphQLResult(bytes: json.bytes, outcome: .partial)
    }
    let json: JSON = ["data": ["hello": .string(identity.name)]]
    var result = GraphQLResult(bytes: json.bytes, outcome: .data)
    result.statements = 3
    return result
  }

  func subscribe(
    _ prepared: any PreparedService, as identity: any ServiceIdentity, socket: SocketID, subscriber: any Subscriber
  ) async -> SubscribeOutcome {
    let word = (prepared as? Prepared)?.word ?? ""
    log.record("subscribe \(word)")
    if word == "denied" { return .refused(.requestError("Not permitted", code: "FORBIDDEN")) }
    if word == "gated" { await pass("gated") }
    if word == "eager" { subscriber.next(Self.payload("early")) }
    return .active(register(subscriber))
  }

  func socketOpened(_ id: SocketID, identity: any ServiceIdentity, control: any SocketControl) {
    state.withLock { $0.controls[id] = control }
    log.record("opened")
    if (identity as? Identity)?.name == "revoked" { control.close(code: 4403, reason: "Session revoked") }
  }

  func socketAlive(_ id: SocketID) { log.record("alive") }

  func socketClosed(_ id: SocketID) {
    _ = state.withLock { $0.controls.removeValue(forKey: id) }
    log.record("closed")
  }

  func fence() async { log.record("fence") }

  var health: ServiceHealth { ServiceHealth(ready: true, details: ["database": "ok"]) }

  var version: JSONObject { ["build": "test"] }

  var metrics: [MetricFamily] {
    let sample = MetricFamily.Sample(labels: [("kind", "a\"b\\c\nd")], 7)
    return [MetricFamily("rehearsal_service_things_total", .counter, "A back\\slash.", [sample])]
  }

  // What tests do.

  /// Adds a subscriber to those that events go to.
  func register(_ subscriber: any Subscriber) -> any SubscriptionHandle {
    let key = state.withLock { state in
      state.lastKey += 1
      state.subscribers[state.lastKey] = subscriber
      return state.lastKey
    }
    log.record("subscribed")
    return Handle(service: self, key: key)
  }

  static func payload(_ text: String) -> SharedPayload {
    let json: JSON = ["data": ["events": .string(text)]]
    return SharedPayload(bytes: json.bytes)
  }

  /// Delivers one event to every subscriber.
  func publish(_ text: String) {
    let payload = Self.payload(text)
    for subscriber in subscribers { subscriber.next(payload) }
  }

  var subscribers: [any Subscriber] {
    state.withLock { state in state.subscribers.sorted { $0.key < $1.key }.map(\.value) }
  }

  /// Closes every socket as a revocation does.
  func revokeAll() {
    let controls = state.withLock { Array($0.controls.values) }
    for control in controls { control.close(code: 4403, reason: "Session revoked") }
  }

  func open(_ gate: String) {
    let waiting = state.withLock { state in
      state.openGates.insert(gate)
      return state.waiting.removeValue(forKey: gate) ?? []
    }
    for continuation in waiting { continuation.resume() }
  }

  func pass(_ gate: String) async {
    await withCheckedContinuation { continuation in
      let isOpen = state.withLock { state in
        if state.openGates.contains(gate) { return true }
        state.waiting[gate, default: []].append(continuation)
        return false
      }
      if isOpen { continuation.resume() }
    }
  }

  private func cancel(_ key: Int) {
    let wasThere = state.withLock { $0.subscribers.removeValue(forKey: key) != nil }
    if wasThere { log.record("cancelled") }
  }
}
