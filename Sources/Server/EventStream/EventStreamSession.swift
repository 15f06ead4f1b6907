internal import GraphQL
private import Synchronization
internal import Wire
internal import World

/// What a transport tells a stream that it carries.
package protocol EventStream: AnyObject, Sendable {
  /// The connection has ended, or its response; called once, last.
  func ended()
}

/// One operation whose results go out as server-sent events, in "distinct connections mode": a `next` for each result,
/// then `complete`. A stream that ends without `complete` was cut short, and its client comes again.
///
/// Sources: github.com/enisdenjo/graphql-sse, PROTOCOL.md; WHATWG HTML, section 9.2.
final class EventStreamSession: EventStream, OpenSession, SocketControl, Subscriber {
  private struct State {
    var isEnded = false
    /// The service has been told of the stream, and must be told of its end.
    var isKnown = false
    var handle: (any SubscriptionHandle)?
    /// What may be cancelled: not a mutation, which is carried out once it has begun.
    var task: Task<Void, Never>?
    /// What a live subscription is reported as when it ends.
    var report: OperationReport?
    var events = 0
  }

  // A response map is written without line breaks, so it is one field.
  private static let nextPrefix = Array("event: next\ndata: ".utf8)
  private static let nextSuffix = Array("\n\n".utf8)
  // Without a field of data, browsers would not show the event to the page.
  private static let completion = Array("event: complete\ndata: \n\n".utf8)
  private static let comment = Array(":\n\n".utf8)

  let id: SocketID
  private let core: ServerCore
  private let outbound: any SocketOutbound
  private let requestID: String
  private let began: Instant
  private let caller = Mutex(CallerIDs())
  private let state = Mutex(State())

  init(id: SocketID, core: ServerCore, outbound: any SocketOutbound, request: String) {
    requestID = request
    began = core.world.clock.now
    self.id = id
    self.core = core
    self.outbound = outbound
  }

  /// Starts the operation, or tells on the stream why there is none.
  /// - Returns: false when the server takes no new work.
  func begin(_ prepared: Result<any PreparedService, GraphQLResult>, as identity: any ServiceIdentity) -> Bool {
    guard core.work.begin() else { return false }
    core.sockets.add(self)
    core.metrics.eventStreams.add()
    caller.withLock { $0 = identity.ids }
    // Some browsers and proxies believe in a stream only when its body has begun.
    send([], Self.comment)
    switch prepared {
    case .failure(let result):
      log(core.report(nil, .requestError, since: began))
      finish(with: result.bytes)
      core.work.end()
    case .success(let prepared):
      let task = core.world.spawn {
        await self.run(prepared, as: identity)
        self.core.work.end()
      }
      if prepared.kind != .mutation { attach(task) }
    }
    return true
  }

  private func run(_ prepared: any PreparedService, as identity: any ServiceIdentity) async {
    guard prepared.kind == .subscription else {
      let (result, report) = await core.execute(prepared, as: identity, from: RequestOrigin(), since: began)
      log(report)
      return finish(with: result.bytes)
    }
    core.service.socketOpened(id, identity: identity, control: self)
    let isEnded = state.withLock { state in
      state.isKnown = !state.isEnded
      return state.isEnded
    }
    if isEnded { return core.service.socketClosed(id) }
    switch await core.service.subscribe(prepared, as: identity, socket: id, subscriber: self) {
    case .active(let handle): attach(handle, core.report(prepared, .started, since: began))
    case .refused(let result):
      log(core.report(prepared, .requestError, since: began))
      finish(with: result.bytes)
    }
  }

  private func attach(_ task: Task<Void, Never>) {
    let isEnded = state.withLock { state in
      if !state.isEnded && state.handle == nil { state.task = task }
      return state.isEnded
    }
    if isEnded { task.cancel() }
  }

  private func attach(_ handle: any SubscriptionHandle, _ report: OperationReport) {
    core.metrics.subscriptions.add()
    let isEnded = state.withLock { state in
      state.task = nil
      if state.isEnded { return true }
      state.handle = handle
      state.report = report
      return false
    }
    if isEnded { subscriptionEnded(report, events: 0) }
    if isEnded { handle.cancel() }
  }

  // What the service does.

  func next(_ payload: SharedPayload) {
    core.metrics.delivered.add()
    state.withLock { $0.events += 1 }
    send(Self.nextPrefix, payload.bytes, Self.nextSuffix)
  }

  func complete() {
    send([], Self.completion)
    close(.normal, reason: "")
  }

  func fail(_ errors: [UInt8]) { finish(with: Array("{\"errors\":".utf8) + errors + Array("}".utf8)) }

  private func finish(with result: [UInt8]) {
    send(Self.nextPrefix, result, Self.nextSuffix)
    complete()
  }

  // What ends it early.

  func look() {
    send([], Self.comment)
    if state.withLock({ $0.isKnown && !$0.isEnded }) { core.service.socketAlive(id) }
  }

  func close(code: UInt16, reason: String) { close(CloseCode(rawValue: code), reason: reason) }

  func close(_ code: CloseCode, reason: String) {
    guard let last = state.withLock({ end(&$0) }) else { return }
    outbound.close(code, reason: reason)
    leave(last)
  }

  func ended() {
    guard let last = state.withLock({ end(&$0) }) else { return }
    leave(last)
  }

  private func send(_ prefix: [UInt8], _ payload: [UInt8], _ suffix: [UInt8] = []) {
    // Within the lock: once one event found no room, none may follow it.
    let last = state.withLock { state -> State? in
      guard !state.isEnded, !outbound.send(prefix: prefix, payload: payload, suffix: suffix) else { return nil }
      return end(&state)
    }
    guard let last else { return }
    core.metrics.overflows.add()
    outbound.close(.policyViolation, reason: "slow consumer")
    leave(last)
  }

  /// - Returns: what there was, for the one who ends it.
  private func end(_ state: inout State) -> State? {
    if state.isEnded { return nil }
    defer { state = State(isEnded: true) }
    return state
  }

  private func leave(_ last: State) {
    core.sockets.remove(id)
    core.metrics.eventStreams.add(-1)
    last.task?.cancel()
    last.handle?.cancel()
    if let report = last.report { subscriptionEnded(report, events: last.events) }
    if last.isKnown { core.service.socketClosed(id) }
  }

  private func subscriptionEnded(_ report: OperationReport, events: Int) {
    core.metrics.subscriptions.add(-1)
    var report = report
    report.events = events
    report.duration = core.world.clock.now - began
    log(report)
  }

  private func log(_ report: OperationReport) {
    core.log(report, of: requestID, id, caller: caller.withLock { $0 })
  }
}
