internal import Synchronization
internal import World

/// The thread that owns the connections for reads and for `LISTEN`: it sends everything that has gathered, and waits in
/// `poll` for all answers at once.
final class PostgresReactor: Sendable {
  /// The most commands that may wait or be in flight; more are refused as `.overloaded`.
  private static let commandLimit = 20_000

  enum Command: Sendable {
    case read(PostgresRead)
    case listen(PostgresListenLink.Request)
    case close
  }

  private struct Inbox {
    var commands: [Command] = []
    var isAwake = false
    var isClosed = false
  }

  private let inbox = Mutex(Inbox())
  private let poller: Poller
  let ended = Latch()

  /// - Parameter connections: how many connections serve reads when there is much to do; the first is opened by the first
  ///   read, the others when it is busy.
  init(
    reads: PostgresSettings, connections: Int, listening: PostgresSettings, wakeups: Wakeups
  ) throws(DatabaseError) {
    poller = try Poller()
    try DriverThread.start { [self] in
      var loop = PostgresReactorLoop(
        links: (0..<max(1, connections)).map { _ in PostgresReadLink(reads) },
        listener: PostgresListenLink(listening, wakeups), poller: poller)
      loop.run { self.takeCommands() }
      ended.open()
    }
  }

  /// - Returns: why the command was not taken.
  func send(_ command: Command) -> DatabaseError? {
    let (refusal, wake) = inbox.withLock { inbox -> (DatabaseError?, Bool) in
      if inbox.isClosed { return (DatabaseError(.closed, "the database is closed"), false) }
      if inbox.commands.count >= Self.commandLimit {
        return (DatabaseError(.overloaded, "too many statements wait"), false)
      }
      if case .close = command { inbox.isClosed = true }
      inbox.commands.append(command)
      defer { inbox.isAwake = true }
      return (nil, !inbox.isAwake)
    }
    if wake { poller.wake() }
    return refusal
  }

  private func takeCommands() -> [Command] {
    inbox.withLock { inbox in
      inbox.isAwake = false
      defer { inbox.commands = [] }
      return inbox.commands
    }
  }
}

/// What the reactor's thread does.
private struct PostgresReactorLoop {
  /// The most statements in flight on one connection.
  private static let flightLimit = 1_024
  /// With so many in flight on each open connection, another is opened.
  private static let busyFlights = 8

  let links: [PostgresReadLink]
  let listener: PostgresListenLink
  let poller: Poller
  private let clock = LiveClock()
  private var waiting: [PostgresRead] = []
  private var isClosing = false

  init(links: [PostgresReadLink], listener: PostgresListenLink, poller: Poller) {
    self.links = links
    self.listener = listener
    self.poller = poller
  }

  private var listenerTag: Int { links.count }

  mutating func run(_ takeCommands: () -> [PostgresReactor.Command]) {
    while true {
      let events = poller.wait(interests, milliseconds: timeout)
      let now = clock.now
      for event in events { handle(event, now) }
      for link in links { waiting += link.takeSkipped() }
      for command in takeCommands() {
        switch command {
        case .read(let read): waiting.append(read)
        case .listen(let request): listener.listen(request, now: now)
        case .close: isClosing = true
        }
      }
      connect(now, ready: events.map(\.tag))
      assign(now)
      for link in links where link.isReady { link.flush(now: now) }
      if isClosing, waiting.isEmpty, links.allSatisfy({ $0.inFlight == 0 }) { break }
    }
    for link in links { link.close() }
    listener.close()
  }

  /// Milliseconds until something is to be done without an event; -1 for never.
  private var timeout: Int32 {
    let deadlines = links.compactMap(\.deadline) + [listener.deadline].compactMap { $0 }
    guard let next = deadlines.min() else { return -1 }
    let remaining = (next - clock.now).wholeNanoseconds
    return remaining <= 0 ? 0 : Int32(clamping: remaining / 1_000_000 + 1)
  }

  private func handle(_ event: Poller.Event, _ now: Instant) {
    if event.tag == listenerTag {
      if event.isWritable { listener.flush(now: now) }
      if event.isReadable { listener.receive(now: now) }
    } else {
      if event.isReadable { links[event.tag].receive(now: now) }
    }
  }

  private mutating func connect(_ now: Instant, ready: [Int]) {
    if !waiting.isEmpty {
      let open = links.filter(\.isOpen)
      if open.allSatisfy({ $0.isReady && $0.inFlight >= Self.busyFlights }) {
        links.first { !$0.isOpen }?.open()
      }
    }
    var failure: DatabaseError?
    for (tag, link) in links.enumerated() {
      failure = link.connect(now: now, isReady: ready.contains(tag)) ?? failure
    }
    listener.connect(now: now, isReady: ready.contains(listenerTag))
    // Nobody waits through more than one attempt, unless another connection stands.
    if let failure, !links.contains(where: \.isReady) {
      let refused = waiting
      waiting = []
      for read in refused { read.finish(.failure(failure)) }
    }
  }

  private mutating func assign(_ now: Instant) {
    var taken = 0
    for read in waiting {
      guard let link = leastBusy() else { break }
      link.send(read, now: now)
      taken += 1
    }
    waiting.removeFirst(taken)
  }

  private func leastBusy() -> PostgresReadLink? {
    var best: PostgresReadLink?
    for link in links where link.isReady && link.inFlight < (best?.inFlight ?? Self.flightLimit) { best = link }
    return best
  }

  private var interests: [Poller.Interest] {
    var interests: [Poller.Interest] = []
    for (tag, link) in links.enumerated() {
      guard let (socket, writable) = link.watched else { continue }
      interests.append(Poller.Interest(tag: tag, descriptor: socket, writable: writable))
    }
    if let (socket, writable) = listener.watched {
      interests.append(Poller.Interest(tag: listenerTag, descriptor: socket, writable: writable))
    }
    return interests
  }
}
