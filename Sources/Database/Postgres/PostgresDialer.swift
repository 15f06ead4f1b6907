internal import CPostgres
internal import World

/// Brings one connection of the reactor about, without blocking, and again with back-off after it broke.
struct PostgresDialer {
  private static let firstDelay = Duration.milliseconds(20)
  private static let longestDelay = Duration.seconds(2)

  enum State {
    case idle(until: Instant)
    case connecting(OpaquePointer, until: Instant, needsWrite: Bool)
    case connected
  }

  private let settings: PostgresSettings
  private(set) var state = State.idle(until: Instant(nanoseconds: .min))
  private var delay = firstDelay

  init(_ settings: PostgresSettings) { self.settings = settings }

  /// When ``step(now:)`` wants to be called even without an event.
  var deadline: Instant? {
    switch state {
    case .idle(let until), .connecting(_, let until, _): until
    case .connected: nil
    }
  }

  /// The socket to watch while connecting.
  var watched: (socket: Int32, writable: Bool)? {
    guard case .connecting(let connection, _, let needsWrite) = state else { return nil }
    let socket = PQsocket(connection)
    return socket >= 0 ? (socket, needsWrite) : nil
  }

  enum Progress {
    case waiting
    /// The caller owns the connection now.
    case connected(OpaquePointer)
    case failed(DatabaseError)
  }

  /// Goes on with connecting.
  /// - Parameter isReady: the socket has what was waited for; libpq must not be polled earlier.
  mutating func step(now: Instant, isReady: Bool) -> Progress {
    switch state {
    case .connected: return .waiting
    case .idle(let until):
      guard now >= until else { return .waiting }
      let started = settings.start()
      guard let connection = started, PQstatus(connection) != CONNECTION_BAD else {
        let error = DatabaseError.lost(started)
        PQfinish(started)
        return fail(error, now)
      }
      let timeout = Duration.seconds(PostgresSettings.connectTimeoutSeconds)
      state = .connecting(connection, until: now + timeout, needsWrite: true)
      return .waiting
    case .connecting(let connection, let until, _):
      if !isReady {
        guard now >= until else { return .waiting }
        PQfinish(connection)
        return fail(DatabaseError(.connection, "Postgres did not answer in time"), now)
      }
      switch PQconnectPoll(connection) {
      case PGRES_POLLING_OK:
        state = .connected
        delay = Self.firstDelay
        return .connected(connection)
      case PGRES_POLLING_FAILED:
        let error = DatabaseError.lost(connection)
        PQfinish(connection)
        return fail(error, now)
      case let polling:
        state = .connecting(connection, until: until, needsWrite: polling == PGRES_POLLING_WRITING)
        return .waiting
      }
    }
  }

  /// The connection broke: try again after a while.
  mutating func lost(now: Instant) {
    state = .idle(until: now + delay)
    delay = min(delay * 2, Self.longestDelay)
  }

  /// Gives up for good.
  mutating func close() {
    if case .connecting(let connection, _, _) = state { PQfinish(connection) }
    state = .connected
  }

  private mutating func fail(_ error: DatabaseError, _ now: Instant) -> Progress {
    lost(now: now)
    return .failed(error)
  }
}
