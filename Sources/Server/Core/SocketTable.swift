internal import GraphQL
private import Synchronization
internal import Wire
internal import World

/// What lasts longer than a request: a socket or an event stream.
protocol OpenSession: AnyObject, Sendable {
  var id: SocketID { get }
  /// Called a few times within each silence limit.
  func look()
  func close(_ code: CloseCode, reason: String)
}

/// The sockets and event streams that are open, and the one task that looks after silent ones.
final class SocketTable: Sendable {
  private struct State {
    var sessions: [SocketID: any OpenSession] = [:]
    var last: UInt64 = 0
    var isWatching = false
  }

  /// Looks for silent sockets within one silence limit.
  private static let looksPerLimit = 4

  private let world: World
  private let silenceLimit: Duration
  private let state = Mutex(State())

  init(world: World, silenceLimit: Duration) {
    self.world = world
    self.silenceLimit = silenceLimit
  }

  var count: Int { state.withLock { $0.sessions.count } }

  /// Every session, oldest first.
  var all: [any OpenSession] {
    state.withLock { state in state.sessions.values.sorted { $0.id < $1.id } }
  }

  func nextID() -> SocketID {
    state.withLock { state in
      state.last += 1
      return SocketID(value: state.last)
    }
  }

  func add(_ session: any OpenSession) {
    let mustWatch = state.withLock { state in
      state.sessions[session.id] = session
      defer { state.isWatching = true }
      return !state.isWatching
    }
    if mustWatch { world.spawn { await self.watch() } }
  }

  func remove(_ id: SocketID) {
    _ = state.withLock { $0.sessions.removeValue(forKey: id) }
  }

  /// Ends with the last socket, so that an idle world comes to rest.
  private func watch() async {
    while true {
      try? await world.sleep(for: silenceLimit / Self.looksPerLimit)
      let goesOn = state.withLock { state in
        state.isWatching = !state.sessions.isEmpty
        return state.isWatching
      }
      guard goesOn else { return }
      for session in all { session.look() }
    }
  }
}
