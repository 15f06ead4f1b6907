internal import GraphQL
private import Synchronization
package import World

/// Who is writing, or how that changed. Never stored.
package struct TypingEvent: Hashable, Sendable {
  package let thread: ID
  /// `nil` in a snapshot.
  package let change: TypingState.Change?
  /// Everybody who is writing after it.
  package let typing: [ID]
}

/// Typing with time: keeps the leases, and tells the hub of every change in the order in which it happened.
final class TypingService: Sendable {
  private struct State {
    var typing: TypingState
    var hub: EventHub?
    var timer: Task<Void, Never>?
    var stopped = false
  }

  private let world: World
  private let state: Mutex<State>

  init(world: World, lease: Duration) {
    self.world = world
    state = Mutex(State(typing: TypingState(lease: lease)))
  }

  /// Tells it whom to tell.
  func connect(to hub: EventHub) { state.withLock { $0.hub = hub } }

  /// The thread must have been checked for the viewer.
  /// - Returns: when it is over, unless it is renewed.
  func write(in thread: ThreadRecord, _ viewer: Viewer, on socket: SocketID?) -> WallTime {
    let (now, wall) = (world.clock.now, world.clock.wall)
    return state.withLock { state in
      let change = state.typing.write(
        in: thread.id, user: viewer.user, device: Self.device(viewer, socket), now: now)
      publish(change.map { [$0] } ?? [], state)
      startTimer(&state)
      return wall + state.typing.lease
    }
  }

  func stop(in thread: ThreadRecord, _ viewer: Viewer, on socket: SocketID?) {
    change { $0.stop(in: thread.id, user: viewer.user, device: Self.device(viewer, socket)) }
  }

  /// What was written has been sent, or may not be written any more: on no device does the user go on.
  func end(in thread: ID, user: ID) {
    change { $0.stop(in: thread, user: user, device: nil) }
  }

  func socketClosed(_ socket: SocketID) {
    state.withLock { publish($0.typing.ended(.socket(socket)), $0) }
  }

  /// Makes a subscription live: its snapshot and its place among the changes are taken together.
  func attach(_ subscription: HubSubscription, thread: ID) async {
    await withCheckedContinuation { arrived in
      let hub = state.withLock { state in
        let snapshot = TypingEvent(thread: thread, change: nil, typing: state.typing.typing(in: thread))
        state.hub?.attach(subscription, snapshot: .typing(snapshot), arrived: arrived)
        return state.hub
      }
      if hub == nil { arrived.resume() }
    }
  }

  /// Ends the timer and starts no other.
  func stop() {
    state.withLock { state in
      state.stopped = true
      state.timer?.cancel()
    }
  }

  private static func device(_ viewer: Viewer, _ socket: SocketID?) -> TypingState.Device {
    socket.map(TypingState.Device.socket) ?? .session(viewer.session)
  }

  private func change(_ body: (inout TypingState) -> TypingState.Change?) {
    state.withLock { state in
      let change = body(&state.typing)
      publish(change.map { [$0] } ?? [], state)
    }
  }

  /// Called under the lock, so that the hub sees changes in their order.
  private func publish(_ changes: [TypingState.Change], _ state: State) {
    for change in changes {
      let typing = state.typing.typing(in: change.thread)
      state.hub?.publish(.typing(TypingEvent(thread: change.thread, change: change, typing: typing)))
    }
  }

  private func startTimer(_ state: inout State) {
    guard state.timer == nil, !state.stopped else { return }
    state.timer = world.spawn { await self.expireLeases() }
  }

  private func expireLeases() async {
    while let deadline = nextDeadline() {
      do { try await world.clock.sleep(until: deadline) } catch { return }
      let now = world.clock.now
      state.withLock { publish($0.typing.expire(now: now), $0) }
    }
  }

  private func nextDeadline() -> Instant? {
    state.withLock { state in
      let deadline = state.stopped ? nil : state.typing.nextDeadline
      if deadline == nil { state.timer = nil }
      return deadline
    }
  }
}
