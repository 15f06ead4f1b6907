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
    /// Told when there is something to tell other nodes.
    var announce: (@Sendable () -> Void)?
  }

  private let world: World
  private let hub: EventHub
  private let leaseEnded: @Sendable (SocketID) -> Void
  /// Names this node among those of its database.
  let node: ID
  private let state: Mutex<State>

  /// - Parameter leaseEnded: called for a socket that held presences and fell silent.
  init(
    world: World, hub: EventHub, lease: Duration, pagesPerSocket: Int,
    leaseEnded: @escaping @Sendable (SocketID) -> Void
  ) {
    self.world = world
    self.hub = hub
    self.leaseEnded = leaseEnded
    node = world.ids.next()
    self.state = Mutex(
      State(presence: PresenceState(lease: lease, pagesPerSocket: pagesPerSocket, node: node)))
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
      publish(state.presence.socketEnded(socket), &state)
    }
  }

  /// The page must have been checked for the viewer.
  func enter(
    _ page: PageRecord, region: String?, exclusiveWithin: String?, viewer: Viewer, socket: SocketID
  ) throws(Refusal) {
    let (now, wall) = (world.clock.now, world.clock.wall)
    let refusal = state.withLock { state -> Refusal? in
      guard state.openSockets.contains(socket) else { return Self.needsSocket }
      guard
        let changes = state.presence.enter(
          page.id, of: page.organization, region: region, exclusiveWithin: exclusiveWithin, user: viewer.user,
          socket: socket, now: now, wall: wall)
      else {
        return Refusal(
          .presenceLimit, "A socket may be on at most \(state.presence.pagesPerSocket) pages.", field: ["input"])
      }
      publish(changes, &state)
      startTimer(&state)
      return nil
    }
    if let refusal { throw refusal }
  }

  func leave(_ page: PageRecord, socket: SocketID) {
    let now = world.clock.now
    state.withLock { state in publish(state.presence.leave(page.id, socket: socket, now: now), &state) }
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

  /// Ends what every socket began and the timer, and starts no other.
  func stop() {
    state.withLock { state in
      for socket in state.openSockets.sorted(by: { $0.value < $1.value }) {
        publish(state.presence.socketEnded(socket), &state)
      }
      state.openSockets = []
      state.stopped = true
      state.timer?.cancel()
    }
  }

  static let needsSocket = Refusal(
    .presenceNeedsSocket, "Presence is bound to a socket: send this over a WebSocket.", field: nil)

  /// Called under the lock, so that the hub sees changes in their order.
  private func publish(_ changes: [PresenceState.Change], _ state: inout State) {
    for change in changes { hub.publish(.presence(PresenceEvent(page: change.page, kind: .change(change)))) }
    if state.presence.hasAnnouncements { state.announce?() }
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
        publish(changes, &state)
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

// What nodes tell each other.
extension PresenceService {
  /// From now on `wake` is called when there is something to tell other nodes; it must not call back at once.
  func announce(by wake: (@Sendable () -> Void)?) { state.withLock { $0.announce = wake } }

  var hasSockets: Bool { state.withLock { $0.presence.hasSockets } }
  /// Whether anybody is on a page, of this node or of another.
  var hasAnybody: Bool { state.withLock { $0.presence.occupiedPages > 0 } }

  func isPresent(_ user: ID, on page: ID) -> Bool { state.withLock { $0.presence.isPresent(user, on: page) } }

  var hasAnnouncements: Bool { state.withLock { $0.presence.hasAnnouncements } }

  func takeAnnouncements(limit: Int) -> [PresenceState.Announcement] {
    state.withLock { $0.presence.takeAnnouncements(limit: limit) }
  }

  func putBack(_ announcements: [PresenceState.Announcement]) {
    state.withLock { $0.presence.putBack(announcements) }
  }

  func announceAgain() { state.withLock { $0.presence.announceAgain() } }

  func hear(_ announcements: [PresenceState.Announcement], from other: ID, isComplete: Bool) {
    state.withLock { state in
      publish(state.presence.hear(announcements, from: other, isComplete: isComplete), &state)
    }
  }

  /// Another node is gone, and everybody who was there with it.
  func forget(_ other: ID) { state.withLock { state in publish(state.presence.forget(other), &state) } }
}
