internal import GraphQL
private import Synchronization
internal import World

/// The sockets of this node by the session that they authenticated with, so that the end of a session ends them.
final class SocketTable: Sendable {
  private struct Entry {
    let identity: CallerIdentity
    let control: any SocketControl
    /// It asked for the revocation, and gets its answer before it is closed.
    var isSpared = false
    var session: ID? {
      if case .viewer(let viewer, _) = identity { viewer.session } else { nil }
    }
  }

  private struct State {
    var sockets: [SocketID: Entry] = [:]
    /// In the order of opening.
    var bySession: [ID: [SocketID]] = [:]
    var revoked: Set<ID> = []
    /// The same, oldest first.
    var revokedOrder: [ID] = []
  }

  /// Revoked sessions that are remembered. Memory serves only what was authenticated before: a socket that opens late, a
  /// request that is under way.
  static let revokedLimit = 10_000
  /// How long the socket that asked for its own revocation stays open for the answer.
  static let grace: Duration = .milliseconds(20)
  /// graphql-transport-ws, "Forbidden".
  static let revokedCode: UInt16 = 4403
  static let revokedReason = "Session revoked"
  static let expiredReason = "Session expired"

  private let world: World
  private let state = Mutex(State())

  init(world: World) { self.world = world }

  func opened(_ socket: SocketID, identity: CallerIdentity, control: any SocketControl) {
    let entry = Entry(identity: identity, control: control)
    let isRevoked = state.withLock { state in
      state.sockets[socket] = entry
      guard let session = entry.session else { return false }
      state.bySession[session, default: []].append(socket)
      return state.revoked.contains(session)
    }
    if isRevoked { control.close(code: Self.revokedCode, reason: Self.revokedReason) }
  }

  /// A sign of life: the moment to notice that the session is over.
  func alive(_ socket: SocketID) {
    let now = world.clock.wall
    let control = state.withLock { state -> (any SocketControl)? in
      guard let entry = state.sockets[socket], case .viewer(_, let expiry) = entry.identity else { return nil }
      return now < expiry ? nil : entry.control
    }
    control?.close(code: Self.revokedCode, reason: Self.expiredReason)
  }

  func closed(_ socket: SocketID) {
    state.withLock { state in
      guard let session = state.sockets.removeValue(forKey: socket)?.session else { return }
      state.bySession[session]?.removeAll { $0 == socket }
      if state.bySession[session]?.isEmpty == true { state.bySession[session] = nil }
    }
  }

  func close(_ socket: SocketID, code: UInt16, reason: String) {
    let control = state.withLock { $0.sockets[socket]?.control }
    control?.close(code: code, reason: reason)
  }

  /// Lets the socket live a little longer than its session, or takes that back.
  func spare(_ socket: SocketID, _ isSpared: Bool) {
    state.withLock { $0.sockets[socket]?.isSpared = isSpared }
  }

  /// Whether the session was revoked not long ago.
  func isRevoked(_ session: ID) -> Bool { state.withLock { $0.revoked.contains(session) } }

  /// Closes every socket of the session, now and when one opens later. Safe to call twice.
  func revoke(session: ID) {
    let controls = state.withLock { state -> [(control: any SocketControl, isSpared: Bool)] in
      guard state.revoked.insert(session).inserted else { return [] }
      state.revokedOrder.append(session)
      if state.revokedOrder.count > Self.revokedLimit { state.revoked.remove(state.revokedOrder.removeFirst()) }
      return (state.bySession[session] ?? []).compactMap { socket in
        state.sockets[socket].map { ($0.control, $0.isSpared) }
      }
    }
    for (control, isSpared) in controls {
      guard isSpared else {
        control.close(code: Self.revokedCode, reason: Self.revokedReason)
        continue
      }
      world.spawn { [world] in
        try? await world.sleep(for: Self.grace)
        control.close(code: Self.revokedCode, reason: Self.revokedReason)
      }
    }
  }
}
