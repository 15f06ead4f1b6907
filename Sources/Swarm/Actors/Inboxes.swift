internal import JSON
internal import Scenario
private import Synchronization
internal import World

/// Something that arrived at an actor.
struct InboxEntry: Sendable {
  /// Counts what arrived at the actor, over all inboxes.
  let number: Int
  let arrived: Instant
  let data: JSON
  let errors: JSON?
}

/// Everything that has arrived at one actor, from the first frame on, by inbox, in order. An expectation claims the entries
/// that fulfil it; what is not claimed stays for the next. A log keeps all that ever came, claimed or not.
final class Inboxes: Sendable {
  /// Where the ends of the actor's sockets are told.
  static let closed = "closed"
  /// Where it is told that the server ended a subscription.
  static let ended = "ended"
  /// The most unclaimed entries of one inbox; the oldest give way.
  static let functionalLimit = 100_000
  static let loadLimit = 256

  private struct Inbox {
    /// Unclaimed.
    var entries: [InboxEntry] = []
    var discarded = 0
    var isOpen = true
    /// All that ever came, up to the limit, the number of the last that gave way, and by number the step that claimed it.
    var log: [InboxEntry] = []
    var lost = 0
    var claims: [Int: Mark] = [:]
  }

  private struct State {
    var inboxes: [String: Inbox] = [:]
    var arrivals = 0
    var waiters: [(number: Int, continuation: CheckedContinuation<Void, Never>)] = []
    var nextWaiter = 0
  }

  private let limit: Int
  private let use: InboxUse?
  private let state: Mutex<State>

  /// - Parameter use: which inboxes anybody looks into; `nil` keeps everything.
  init(limit: Int, use: InboxUse?) {
    self.limit = limit
    self.use = use
    state = Mutex(State())
  }

  /// Makes an inbox, unless there is one of that name.
  func open(_ name: String) {
    guard use?.keeps(name) != false else { return }
    state.withLock { $0.inboxes[name, default: Inbox()].isOpen = true }
  }

  /// Forgets everything but the log: with a new connection an actor begins anew.
  func reset() {
    state.withLock { state in
      for name in state.inboxes.keys {
        state.inboxes[name]?.entries = []
        state.inboxes[name]?.isOpen = false
      }
    }
  }

  /// Whether there is such an inbox now; those for ends are always there.
  func has(_ name: String) -> Bool {
    name == Self.closed || name == Self.ended || state.withLock { $0.inboxes[name]?.isOpen ?? false }
  }

  /// Those that are open, or hold something, in order.
  var names: [String] {
    state.withLock { $0.inboxes.filter { $0.value.isOpen || !$0.value.entries.isEmpty }.keys.sorted() }
  }

  /// How many things have arrived so far, over all inboxes.
  var arrivals: Int { state.withLock(\.arrivals) }

  /// All that ever came into an inbox, in order, and the number of the last that is not there any more.
  func log(_ name: String) -> (entries: [InboxEntry], lost: Int) {
    state.withLock { ($0.inboxes[name]?.log ?? [], $0.inboxes[name]?.lost ?? 0) }
  }

  /// What became of something that arrived.
  struct Traced {
    let inbox: String
    let entry: InboxEntry
    let claimed: Mark?
    /// It can still be claimed.
    let isThere: Bool
  }

  /// All that ever came into an inbox, and the ends of sockets and subscriptions, in the order of arrival; under load, of most
  /// inboxes only what nobody has claimed.
  func trace(_ name: String) -> [Traced] {
    state.withLock { state in
      var traced: [Traced] = []
      for name in Set([name, Self.closed, Self.ended]) {
        guard let inbox = state.inboxes[name] else { continue }
        let there = Set(inbox.entries.map(\.number))
        for entry in use?.logs(name) != false ? inbox.log : inbox.entries {
          let (claimed, isThere) = (inbox.claims[entry.number], there.contains(entry.number))
          traced.append(Traced(inbox: name, entry: entry, claimed: claimed, isThere: isThere))
        }
      }
      return traced.sorted { $0.entry.number < $1.entry.number }
    }
  }

  func append(_ name: String, data: JSON, errors: JSON?, arrived: Instant) {
    let waiters = state.withLock { state in
      state.arrivals += 1
      if use?.keeps(name) != false {
        var inbox = state.inboxes.removeValue(forKey: name) ?? Inbox()
        let entry = InboxEntry(number: state.arrivals, arrived: arrived, data: data, errors: errors)
        inbox.entries.append(entry)
        if inbox.entries.count > limit {
          inbox.entries.removeFirst(inbox.entries.count - limit)
          inbox.discarded += 1
        }
        if use?.logs(name) != false { inbox.log.append(entry) }
        if inbox.log.count > limit {
          // Many at once, so that a full log does not move for each.
          let rest = Array(inbox.log.dropFirst(limit / 8 + 1))
          inbox.lost = inbox.log[limit / 8].number
          inbox.log = rest
          inbox.claims = inbox.claims.filter { [lost = inbox.lost] in $0.key > lost }
        }
        state.inboxes[name] = inbox
      }
      defer { state.waiters = [] }
      return state.waiters
    }
    for waiter in waiters { waiter.continuation.resume() }
  }

  /// The entries that nobody has claimed, and how many things have arrived so far.
  func unclaimed(_ name: String) -> (entries: [InboxEntry], discarded: Int, arrivals: Int) {
    state.withLock { state in
      let inbox = state.inboxes[name]
      return (inbox?.entries ?? [], inbox?.discarded ?? 0, state.arrivals)
    }
  }

  /// Takes entries out of an inbox, all or none.
  /// - Returns: false when another has claimed one of them.
  func claim(_ name: String, _ entries: [InboxEntry], at mark: Mark) -> Bool {
    state.withLock { state in
      guard var inbox = state.inboxes[name] else { return false }
      let wanted = Set(entries.map(\.number))
      let rest = inbox.entries.filter { !wanted.contains($0.number) }
      guard inbox.entries.count - rest.count == wanted.count else { return false }
      inbox.entries = rest
      if use?.logs(name) != false { for number in wanted { inbox.claims[number] = mark } }
      state.inboxes[name] = inbox
      return true
    }
  }

  /// Returns when something has arrived after the first `arrivals` things, or when the task is cancelled.
  func waitForArrival(after arrivals: Int) async {
    let number = state.withLock { state in
      state.nextWaiter += 1
      return state.nextWaiter
    }
    await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let isOver = state.withLock { state in
          if state.arrivals > arrivals || Task.isCancelled { return true }
          state.waiters.append((number, continuation))
          return false
        }
        if isOver { continuation.resume() }
      }
    } onCancel: {
      let continuation = state.withLock { state -> CheckedContinuation<Void, Never>? in
        guard let index = state.waiters.firstIndex(where: { $0.number == number }) else { return nil }
        return state.waiters.remove(at: index).continuation
      }
      continuation?.resume()
    }
  }
}
