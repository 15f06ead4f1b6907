internal import GraphQL
private import Synchronization
internal import Wire
internal import World

/// One socket: carries out what ``SocketState`` decides.
///
/// Messages are put on the outbound queue within the lock that guards the state, so that their order is the order of the
/// decisions, whichever thread they were made on. Everything else happens outside it.
final class SocketSession: SocketInbound, SocketControl, OpenSession {
  private struct Guarded {
    var state: SocketState
    var operations: [SocketState.OperationKey: RunningOperation] = [:]
    var identity: (any ServiceIdentity)?
    var initialisation: Task<Void, Never>?
    /// How many operations it has begun, and how we closed it.
    var operationCount = 0
    var closeCode: CloseCode?
  }

  /// What is done outside the lock.
  private enum Deed {
    case effect(SocketState.Effect)
    case start(RunningOperation, RequestParameters)
    case stop(RunningOperation)
    case finished(RunningOperation)
    case cancel(Task<Void, Never>)
  }

  let id: SocketID
  private let core: ServerCore
  private let outbound: any SocketOutbound
  private let headerToken: String?
  private let requestID: String
  private let peer: String?
  private let began: Instant
  private let guarded: Mutex<Guarded>

  /// - Parameter upgrade: the request that opened it, with its id.
  init(id: SocketID, core: ServerCore, token: String?, outbound: any SocketOutbound, upgrade: HTTPRequest) {
    requestID = upgrade.headers[RequestID.field] ?? ""
    peer = upgrade.peer
    began = core.world.clock.now
    self.id = id
    self.core = core
    self.outbound = outbound
    self.headerToken = token
    let configuration = core.configuration
    let limits = SocketState.Limits(
      operations: configuration.operationsPerSocket, fences: configuration.fencesPerSocket,
      messageBytes: configuration.messageLimit, silence: configuration.silenceLimit)
    guarded = Mutex(Guarded(state: SocketState(limits: limits, now: core.world.clock.now)))
  }

  // What the transport and the server call.

  func opened(speaksOurs: Bool) {
    core.metrics.sockets.add()
    core.metrics.socketsOpened.add()
    handle(.opened(speaksOurs: speaksOurs, token: headerToken))
  }

  func received(text: [UInt8]) { handle(.received(text)) }

  func ended() { handle(.ended) }

  func look() { handle(.silenceCheck) }

  func close(_ code: CloseCode, reason: String) { handle(.closeWanted(code, reason: reason)) }

  func close(code: UInt16, reason: String) { close(CloseCode(rawValue: code), reason: reason) }

  // The state machine's shell.

  /// Sends one event of a subscription; the shared payload is not copied.
  func deliver(_ prefix: [UInt8], _ payload: [UInt8], of key: SocketState.OperationKey) {
    core.metrics.delivered.add()
    let deeds = guarded.withLock { guarded -> [Deed] in
      guard guarded.state.isLive(key),
        !outbound.send(prefix: prefix, payload: payload, suffix: SocketState.nextSuffix)
      else { return [] }
      // Within the lock: once one event found no room, none may follow it.
      core.metrics.overflows.add()
      return decide(.overflow, core.world.clock.now, &guarded)
    }
    for deed in deeds { perform(deed) }
  }

  func handle(_ event: SocketState.Event) {
    let now = core.world.clock.now
    let deeds = guarded.withLock { decide(event, now, &$0) }
    for deed in deeds { perform(deed) }
  }

  private func decide(_ event: SocketState.Event, _ now: Instant, _ guarded: inout Guarded) -> [Deed] {
    var deeds: [Deed] = []
    var effects = guarded.state.handle(event, now: now)[...]
    while let effect = effects.popFirst() {
      switch effect {
      case .send(let message):
        if !outbound.send(prefix: message.prefix, payload: message.payload, suffix: message.suffix) {
          core.metrics.overflows.add()
          effects.append(contentsOf: guarded.state.handle(.overflow, now: now))
        }
      case .start(let key, let id, let parameters):
        let operation = RunningOperation(key: key, id: id, session: self, began: now)
        guarded.operationCount += 1
        guarded.operations[key] = operation
        deeds.append(.start(operation, parameters))
      case .stop(let key):
        if let operation = guarded.operations.removeValue(forKey: key) { deeds.append(.stop(operation)) }
      case .cancelInitialisation:
        if let task = guarded.initialisation.take() { deeds.append(.cancel(task)) }
      case .close(let code, _):
        guarded.closeCode = code
        deeds.append(.effect(effect))
      default: deeds.append(.effect(effect))
      }
    }
    switch event {
    case .result(let key, _), .streamEnded(let key), .streamFailed(let key, _):
      if let operation = guarded.operations.removeValue(forKey: key) { deeds.append(.finished(operation)) }
    default: break
    }
    return deeds
  }

  private func perform(_ deed: Deed) {
    switch deed {
    case .start(let operation, let parameters):
      let task = core.world.spawn { await self.run(operation, parameters) }
      operation.attach(task)
    case .stop(let operation): operation.stop()
    case .finished(let operation): operation.finished()
    case .cancel(let task): task.cancel()
    case .effect(.authenticate(let token)): core.world.spawn { await self.authenticate(token) }
    case .effect(.introduce):
      guard let identity = guarded.withLock({ $0.identity }) else { return }
      core.service.socketOpened(id, identity: identity, control: self)
      handle(.introduced)
    case .effect(.alive): core.service.socketAlive(id)
    case .effect(.farewell): core.service.socketClosed(id)
    case .effect(.awaitFence(let key)):
      core.world.spawn {
        await self.core.service.fence()
        self.handle(.fenceReached(key))
      }
    case .effect(.scheduleInitialisation): scheduleInitialisation()
    case .effect(.close(let code, let reason)): outbound.close(code, reason: reason)
    case .effect(.release): release()
    case .effect(.send), .effect(.start), .effect(.stop), .effect(.cancelInitialisation): break
    }
  }

  private func release() {
    core.sockets.remove(id)
    core.metrics.sockets.add(-1)
    guard let log = core.log, log.wants(.info) else { return }
    let (caller, count, code) = guarded.withLock { ($0.identity?.ids, $0.operationCount, $0.closeCode) }
    var record = LogRecord(.info, "socket closed")
    record.add("requestId", requestID)
    record.add("socket", id.description)
    record.add("closedBy", code == nil ? "peer" : "server")
    record.add("code", code.map { Int($0.rawValue) })
    record.add("operations", count)
    record.add(core.world.clock.now - began)
    record.add("peer", peer)
    if let caller { record.add(caller) }
    log.add(record)
  }

  func subscriptionEnded(_ report: OperationReport, since began: Instant) {
    core.metrics.subscriptions.add(-1)
    var report = report
    report.duration = core.world.clock.now - began
    log(report)
  }

  private func log(_ report: OperationReport) {
    core.log(report, of: requestID, id, caller: guarded.withLock { $0.identity?.ids } ?? CallerIDs())
  }

  private func scheduleInitialisation() {
    let task = core.world.spawn {
      do { try await self.core.world.sleep(for: self.core.configuration.initialisationTimeout) } catch { return }
      self.handle(.initialisationDue)
    }
    guarded.withLock { $0.initialisation = task }
  }

  private func authenticate(_ token: String?) async {
    do throws(AuthenticationFailure) {
      let identity = try await core.service.authenticate(token: token)
      guarded.withLock { $0.identity = identity }
      handle(.authenticated)
    } catch {
      handle(.refused(error))
    }
  }

  private func run(_ operation: RunningOperation, _ parameters: RequestParameters) async {
    guard core.work.begin() else {
      return handle(
        .result(operation.key, .requestError("The server is shutting down.", code: "SERVICE_UNAVAILABLE")))
    }
    defer { core.work.end() }
    guard let identity = guarded.withLock({ $0.identity }) else { return }
    if let refusal = core.tooMany(from: peer) ?? core.tooMany(from: identity.ids) {
      log(core.report(nil, .rateLimited, since: operation.began))
      return handle(.result(operation.key, refusal.result))
    }
    switch core.prepare(parameters) {
    case .failure(let result):
      log(core.report(nil, .requestError, since: operation.began))
      handle(.result(operation.key, result))
    case .success(let prepared): await run(operation, prepared, as: identity)
    }
  }

  private func run(
    _ operation: RunningOperation, _ prepared: any PreparedService, as identity: any ServiceIdentity
  ) async {
    switch prepared.kind {
    case .query, .mutation:
      handle(.settled(operation.key))
      if prepared.kind == .mutation ? !operation.becomeUnstoppable() : operation.isStopped { return }
      let (result, report) = await core.execute(
        prepared, as: identity, from: RequestOrigin(socket: id), since: operation.began)
      log(report)
      handle(.result(operation.key, result))
    case .subscription:
      if operation.isStopped { return }
      switch await core.service.subscribe(prepared, as: identity, socket: id, subscriber: operation) {
      case .active(let handle):
        core.metrics.subscriptions.add()
        operation.attach(handle, core.report(prepared, .started, since: operation.began))
        self.handle(.settled(operation.key))
        // It may have been completed, from either side, before it was ours to hold.
        if !guarded.withLock({ $0.state.isLive(operation.key) }) { operation.stop() }
      case .refused(let result):
        log(core.report(prepared, .requestError, since: operation.began))
        handle(.result(operation.key, result))
      }
    }
  }
}
