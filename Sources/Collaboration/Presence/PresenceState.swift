package import GraphQL
package import World

/// Who is on which page: state and events in, changes out; no time of its own, no waiting.
///
/// A socket holds one lease for all pages that it entered. A user is present on a page as long as one of their sockets
/// is; what they see of each other is one presence.
package struct PresenceState: Sendable {
  package struct Presence: Hashable, Sendable {
    package let user: ID
    /// Where their latest socket is.
    package var region: String?
    package let since: WallTime
  }

  package struct Change: Hashable, Sendable {
    package enum Kind: Hashable, Sendable {
      case joined(region: String?)
      case moved(region: String?)
      case left
    }
    package let page: ID
    package let user: ID
    package let kind: Kind

    package init(page: ID, user: ID, kind: Kind) {
      self.page = page
      self.user = user
      self.kind = kind
    }
  }

  private struct Stay: Sendable {
    let socket: SocketID
    let region: String?
  }

  private struct Occupant: Sendable {
    let user: ID
    let since: WallTime
    /// In the order of entering; the last one tells the region.
    var stays: [Stay]
    var region: String? { stays.last?.region }
  }

  private struct Lease: Sendable {
    let user: ID
    var deadline: Instant
    /// In the order of entering.
    var pages: [ID]
  }

  /// How long a silent socket keeps its presences.
  package let lease: Duration
  /// Most pages that one socket may be on.
  package let pagesPerSocket: Int
  /// Occupants in the order of their arrival.
  private var pages: [ID: [Occupant]] = [:]
  private var leases: [SocketID: Lease] = [:]

  package init(lease: Duration, pagesPerSocket: Int) {
    self.lease = lease
    self.pagesPerSocket = pagesPerSocket
  }

  /// Everybody on a page, in the order of their arrival.
  package func present(on page: ID) -> [Presence] {
    (pages[page] ?? []).map { Presence(user: $0.user, region: $0.region, since: $0.since) }
  }

  /// Pages somebody is on.
  package var occupiedPages: Int { pages.count }

  /// When the first lease ends, unless it is renewed.
  package var nextDeadline: Instant? { leases.values.lazy.map(\.deadline).min() }

  /// Enters a page, or moves to another region of it.
  /// - Returns: the changes; `nil` when the socket is on too many pages already.
  package mutating func enter(
    _ page: ID, region: String?, user: ID, socket: SocketID, now: Instant, wall: WallTime
  ) -> [Change]? {
    var lease = leases[socket] ?? Lease(user: user, deadline: now, pages: [])
    if !lease.pages.contains(page) {
      guard lease.pages.count < pagesPerSocket else { return nil }
      lease.pages.append(page)
    }
    lease.deadline = now + self.lease
    leases[socket] = lease
    let stay = Stay(socket: socket, region: region)
    var occupants = pages[page] ?? []
    defer { pages[page] = occupants }
    guard let index = occupants.firstIndex(where: { $0.user == user }) else {
      occupants.append(Occupant(user: user, since: wall, stays: [stay]))
      return [Change(page: page, user: user, kind: .joined(region: region))]
    }
    let before = occupants[index].region
    occupants[index].stays.removeAll { $0.socket == socket }
    occupants[index].stays.append(stay)
    return region == before ? [] : [Change(page: page, user: user, kind: .moved(region: region))]
  }

  /// Leaves a page; nothing happens when the socket had not entered it.
  package mutating func leave(_ page: ID, socket: SocketID, now: Instant) -> [Change] {
    guard var lease = leases[socket], let index = lease.pages.firstIndex(of: page) else { return [] }
    lease.pages.remove(at: index)
    lease.deadline = now + self.lease
    leases[socket] = lease.pages.isEmpty ? nil : lease
    return vacate(page, user: lease.user, socket: socket).map { [$0] } ?? []
  }

  /// Ends everything the socket began.
  package mutating func socketEnded(_ socket: SocketID) -> [Change] {
    guard let lease = leases.removeValue(forKey: socket) else { return [] }
    return lease.pages.compactMap { vacate($0, user: lease.user, socket: socket) }
  }

  /// Renews the socket's lease.
  package mutating func heartbeat(_ socket: SocketID, now: Instant) {
    leases[socket]?.deadline = now + lease
  }

  /// Ends the leases that are over, in the order of their deadlines.
  package mutating func expire(now: Instant) -> (changes: [Change], sockets: [SocketID]) {
    let over = leases.filter { $0.value.deadline <= now }
      .sorted { ($0.value.deadline, $0.key.value) < ($1.value.deadline, $1.key.value) }
      .map(\.key)
    return (over.flatMap { socketEnded($0) }, over)
  }

  private mutating func vacate(_ page: ID, user: ID, socket: SocketID) -> Change? {
    guard var occupants = pages[page], let index = occupants.firstIndex(where: { $0.user == user }) else { return nil }
    let before = occupants[index].region
    occupants[index].stays.removeAll { $0.socket == socket }
    let after = occupants[index].region
    defer { pages[page] = occupants.isEmpty ? nil : occupants }
    if occupants[index].stays.isEmpty {
      occupants.remove(at: index)
      return Change(page: page, user: user, kind: .left)
    }
    return before == after ? nil : Change(page: page, user: user, kind: .moved(region: after))
  }
}
