package import GraphQL
package import World

/// Who is writing in which thread: state and events in, changes out; no time of its own, no waiting.
///
/// Each device of a user has a lease of its own; what others see of them is one person who is writing or not.
package struct TypingState: Sendable {
  /// What a user writes on: a socket, or over HTTP their session.
  package enum Device: Hashable, Sendable {
    case socket(SocketID)
    case session(ID)
  }

  package struct Change: Hashable, Sendable {
    package let thread: ID
    package let user: ID
    package let isTyping: Bool

    package init(thread: ID, user: ID, isTyping: Bool) {
      self.thread = thread
      self.user = user
      self.isTyping = isTyping
    }
  }

  private struct Typist: Sendable {
    let user: ID
    var leases: [(device: Device, deadline: Instant)]
  }

  /// Most people shown as writing in one thread; one more is not shown.
  package static let typistLimit = 50

  /// Most threads in which somebody is writing; in one more nobody is shown.
  package static let threadLimit = 100_000

  package let lease: Duration
  /// In the order in which they began.
  private var threads: [ID: [Typist]] = [:]

  package init(lease: Duration) { self.lease = lease }

  /// Who is writing in a thread, in the order in which they began.
  package func typing(in thread: ID) -> [ID] { (threads[thread] ?? []).map(\.user) }

  /// When the first lease ends, unless it is renewed.
  package var nextDeadline: Instant? { threads.values.lazy.flatMap { $0 }.flatMap(\.leases).map(\.deadline).min() }

  /// A device writes; its lease begins anew.
  package mutating func write(in thread: ID, user: ID, device: Device, now: Instant) -> Change? {
    guard threads[thread] != nil || threads.count < Self.threadLimit else { return nil }
    var typists = threads[thread] ?? []
    defer { threads[thread] = typists }
    let lease = (device: device, deadline: now + lease)
    guard let index = typists.firstIndex(where: { $0.user == user }) else {
      guard typists.count < Self.typistLimit else { return nil }
      typists.append(Typist(user: user, leases: [lease]))
      return Change(thread: thread, user: user, isTyping: true)
    }
    typists[index].leases.removeAll { $0.device == device }
    typists[index].leases.append(lease)
    return nil
  }

  /// A device writes no more; `nil` for all of the user's devices.
  package mutating func stop(in thread: ID, user: ID, device: Device?) -> Change? {
    keep(in: thread) { typist, lease in typist != user || device != nil && lease.device != device }.first
  }

  /// A socket is gone, and what was written on it.
  package mutating func ended(_ device: Device) -> [Change] {
    ordered.flatMap { keep(in: $0) { _, lease in lease.device != device } }
  }

  /// Ends the leases that are over.
  package mutating func expire(now: Instant) -> [Change] {
    ordered.flatMap { keep(in: $0) { _, lease in lease.deadline > now } }
  }

  /// Threads in an order that does not depend on hashing.
  private var ordered: [ID] { threads.keys.sorted() }

  private mutating func keep(
    in thread: ID, _ isKept: (_ user: ID, (device: Device, deadline: Instant)) -> Bool
  ) -> [Change] {
    guard var typists = threads[thread] else { return [] }
    for index in typists.indices {
      let user = typists[index].user
      typists[index].leases.removeAll { !isKept(user, $0) }
    }
    let gone = typists.filter(\.leases.isEmpty).map(\.user)
    typists.removeAll(where: \.leases.isEmpty)
    threads[thread] = typists.isEmpty ? nil : typists
    return gone.map { Change(thread: thread, user: $0, isTyping: false) }
  }
}
