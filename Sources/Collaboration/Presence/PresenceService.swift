internal import GraphQL
private import Synchronization
internal import World

/// Presence with time: keeps the leases, and tells the hub of every change in the order in which it happened.
final class PresenceService: Sendable {
  private struct State {
    var presence: PresenceState
    /// A request may outlive its socket; what it enters then would stay for ever.
    var openSockets: Set<SocketID> = []
    var timer: Task<Void, Never>?
    var stopped = false
  }

  private let world: World
  private let hub: EventHub
  private let leaseEnded: @Sendable (SocketID) -> Void
  private let state: Mutex<State>

  /// - Parameter leaseEnded: called for a socket that held presences and fell silent.
  init(
    world: World, hub: EventHub, lease: Duration, pagesPerSocket: Int,
    leaseEnded: @escaping @Sendable (SocketID) -> Void
  ) {
    self.world = world
    self.hub = hub
    self.leaseEnded = leaseEnded
    self.state = Mutex(State(presence: PresenceState(lease: lease, pagesPerSocket: pagesPerSocket)))
  }

  func socketOpened(_ socket: SocketID) {
    state.withLock { _ = $0.openSockets.insert(socket) }
  }

  func socketAlive(_ socket: SocketID) {
    let now = world.clock.now
    state.withLock { $0.presence.heartbeat(socket, now: now) }
  }

  func socketClosed(_ socket: SocketID) {
    state.withLock { state in
      state.openSockets.remove(socket)
      publish(state.presence.socketEnded(socket))
    }
  }

  /// The page must have been checked for the viewer.
  func enter(_ page: PageRecord, region: String?, viewer: Viewer, socket: SocketID) throws(Refusal) {
    let (now, wall) = (world.clock.now, world.clock.wall)
    let refusal = state.withLock { state -> Refusal? in
      guard state.openSockets.contains(socket) else { return Self.needsSocket }
      guard
        let changes = state.presence.enter(
          page.id, region: region, user: viewer.user, socket: socket, now: now, wall: wall)
      else {
        return Refusal(
          .presenceLimit, "A socket may be on at most \(state.presence.pagesPerSocket) pages.", field: ["input"])
      }
      publish(changes)
      startTimer(&state)
      return nil
    }
    if let refusal { throw refusal }
  }

  func leave(_ page: PageRecord, socket: SocketID) {
    let now = world.clock.now
    state.withLock { publish($0.presence.leave(page.id, socket: socket, now: now)) }
  }

  func present(on page: PageRecord) -> [PresenceState.Presence] {
    state.withLock { $0.presence.present(on: page.id) }
  }

  /// Makes a subscription live: its snapshot and its place among the changes are taken together, so that there is no gap
  /// and no overlap between them.
  func attach(_ subscription: HubSubscription, page: ID) async {
    await withCheckedContinuation { arrived in
      state.withLock { state in
        let snapshot = PresenceEvent(page: page, kind: .snapshot(state.presence.present(on: page)))
        hub.attach(subscription, snapshot: .presence(snapshot), arrived: arrived)
      }
    }
  }

  /// Ends the timer and starts no other.
  func stop() {
    state.withLock { state in
      state.stopped = true
      state.timer?.cancel()
    }
  }

  static let needsSocket = Refusal(
    .presenceNeedsSocket, "Presence is bound to a socket: send this over a WebSocket.", field: nil)

  /// Called under the lock, so that the hub sees changes in their order.
  private func publish(_ changes: [PresenceState.Change]) {
    for change in changes { hub.publish(.presence(PresenceEvent(page: change.page, kind: .change(change)))) }
  }

  /// One timer runs while there are leases. No lease can end before the earliest of those it slept on: new and renewed
  /// ones end later.
  private func startTimer(_ state: inout State) {
    guard state.timer == nil, !state.stopped else { return }
    state.timer = world.spawn { await self.expireLeases() }
  }

  private func expireLeases() async {
    while let deadline = nextDeadline() {
      do { try await world.clock.sleep(until: deadline) } catch { return }
      let now = world.clock.now
      let silent = state.withLock { state in
        let (changes, sockets) = state.presence.expire(now: now)
        publish(changes)
        return sockets
      }
      for socket in silent { leaseEnded(socket) }
    }
  }

  private func nextDeadline() -> Instant? {
    state.withLock { state in
      let deadline = state.stopped ? nil : state.presence.nextDeadline
      if deadline == nil { state.timer = nil }
      return deadline
    }
  }
}
