internal import GraphQL
internal import JSON
internal import Wire
internal import World

/// The server's end of graphql-transport-ws as a pure state machine: an event and the time in, effects out.
///
/// Source of its rules: github.com/enisdenjo/graphql-ws, PROTOCOL.md.
struct SocketState {
  struct Limits {
    var operations: Int
    var fences: Int
    var messageBytes: Int
    var silence: Duration
  }

  enum Event {
    case opened(speaksOurs: Bool, token: String?)
    case received([UInt8])
    /// Time has passed: nobody came to introduce itself, or nothing was heard.
    case initialisationDue
    case silenceCheck
    case authenticated
    case refused(AuthenticationFailure)
    /// The service has taken notice of the socket.
    case introduced
    /// A subscription is live, or an operation has turned out to be none: fences need not wait for it any more.
    case settled(OperationKey)
    case result(OperationKey, GraphQLResult)
    case streamEnded(OperationKey)
    case streamFailed(OperationKey, errors: [UInt8])
    case fenceReached(FenceKey)
    /// The outbound queue was full.
    case overflow
    case closeWanted(CloseCode, reason: String)
    case ended
  }

  enum Effect {
    case send(OutboundQueue.Message)
    case authenticate(token: String?)
    /// Tell the service of the socket, then report `introduced`.
    case introduce
    /// Tell the service that the peer lives.
    case alive
    /// Tell the service that the socket is gone.
    case farewell
    case start(OperationKey, id: String, RequestParameters)
    case stop(OperationKey)
    case awaitFence(FenceKey)
    /// Report `initialisationDue` when its time has come.
    case scheduleInitialisation
    case cancelInitialisation
    case close(CloseCode, reason: String)
    /// Forget the session.
    case release
  }

  /// An operation of this socket; never used twice, while clients may use their ids again.
  typealias OperationKey = UInt64
  typealias FenceKey = UInt64

  private enum Phase {
    /// Waits for `connection_init`.
    case new
    case authenticating
    /// Authenticated; the service is being told.
    case introducing
    case ready
    case closed
  }

  private struct Operation {
    let id: String
    var isSettled = false
  }

  private struct Fence {
    let payload: JSONObject
    var waitsFor: Set<OperationKey>
  }

  private let limits: Limits
  private var phase = Phase.new
  private var headerToken: String?
  private var isKnownToService = false
  private var lastHeard: Instant
  private var wasAsked = false
  private var operations: [OperationKey: Operation] = [:]
  private var keys: [String: OperationKey] = [:]
  private var fences: [FenceKey: Fence] = [:]
  private var lastKey: UInt64 = 0

  init(limits: Limits, now: Instant) {
    self.limits = limits
    self.lastHeard = now
  }

  /// Whether an event of this operation may be sent; the hot path of every delivery.
  func isLive(_ key: OperationKey) -> Bool { operations[key] != nil }

  mutating func handle(_ event: Event, now: Instant) -> [Effect] {
    if case .closed = phase { return handleClosed(event) }
    switch event {
    case .opened(let speaksOurs, let token):
      headerToken = token
      return speaksOurs
        ? [.scheduleInitialisation] : close(.subprotocolNotAcceptable, "Subprotocol not acceptable")
    case .received(let text): return received(text, now)
    case .initialisationDue:
      guard case .new = phase else { return [] }
      return close(.initialisationTimeout, "Connection initialisation timeout")
    case .silenceCheck: return checkSilence(now)
    case .authenticated:
      phase = .introducing
      return [.introduce]
    case .refused(let failure): return close(.forbidden, failure.message)
    case .introduced:
      isKnownToService = true
      phase = .ready
      return [send(.connectionAck(payload: nil))]
    case .settled(let key):
      operations[key]?.isSettled = true
      return settle(key)
    case .result(let key, let result): return finish(key, result)
    case .streamEnded(let key):
      guard let id = remove(key) else { return [] }
      return [send(.complete(id: id))] + settle(key)
    case .streamFailed(let key, let errors):
      guard let id = remove(key) else { return [] }
      return [Self.error(id, errors)] + settle(key)
    case .fenceReached(let key):
      guard let fence = fences.removeValue(forKey: key) else { return [] }
      return [send(.pong(payload: fence.payload))]
    case .overflow: return close(.policyViolation, "slow consumer")
    case .closeWanted(let code, let reason): return close(code, reason)
    case .ended: return end() + [.release]
    }
  }

  private mutating func handleClosed(_ event: Event) -> [Effect] {
    switch event {
    // The service was told of the socket while it was being closed: take that back.
    case .introduced: [.farewell]
    case .ended: [.release]
    default: []
    }
  }

  // What the peer sends.

  private mutating func received(_ text: [UInt8], _ now: Instant) -> [Effect] {
    lastHeard = now
    wasAsked = false
    guard text.count <= limits.messageBytes else {
      return close(.tooBig, "A message has at most \(limits.messageBytes) bytes")
    }
    let message: TransportMessage
    do throws(TransportMessageError) { message = try TransportMessage.decode(text) } catch {
      return close(.invalidMessage, error.message)
    }
    switch message {
    case .connectionInit(let payload): return initialise(payload)
    case .ping(let payload): return ping(payload)
    case .pong: return []
    case .subscribe(let id, let payload): return subscribe(id, payload)
    case .complete(let id): return complete(id)
    case .connectionAck, .next, .error: return close(.invalidMessage, "Only a server sends this type of message")
    }
  }

  private mutating func initialise(_ payload: JSONObject?) -> [Effect] {
    guard case .new = phase else {
      return close(.tooManyInitialisationRequests, "Too many initialisation requests")
    }
    do throws(RequestFault) {
      let token = try Self.token(in: payload) ?? headerToken
      phase = .authenticating
      return [.cancelInitialisation, .authenticate(token: token)]
    } catch {
      return close(.invalidMessage, error.message)
    }
  }

  /// `{"token": "…"}` or, as an HTTP client would say it, `{"authorization": "Bearer …"}`.
  private static func token(in payload: JSONObject?) throws(RequestFault) -> String? {
    for (key, value) in payload?.members ?? [] where !value.isNull {
      switch key {
      case "token":
        guard let token = value.string else { throw RequestFault(message: "'token' must be a string") }
        return token
      case "authorization", "Authorization":
        guard let text = value.string, case .token(let token) = BearerToken(authorization: text) else {
          throw RequestFault(message: "'\(key)' must be 'Bearer' and a token")
        }
        return token
      default: continue
      }
    }
    return nil
  }

  private mutating func ping(_ payload: JSONObject?) -> [Effect] {
    let alive: [Effect] = isKnownToService ? [.alive] : []
    guard let payload, payload["fence"]?.string != nil else { return alive + [send(.pong(payload: payload))] }
    guard fences.count < limits.fences else { return close(.policyViolation, "Too many fences") }
    lastKey += 1
    let unsettled = operations.filter { !$0.value.isSettled }.keys
    fences[lastKey] = Fence(payload: payload, waitsFor: Set(unsettled))
    return unsettled.isEmpty ? alive + [.awaitFence(lastKey)] : alive
  }

  private mutating func subscribe(_ id: String, _ payload: JSONObject) -> [Effect] {
    guard case .ready = phase else { return close(.unauthorized, "Unauthorized") }
    guard keys[id] == nil else { return close(.subscriberAlreadyExists, "Subscriber for \(id) already exists") }
    let parameters: RequestParameters
    do throws(RequestFault) { parameters = try RequestParameters.read(.object(payload)) } catch {
      return close(.invalidMessage, error.message)
    }
    guard operations.count < limits.operations else {
      let error = GraphQLResult.requestError(
        "A connection may have \(limits.operations) operations at once.", code: "TOO_MANY_OPERATIONS")
      return [Self.error(id, error)]
    }
    lastKey += 1
    operations[lastKey] = Operation(id: id)
    keys[id] = lastKey
    return [.start(lastKey, id: id, parameters)]
  }

  private mutating func complete(_ id: String) -> [Effect] {
    // It may cross our own `complete`, so one for an unknown id is no mistake.
    guard let key = keys[id] else { return [] }
    remove(key)
    return [.stop(key)] + settle(key)
  }

  // What the service does.

  private mutating func finish(_ key: OperationKey, _ result: GraphQLResult) -> [Effect] {
    guard let id = remove(key) else { return [] }
    guard result.outcome != .requestError else { return [Self.error(id, result)] + settle(key) }
    let next = Effect.send(
      OutboundQueue.Message(prefix: Self.nextPrefix(id), payload: result.bytes, suffix: Self.nextSuffix))
    return [next, send(.complete(id: id))] + settle(key)
  }

  /// Takes an operation that is settled, or gone, off what fences wait for.
  private mutating func settle(_ key: OperationKey) -> [Effect] {
    var effects: [Effect] = []
    for fence in fences.keys.sorted() {
      guard fences[fence]?.waitsFor.remove(key) != nil, fences[fence]?.waitsFor.isEmpty == true else { continue }
      effects.append(.awaitFence(fence))
    }
    return effects
  }

  @discardableResult
  private mutating func remove(_ key: OperationKey) -> String? {
    guard let operation = operations.removeValue(forKey: key) else { return nil }
    keys[operation.id] = nil
    return operation.id
  }

  private mutating func checkSilence(_ now: Instant) -> [Effect] {
    let silence = now - lastHeard
    if silence >= limits.silence { return close(.goingAway, "Nothing was heard for \(limits.silence)") }
    guard silence >= limits.silence / 2, !wasAsked else { return [] }
    wasAsked = true
    return [send(.ping(payload: nil))]
  }

  // The end.

  private mutating func close(_ code: CloseCode, _ reason: String) -> [Effect] {
    end() + [.close(code, reason: reason)]
  }

  private mutating func end() -> [Effect] {
    let stops = operations.keys.sorted().map { Effect.stop($0) }
    let farewell: [Effect] = isKnownToService ? [.farewell] : []
    phase = .closed
    operations = [:]
    keys = [:]
    fences = [:]
    return [.cancelInitialisation] + stops + farewell
  }

  // Messages.

  private func send(_ message: TransportMessage) -> Effect { .send(OutboundQueue.Message(payload: message.bytes)) }

  /// `{"id":…,"type":"next","payload":`; the response map and ``nextSuffix`` follow.
  static func nextPrefix(_ id: String) -> [UInt8] { prefix(id, "next") }
  static let nextSuffix: [UInt8] = [UInt8(ascii: "}")]

  private static func prefix(_ id: String, _ type: String) -> [UInt8] {
    var writer = JSONWriter()
    writer.raw("{\"id\":")
    writer.string(id)
    writer.raw(",\"type\":")
    writer.string(type)
    writer.raw(",\"payload\":")
    return writer.bytes
  }

  private static func error(_ id: String, _ errors: [UInt8]) -> Effect {
    .send(OutboundQueue.Message(prefix: prefix(id, "error"), payload: errors, suffix: nextSuffix))
  }

  private static func error(_ id: String, _ result: GraphQLResult) -> Effect {
    let errors = (try? JSON.parse(result.bytes))?["errors"] ?? [["message": "The request failed."]]
    return error(id, errors.bytes)
  }
}
