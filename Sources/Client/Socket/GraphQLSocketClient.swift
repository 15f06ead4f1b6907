package import JSON
private import Synchronization
package import Wire
package import World

/// One connection of graphql-transport-ws, from the client's end: carries out what ``SocketClientState`` decides.
///
/// It lives as long as its connection and no longer: reconnecting is making another, and what to resume there is the
/// business of the layer above, which sees every event in order.
package final class GraphQLSocketClient: Sendable {
  private struct Guarded {
    var state: SocketClientState
    /// Decided, and not carried out yet. Whoever finds nobody at it carries all of it out, in order, without the lock.
    var effects: [SocketClientState.Effect] = []
    var isPerforming = false
    var socket: (any ClientSocket)?
    /// Sent before the transport had given us the socket.
    var unsent: [SocketClientState.Effect] = []
    var connecting: CheckedContinuation<Result<Void, ClientError>, Never>?
    var connection: Result<Void, ClientError>?
    var fences:
      [(waiter: SocketClientState.WaiterKey, continuation: CheckedContinuation<Result<Void, ClientError>, Never>)] =
        []
    var lastWaiter: SocketClientState.WaiterKey = 0
    var heartbeat: (timer: TimerKey?, next: Heartbeat)?
    var areTimersStopped = false
    var bytesSent = 0
  }

  /// When the next comes, and when the first without an answer must have one. That limit may be longer than the interval: the
  /// next heartbeat does not wait for it.
  private struct Heartbeat {
    var random: RandomStream
    var beat: Instant
    var due: Instant?
  }

  private let transport: any ClientTransport
  private let endpoint: Endpoint
  private let world: World
  private let configuration: SocketClientConfiguration
  private let name: String
  private let onEvent: @Sendable (SocketClientEvent) -> Void
  private let guarded: Mutex<Guarded>

  /// - Parameters:
  ///   - name: who this is, unique among the clients of a world: it names the random stream of the heartbeat.
  ///   - onEvent: called for everything that comes, one at a time, in order, on whatever thread brings it. It may call
  ///     the client.
  package init(
    transport: any ClientTransport, endpoint: Endpoint, world: World, name: String,
    configuration: SocketClientConfiguration = SocketClientConfiguration(),
    onEvent: @escaping @Sendable (SocketClientEvent) -> Void
  ) {
    self.transport = transport
    self.endpoint = endpoint
    self.world = world
    self.name = name
    self.configuration = configuration
    self.onEvent = onEvent
    guarded = Mutex(Guarded(state: SocketClientState(pongLimit: configuration.pongLimit)))
  }

  /// Whether the connection is acknowledged and not over.
  package var isReady: Bool { guarded.withLock { $0.state.isReady } }

  /// Bytes of messages so far.
  package var traffic: (sent: Int, received: Int) { guarded.withLock { ($0.bytesSent, $0.state.bytesReceived) } }

  /// Opens the socket, introduces itself and waits for the acknowledgement; to be called once.
  /// - Parameters:
  ///   - token: sent in the payload of `connection_init` as `token`.
  ///   - payload: the rest of that payload.
  ///   - headers: fields for the handshake besides its own.
  package func connect(
    token: String? = nil, payload: JSONObject? = nil, headers: HTTPHeaders = [:]
  ) async throws(ClientError) {
    var introduction = payload
    if let token {
      introduction = introduction ?? [:]
      introduction?["token"] = .string(token)
    }
    var fields = headers
    fields.set("Sec-WebSocket-Protocol", TransportMessage.subprotocol)
    let upgrade = HTTPRequest(method: "GET", target: endpoint.path, headers: fields)
    let socket = try await transport.openSocket(upgrade, to: endpoint) { event in self.handle(.transport(event)) }
    attach(socket)
    handle(.opened(payload: introduction))
    let limit = world.schedule(at: world.clock.now + configuration.acknowledgementLimit) { [weak self] in
      self?.handle(.acknowledgementDue)
    }
    defer { world.cancel(limit) }
    let outcome = await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let known = guarded.withLock { guarded in
          if guarded.connection == nil { guarded.connecting = continuation }
          return guarded.connection
        }
        if let known { continuation.resume(returning: known) }
      }
    } onCancel: {
      handle(.abort(ClientError(.cancelled, "Connecting was cancelled")))
    }
    try outcome.get()
    startHeartbeat()
  }

  /// Starts a subscription, or runs a query or mutation, under an id that is not in use.
  /// - Returns: false when the socket is not open; nothing was sent.
  @discardableResult
  package func start(
    id: String, query: String, operationName: String? = nil, variables: JSONObject = [:], extensions: JSONObject = [:]
  ) -> Bool {
    let body = OperationBody.bytes(
      query: query, operationName: operationName, variables: variables, extensions: extensions)
    return handle(.operation(id: id, body: body))
  }

  /// Ends the operation `id`. Events that were on their way may still come.
  package func complete(id: String) { handle(.complete(id: id)) }

  /// Returns when every subscription that was started before is live, and everything committed before has come.
  /// - Parameter name: tells this fence from others; it comes back in the `pong`.
  package func fence(_ name: String) async throws(ClientError) {
    let waiter = guarded.withLock { guarded in
      guarded.lastWaiter += 1
      return guarded.lastWaiter
    }
    let outcome = await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        guarded.withLock { $0.fences.append((waiter, continuation)) }
        handle(.fence(waiter, name: name))
        // A task that was cancelled already has had its handler called in vain.
        if Task.isCancelled { handle(.fenceAbandoned(waiter)) }
      }
    } onCancel: {
      handle(.fenceAbandoned(waiter))
    }
    try outcome.get()
  }

  /// Says goodbye; `.closed` follows.
  package func close(code: UInt16 = CloseCode.normal.rawValue, reason: String = "") {
    handle(.close(code: code, reason: reason))
  }

  /// Cuts the connection without a goodbye.
  package func abort() { handle(.abort(ClientError(.closed, "The client cut the connection"))) }

  /// Goes half-open: no heartbeat, no answer, nothing heard, while the connection stays open.
  package func silence() { handle(.silence) }

  // The state machine's shell.

  /// - Returns: whether the socket was open.
  @discardableResult
  private func handle(_ event: SocketClientState.Event) -> Bool {
    let (isReady, mustPerform) = guarded.withLock { guarded in
      let isReady = guarded.state.isReady
      guarded.effects += guarded.state.handle(event)
      let mustPerform = !guarded.isPerforming && !guarded.effects.isEmpty
      if mustPerform { guarded.isPerforming = true }
      return (isReady, mustPerform)
    }
    if mustPerform { performAll() }
    return isReady
  }

  private func performAll() {
    while true {
      let effects = guarded.withLock { guarded in
        defer { guarded.effects = [] }
        guarded.isPerforming = !guarded.effects.isEmpty
        return guarded.effects
      }
      if effects.isEmpty { return }
      for effect in effects { perform(effect) }
    }
  }

  private func perform(_ effect: SocketClientState.Effect) {
    switch effect {
    case .emit(let event): onEvent(event)
    case .connected: resolve(.success(()))
    case .connectionFailed(let error): resolve(.failure(error))
    case .fenceReached(let waiter): resume(waiter, .success(()))
    case .fenceFailed(let waiter, let error): resume(waiter, .failure(error))
    case .stopTimers:
      let timer = guarded.withLock { guarded in
        defer { guarded.heartbeat = nil }
        guarded.areTimersStopped = true
        return guarded.heartbeat?.timer
      }
      if let timer { world.cancel(timer) }
    case .send, .closeSocket, .abortSocket, .silenceSocket: tell(effect)
    }
  }

  private func tell(_ effect: SocketClientState.Effect) {
    let socket = guarded.withLock { guarded in
      if guarded.socket == nil { guarded.unsent.append(effect) }
      if case .send(let text) = effect { guarded.bytesSent += text.count }
      return guarded.socket
    }
    guard let socket else { return }
    switch effect {
    case .send(let text): socket.send(text: text)
    case .closeSocket(let code, let reason): socket.close(code: code, reason: reason)
    case .abortSocket: socket.abort()
    case .silenceSocket: socket.silence()
    default: break
    }
  }

  private func attach(_ socket: any ClientSocket) {
    let unsent = guarded.withLock { guarded in
      defer { guarded.unsent = [] }
      guarded.socket = socket
      return guarded.unsent
    }
    for effect in unsent { tell(effect) }
  }

  private func resolve(_ outcome: Result<Void, ClientError>) {
    let continuation = guarded.withLock { guarded in
      guarded.connection = guarded.connection ?? outcome
      return guarded.connecting.take()
    }
    continuation?.resume(returning: outcome)
  }

  private func resume(_ waiter: SocketClientState.WaiterKey, _ outcome: Result<Void, ClientError>) {
    let continuation = guarded.withLock { guarded in
      let index = guarded.fences.firstIndex { $0.waiter == waiter }
      let continuation = index.map { guarded.fences.remove(at: $0).continuation }
      if guarded.fences.isEmpty { guarded.fences = [] }
      return continuation
    }
    continuation?.resume(returning: outcome)
  }

  private func startHeartbeat() {
    guard let interval = configuration.heartbeatInterval else { return }
    var random = world.random("socket-client/\(name)/heartbeat")
    // The first comes at a random moment, so that clients that connected together do not beat together.
    let beat = world.clock.now + random.duration(in: .zero...interval)
    schedule(Heartbeat(random: random, beat: beat))
  }

  private func schedule(_ next: Heartbeat) {
    guarded.withLock { guarded in
      if !guarded.areTimersStopped { guarded.heartbeat = (nil, next) }
    }
    let timer = world.schedule(at: min(next.beat, next.due ?? next.beat)) { [weak self] in self?.beat() }
    let isTooLate = guarded.withLock { guarded in
      guarded.heartbeat?.timer = timer
      return guarded.areTimersStopped
    }
    if isTooLate { world.cancel(timer) }
  }

  private func beat() {
    guard let interval = configuration.heartbeatInterval,
      let (heartbeat, awaits) = guarded.withLock({ guarded in
        guarded.heartbeat.map { ($0.next, guarded.state.awaitsHeartbeat) }
      })
    else { return }
    var next = heartbeat
    let now = world.clock.now
    if !awaits { next.due = nil }
    if let limit = next.due, now >= limit {
      handle(.heartbeatDue)
      next.due = nil
    }
    if now >= next.beat {
      handle(.heartbeat)
      next.due = next.due ?? now + configuration.pongLimit
      let jitter = interval * configuration.heartbeatJitter
      next.beat = now + next.random.duration(in: interval - jitter...interval + jitter)
    }
    schedule(next)
  }
}
