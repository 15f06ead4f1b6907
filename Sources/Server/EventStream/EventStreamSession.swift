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
  private let state = Mutex(State())

  init(id: SocketID, core: ServerCore, outbound: any SocketOutbound) {
    self.id = id
    self.core = core
    self.outbound = outbound
  }

  /// Starts the operation, or tells on the stream why there is none.
  /// - Returns: false when the server takes no new work.
  func begin(_ prepared: Result<any PreparedService, GraphQLResult>, as identity: any ServiceIdentity) -> Bool {
    guard core.work.begin() else { return false }
    core.sockets.add(self)
    // Some browsers and proxies believe in a stream only when its body has begun.
    send([], Self.comment)
    switch prepared {
    case .failure(let result):
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
      let result = await core.service.execute(prepared, as: identity, from: RequestOrigin())
      return finish(with: result.bytes)
    }
    core.service.socketOpened(id, identity: identity, control: self)
    let isEnded = state.withLock { state in
      state.isKnown = !state.isEnded
      return state.isEnded
    }
    if isEnded { return core.service.socketClosed(id) }
    switch await core.service.subscribe(prepared, as: identity, socket: id, subscriber: self) {
    case .active(let handle): attach(handle)
    case .refused(let result): finish(with: result.bytes)
    }
  }

  private func attach(_ task: Task<Void, Never>) {
    let isEnded = state.withLock { state in
      if !state.isEnded && state.handle == nil { state.task = task }
      return state.isEnded
    }
    if isEnded { task.cancel() }
  }

  private func attach(_ handle: any SubscriptionHandle) {
    let isEnded = state.withLock { state in
      state.task = nil
      if !state.isEnded { state.handle = handle }
      return state.isEnded
    }
    if isEnded { handle.cancel() }
  }

  // What the service does.

  func next(_ payload: SharedPayload) { send(Self.nextPrefix, payload.bytes, Self.nextSuffix) }

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
    last.task?.cancel()
    last.handle?.cancel()
    if last.isKnown { core.service.socketClosed(id) }
  }
}
