internal import Client
internal import History
internal import JSON
internal import Scenario
private import Synchronization
internal import Wire
internal import World

/// What the actors of one run share.
struct ActorSurroundings: Sendable {
  let system: any SystemUnderTest
  let world: World
  let chronicle: Chronicle
  /// Under load only.
  var metrics: MetricsRecorder?
  var deliveries: DeliveryCorrelator?
  /// From one heartbeat of a socket to the next; `nil` leaves the client's own.
  var heartbeat: Duration?
  var inboxLimit = Inboxes.functionalLimit
  /// Which inboxes the steps look into; `nil` keeps what comes into any.
  var inboxUse: InboxUse?
}

/// One actor: a session, requests over HTTP, at most one open socket, and an inbox for each subscription. It writes down
/// all it does and sees.
final class ActorClient: Sendable {
  /// How long a fence, and the end of a closing handshake, may take.
  static let fenceLimit = Duration.seconds(10)
  static let closeLimit = Duration.seconds(5)
  /// What a server without fences is given to settle.
  static let settling = Duration.milliseconds(300)

  let name: String
  let identity: ActorIdentity
  let inboxes: Inboxes
  private let around: ActorSurroundings
  private let http: GraphQLHTTPClient
  private let state = Mutex(State())

  private struct State {
    var connection: Connection?
    var connections = 0
    var fences = 0
    /// Sockets that were silenced stay open, as a sleeping laptop's does, until the actor retires.
    var silenced: [GraphQLSocketClient] = []
    /// Bytes of messages of the sockets that are over.
    var traffic = (sent: 0, received: 0)
    /// Whether the last socket ended because the actor wanted it.
    var hasLeft = true
    /// How the last socket ended when the actor did not want it.
    var ending: String?
  }

  private struct Connection {
    let number: Int
    let client: GraphQLSocketClient
    var isClosing = false
    var subscriptions: [String: Subscription] = [:]
    var operations: [String: PendingOperation] = [:]
  }

  private struct Subscription {
    let number: Int
    let action: String
    let inbox: String
    /// For failures; under load nobody asks.
    let variables: JSON
    var refusal: [JSON]?
    /// The errors of the last result: what ended the subscription when nothing else did.
    var errors: [JSON]?
    var hasEnded = false
    /// The server has confirmed it.
    var isLive = false
  }

  private struct PendingOperation {
    var payload: JSON?
    var outcome: Result<JSON, ClientError>?
    var continuation: CheckedContinuation<Result<JSON, ClientError>, Never>?
  }

  /// Gives the actor a session.
  init(_ actor: Actor, around: ActorSurroundings) async throws {
    name = actor.name
    self.around = around
    identity = try await around.system.logIn(actor)
    inboxes = Inboxes(limit: around.inboxLimit, use: around.inboxUse)
    http = GraphQLHTTPClient(transport: around.system.transport, endpoint: around.system.endpoint)
    record(.login(user: identity.userID, organization: identity.organization))
  }

  func record(_ what: @autoclosure () -> HistoryEvent.What) { around.chronicle.record(name, what()) }

  // Connecting and disconnecting

  var isConnected: Bool { state.withLock { $0.connection.map { !$0.isClosing } ?? false } }

  private var notConnected: ActorError { .notConnected(state.withLock(\.ending)) }

  /// Whether the actor has no socket because it wanted none.
  var hasLeft: Bool { state.withLock { $0.connection == nil && $0.hasLeft } }

  func connect() async throws {
    guard !isConnected else { throw ActorError.connectedAlready }
    let number = state.withLock { state in
      state.connections += 1
      return state.connections
    }
    var configuration = SocketClientConfiguration()
    if let heartbeat = around.heartbeat { configuration.heartbeatInterval = heartbeat }
    let client = GraphQLSocketClient(
      transport: around.system.transport, endpoint: around.system.endpoint, world: around.world,
      name: "\(name)/\(number)", configuration: configuration
    ) { [weak self] event in
      self?.handle(event, on: number)
    }
    inboxes.reset()
    state.withLock { $0.connection = Connection(number: number, client: client) }
    let started = around.world.clock.now
    do throws(ClientError) { try await client.connect(token: identity.bearer) } catch {
      state.withLock { state in
        if state.connection?.number == number { state.connection = nil }
      }
      throw error
    }
    around.metrics?.record(.connectDuration, around.world.clock.now - started)
    record(.connected)
  }

  func disconnect(_ manner: DisconnectManner) async throws {
    let connection = state.withLock { state -> Connection? in
      guard let connection = state.connection, !connection.isClosing else { return nil }
      state.hasLeft = true
      if manner == .silent {
        state.connection = nil
        state.silenced.append(connection.client)
      } else {
        state.connection?.isClosing = true
      }
      return connection
    }
    guard let connection else { throw notConnected }
    switch manner {
    case .silent:
      record(.silenced)
      connection.client.silence()
      fail(connection.operations, ClientError(.closed, "The actor fell silent"))
    case .drop: connection.client.abort()
    case .close:
      connection.client.close(code: CloseCode.normal.rawValue, reason: "")
      do {
        try await around.world.withTimeout(Self.closeLimit) { [self] in
          while true {
            let arrivals = inboxes.unclaimed(Inboxes.closed).arrivals
            guard state.withLock({ $0.connection?.number == connection.number }) else { return }
            try Task.checkCancellation()
            await inboxes.waitForArrival(after: arrivals)
          }
        }
      } catch is TimedOut { connection.client.abort() }
    }
  }

  /// Ends whatever is still open, without waiting.
  func retire() {
    let (connection, silenced) = state.withLock { state in
      state.hasLeft = true
      state.connection?.isClosing = true
      defer { state.silenced = [] }
      return (state.connection, state.silenced)
    }
    connection?.client.close()
    for client in silenced { client.abort() }
  }

  /// Bytes of messages over all sockets so far.
  var traffic: (sent: Int, received: Int) {
    state.withLock { state in
      let current = state.connection?.client.traffic ?? (sent: 0, received: 0)
      return (state.traffic.sent + current.sent, state.traffic.received + current.received)
    }
  }

  // Subscriptions and fences

  /// Opens a subscription and returns when the server has confirmed that it is live.
  func subscribe(_ operation: Operation, variables: JSONObject, inbox: String) async throws {
    let number = around.chronicle.nextNumber()
    let wireID = String(number)
    inboxes.open(inbox)
    let shown = Redaction.redacted(.object(variables))
    let client = state.withLock { state -> GraphQLSocketClient? in
      guard let connection = state.connection, !connection.isClosing else { return nil }
      // Known before the first frame can arrive.
      state.connection?.subscriptions[wireID] = Subscription(
        number: number, action: operation.name, inbox: inbox, variables: around.metrics == nil ? shown : .null)
      return connection.client
    }
    guard let client else { throw notConnected }
    record(.subscribe(id: number, action: operation.name, variables: shown))
    client.start(
      id: wireID, query: operation.document, operationName: operation.operationName, variables: variables)
    try await fence()
    let (refusal, hasEnded) = state.withLock { state in
      let subscription = state.connection?.subscriptions[wireID]
      let hasEnded = subscription?.hasEnded ?? true
      return (subscription?.refusal ?? (hasEnded ? subscription?.errors : nil), hasEnded)
    }
    if let refusal { throw ActorError.refused(refusal) }
    if hasEnded { throw ActorError.subscriptionEnded }
    state.withLock { $0.connection?.subscriptions[wireID]?.isLive = true }
    record(.subscribed(id: number))
  }

  /// What feeds an inbox, in the order in which it was opened: `added {"thread":"t"}`.
  func sources(of inbox: String) -> [String] {
    let subscriptions = state.withLock { $0.connection?.subscriptions.values.filter { $0.inbox == inbox } ?? [] }
    return subscriptions.sorted { $0.number < $1.number }.filter { !$0.hasEnded }
      .map { "\($0.action) \(Shown.of($0.variables))" }
  }

  /// Returns when everything that was committed before has arrived.
  func fence() async throws {
    let (client, count) = state.withLock { state -> (GraphQLSocketClient?, Int) in
      state.fences += 1
      return (state.connection.flatMap { $0.isClosing ? nil : $0.client }, state.fences)
    }
    guard let client else { throw notConnected }
    let fenceName = "\(name)-\(count)"
    let asked = around.chronicle.now
    let fences = around.system.fences
    do {
      // A server without fences need not give back what a ping carries: then the time that has passed must do.
      try await around.world.withTimeout(fences ? Self.fenceLimit : Self.settling) { try await client.fence(fenceName) }
    } catch is TimedOut { if fences { throw ActorError.fenceLost } }
    if fences {
      record(.fence(name: fenceName, asked: asked))
    } else {
      try await around.world.sleep(for: Self.settling)
    }
  }

  // Operations

  /// Executes a query or a mutation.
  /// - Parameters:
  ///   - intended: when it should have started; `nil` is now.
  ///   - countingStatements: asks the server for the number of SQL statements.
  ///   - measuredUnder: the tags of its iteration; `nil` when its duration does not count.
  func execute(
    _ operation: Operation, variables: JSONObject, channel: OperationStep.Channel, intended: Instant?,
    countingStatements: Bool, measuredUnder tags: [MetricTag]?
  ) async throws -> OperationResponse {
    let number = around.chronicle.nextNumber()
    let started = around.world.clock.now
    let intended = intended ?? started
    let shown = Redaction.redacted(.object(variables))
    record(
      .invoke(
        id: number, action: operation.name, kind: operation.kind.rawValue, variables: shown,
        intended: around.chronicle.offset(of: intended)))
    let extensions: JSONObject = countingStatements ? ["statements": true] : [:]
    let map: JSON
    do throws(ClientError) {
      map =
        switch channel {
        case .http: try await overHTTP(operation, variables, extensions)
        case .socket: try await overSocket(number, operation, variables, extensions)
        }
    } catch {
      switch error.kind {
      case .refused, .unreachable: record(.fail(id: number, errors: [["message": .string(error.message)]]))
      default: record(.unknown(id: number, reason: error.message))
      }
      around.metrics?.sample(.errors, true, tags: [MetricTag(.action, operation.name)] + (tags ?? []))
      if error.kind == .cancelled { throw CancellationError() }
      throw error
    }
    let response = OperationResponse(map, of: operation, ended: around.world.clock.now)
    switch response.verdict {
    case .ok: record(.ok(id: number, data: Redaction.redacted(response.data)))
    case .refused: record(.fail(id: number, errors: Redaction.redacted(.array(response.errors + response.userErrors))))
    case .unknown: record(.unknown(id: number, reason: response.errors.first?["message"]?.string ?? "partial response"))
    }
    if let tags {
      let tags = [MetricTag(.action, operation.name)] + tags
      around.metrics?.record(.operationDuration, response.ended - intended, tags: tags)
      around.metrics?.record(.serviceTime, response.ended - started, tags: tags)
    }
    if response.verdict == .ok {
      around.deliveries?.caused(
        by: operation.name, data: response.data, variables: .object(variables), intended: intended)
    }
    return response
  }

  private func overHTTP(
    _ operation: Operation, _ variables: JSONObject, _ extensions: JSONObject
  ) async throws(ClientError) -> JSON {
    let response = try await http.execute(
      query: operation.document, operationName: operation.operationName, variables: variables,
      extensions: extensions, token: identity.bearer)
    around.metrics?.add(.bytesSent, response.bytesSent)
    around.metrics?.add(.bytesReceived, response.bytesReceived)
    return response.json
  }

  private func overSocket(
    _ number: Int, _ operation: Operation, _ variables: JSONObject, _ extensions: JSONObject
  ) async throws(ClientError) -> JSON {
    let wireID = String(number)
    let client = state.withLock { state -> GraphQLSocketClient? in
      guard let connection = state.connection, !connection.isClosing else { return nil }
      state.connection?.operations[wireID] = PendingOperation()
      return connection.client
    }
    let isStarted =
      client?.start(
        id: wireID, query: operation.document, operationName: operation.operationName, variables: variables,
        extensions: extensions) ?? false
    guard isStarted else {
      state.withLock { $0.connection?.operations[wireID] = nil }
      throw ClientError(.closed, "The actor \(notConnected.message)")
    }
    let outcome = await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let known = state.withLock { state -> Result<JSON, ClientError>? in
          guard let pending = state.connection?.operations[wireID] else {
            return .failure(ClientError(.closed, "The socket of \(name) ended"))
          }
          if let outcome = pending.outcome { return outcome }
          if Task.isCancelled { return .failure(ClientError(.cancelled, "Cancelled")) }
          state.connection?.operations[wireID]?.continuation = continuation
          return nil
        }
        if let known { continuation.resume(returning: known) }
      }
    } onCancel: {
      settle(wireID, .failure(ClientError(.cancelled, "Cancelled")))
    }
    state.withLock { $0.connection?.operations[wireID] = nil }
    return try outcome.get()
  }

  private func settle(_ wireID: String, _ outcome: Result<JSON, ClientError>) {
    let continuation = state.withLock { state in
      state.connection?.operations[wireID]?.outcome = outcome
      return state.connection?.operations[wireID]?.continuation.take()
    }
    continuation?.resume(returning: outcome)
  }

  // What arrives: called in order, one at a time.

  private func handle(_ event: SocketClientEvent, on number: Int) {
    switch event {
    case .next(let id, let payload): next(id, payload, on: number)
    case .error(let id, let errors):
      let subscription = withCurrent(number) { connection -> Subscription? in
        connection.subscriptions[id]?.refusal = errors
        connection.subscriptions[id]?.hasEnded = true
        return connection.subscriptions[id]
      }
      if let subscription = subscription ?? nil {
        record(.unsubscribed(id: subscription.number, errors: Redaction.redacted(.array(errors))))
        // One that was refused never began.
        if subscription.isLive { ended(subscription, errors) }
      } else {
        settle(id, .success(["errors": .array(errors)]))
      }
    case .complete(let id):
      let (subscription, payload) =
        withCurrent(number) { connection -> (Subscription?, JSON?) in
          guard connection.subscriptions[id]?.hasEnded == false else {
            return (nil, connection.operations[id]?.payload)
          }
          connection.subscriptions[id]?.hasEnded = true
          return (connection.subscriptions[id], nil)
        } ?? (nil, nil)
      if let subscription {
        record(.unsubscribed(id: subscription.number, errors: .null))
      } else {
        let lost = ClientError(.protocolViolation, "The operation completed without a result")
        settle(id, payload.map { .success($0) } ?? .failure(lost))
      }
    case .pong: break
    case .closed(let code, let reason, _): closed(code, reason, on: number)
    }
  }

  private func ended(_ subscription: Subscription, _ errors: [JSON]) {
    let data: JSON = [
      "inbox": .string(subscription.inbox), "code": errors.first?["extensions"]?["code"] ?? .null,
      "message": errors.first?["message"] ?? .null,
    ]
    inboxes.append(Inboxes.ended, data: data, errors: nil, arrived: around.world.clock.now)
  }

  private func next(_ id: String, _ payload: JSON, on number: Int) {
    let subscription = withCurrent(number) { connection -> Subscription? in
      if let subscription = connection.subscriptions[id] {
        connection.subscriptions[id]?.errors = payload["errors"]?.array
        return subscription
      }
      connection.operations[id]?.payload = payload
      return nil
    }
    guard let subscription = subscription ?? nil else { return }
    let arrived = around.world.clock.now
    let data = payload["data"] ?? .null
    let shown = Redaction.redacted(data)
    record(.event(subscription: subscription.number, data: shown, extensions: payload["extensions"] ?? [:]))
    around.metrics?.add(.eventsReceived, tags: [MetricTag(.event, subscription.action)])
    around.deliveries?.arrived(subscription.action, data: data, at: arrived)
    inboxes.append(subscription.inbox, data: data, errors: payload["errors"], arrived: arrived)
  }

  private func closed(_ code: UInt16, _ reason: String, on number: Int) {
    let ended = state.withLock { state -> Connection? in
      guard let connection = state.connection, connection.number == number else { return nil }
      let traffic = connection.client.traffic
      state.traffic = (state.traffic.sent + traffic.sent, state.traffic.received + traffic.received)
      state.hasLeft = connection.isClosing
      let why = reason.isEmpty ? "" : " (\(reason))"
      state.ending = connection.isClosing ? nil : "it was closed with code \(code)\(why)"
      state.connection = nil
      return connection
    }
    guard let ended else { return }
    record(.closed(code: code, reason: reason, initiated: ended.isClosing))
    fail(
      ended.operations,
      ClientError(.closed, "The socket was closed with code \(code)", closeCode: CloseCode(rawValue: code)))
    inboxes.append(
      Inboxes.closed, data: ["code": .int(Int64(code)), "reason": .string(reason)], errors: nil,
      arrived: around.world.clock.now)
  }

  private func fail(_ operations: [String: PendingOperation], _ error: ClientError) {
    for (_, pending) in operations.sorted(by: { $0.key < $1.key }) {
      pending.continuation?.resume(returning: pending.outcome ?? .failure(error))
    }
  }

  private func withCurrent<T>(_ number: Int, _ body: (inout Connection) -> T) -> T? {
    state.withLock { state in
      guard var connection = state.connection, connection.number == number else { return nil }
      state.connection = nil
      let result = body(&connection)
      state.connection = connection
      return result
    }
  }
}
