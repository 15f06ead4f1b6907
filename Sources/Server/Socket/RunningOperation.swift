internal import GraphQL
private import Synchronization
internal import World

/// One operation of a socket while it runs: what a subscription delivers to, and what ends it early.
final class RunningOperation: Subscriber {
  private struct State {
    var isStopped = false
    /// A mutation that has begun is carried out, whatever becomes of its caller.
    var isUnstoppable = false
    var task: Task<Void, Never>?
    var handle: (any SubscriptionHandle)?
    /// What a live subscription is reported as when it ends.
    var report: OperationReport?
  }

  let key: SocketState.OperationKey
  let began: Instant
  private let prefix: [UInt8]
  private let session: SocketSession
  private let state = Mutex(State())
  private let events = Counter()

  init(key: SocketState.OperationKey, id: String, session: SocketSession, began: Instant) {
    self.key = key
    self.began = began
    self.prefix = SocketState.nextPrefix(id)
    self.session = session
  }

  var isStopped: Bool { state.withLock { $0.isStopped } }

  /// Remembers the task, so that a query nobody waits for any more can be cancelled.
  func attach(_ task: Task<Void, Never>) {
    let isStopped = state.withLock { state in
      if !state.isUnstoppable && state.handle == nil { state.task = task }
      return state.isStopped && !state.isUnstoppable
    }
    if isStopped { task.cancel() }
  }

  /// From here on the operation is not cut short.
  /// - Returns: false when it was stopped before.
  func becomeUnstoppable() -> Bool {
    state.withLock { state in
      if state.isStopped { return false }
      state.task = nil
      state.isUnstoppable = true
      return true
    }
  }

  /// Remembers how to end the subscription. Whoever calls it looks afterwards whether that is due already.
  func attach(_ handle: any SubscriptionHandle, _ report: OperationReport) {
    state.withLock { state in
      state.task = nil
      state.handle = handle
      state.report = report
    }
  }

  func stop() {
    let (task, handle) = state.withLock { state in
      state.isStopped = true
      return (state.task.take(), state.handle.take())
    }
    task?.cancel()
    handle?.cancel()
    finished()
  }

  /// It has ended, by itself or not; safe to call twice.
  func finished() {
    guard var report = state.withLock({ $0.report.take() }) else { return }
    report.events = events.value
    session.subscriptionEnded(report, since: began)
  }

  func next(_ payload: SharedPayload) {
    events.add()
    session.deliver(prefix, payload.bytes, of: key)
  }

  func complete() { session.handle(.streamEnded(key)) }

  func fail(_ errors: [UInt8]) { session.handle(.streamFailed(key, errors: errors)) }
}
