package import GraphQL
package import World

/// Who is on which page: state and events in, changes out; no time of its own, no waiting.
///
/// A socket holds one lease for all pages that it entered. What a node's sockets of one user do on one page is one stay,
/// which the node announces to the others; what all nodes' stays of the user there come to is one presence. Every node
/// computes that from the same stays in the same way, so that nodes that have heard the same show the same.
package struct PresenceState: Sendable {
  package struct Presence: Hashable, Sendable {
    package let user: ID
    /// Where they went last.
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

  /// One user on one page.
  package struct Place: Hashable, Comparable, Sendable {
    package let page: ID
    package let user: ID

    package init(page: ID, user: ID) {
      self.page = page
      self.user = user
    }

    package static func < (left: Place, right: Place) -> Bool {
      (left.page, left.user) < (right.page, right.user)
    }
  }

  /// What one node knows of a place.
  package struct Stay: Hashable, Sendable {
    package let organization: ID
    package var region: String?
    /// Within this name the user is on one page at a time.
    package var exclusiveWithin: String?
    package var since: WallTime
    /// When they entered last, later than everything that this node knew then: who has the latest one tells the region,
    /// and which page it is of those within one name.
    package var enteredAt: WallTime

    package init(
      organization: ID, region: String?, exclusiveWithin: String?, since: WallTime, enteredAt: WallTime
    ) {
      self.organization = organization
      self.region = region
      self.exclusiveWithin = exclusiveWithin
      self.since = since
      self.enteredAt = enteredAt
    }
  }

  /// What a node tells the others of a place.
  package struct Announcement: Hashable, Sendable {
    package let place: Place
    /// The last one, when they left.
    package let stay: Stay
    package let isPresent: Bool

    package init(place: Place, stay: Stay, isPresent: Bool) {
      self.place = place
      self.stay = stay
      self.isPresent = isPresent
    }
  }

  private struct Entry: Sendable {
    let socket: SocketID
    var stay: Stay
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
  private let node: ID
  private var leases: [SocketID: Lease] = [:]
  /// This node's sockets at a place, in the order of entering.
  private var sockets: [Place: [Entry]] = [:]
  /// Every node's stay at a place. None is empty.
  private var stays: [Place: [ID: Stay]] = [:]
  private var usersOfPage: [ID: Set<ID>] = [:]
  private var pagesOfUser: [ID: Set<ID>] = [:]
  /// What this node has to tell, with the last stay of who left.
  private var unannounced: [Place: Stay] = [:]

  /// - Parameter node: names this node among those of its database.
  package init(lease: Duration, pagesPerSocket: Int, node: ID = ID(high: 0, low: 0)) {
    self.lease = lease
    self.pagesPerSocket = pagesPerSocket
    self.node = node
  }

  /// Everybody on a page, in the order of their arrival.
  package func present(on page: ID) -> [Presence] {
    (usersOfPage[page] ?? []).compactMap { presence(at: Place(page: page, user: $0)) }
      .sorted { ($0.since, $0.user) < ($1.since, $1.user) }
  }

  package func isPresent(_ user: ID, on page: ID) -> Bool { stays[Place(page: page, user: user)] != nil }

  /// Pages somebody is on.
  package var occupiedPages: Int { usersOfPage.count }

  /// Whether this node has somebody.
  package var hasSockets: Bool { !leases.isEmpty }

  /// When the first lease ends, unless it is renewed.
  package var nextDeadline: Instant? { leases.values.lazy.map(\.deadline).min() }

  /// Enters a page, or moves to another region of it.
  /// - Parameter exclusiveWithin: the user leaves every other page that they entered within this name.
  /// - Returns: the changes; `nil` when the socket is on too many pages already.
  package mutating func enter(
    _ page: ID, of organization: ID, region: String?, exclusiveWithin: String? = nil, user: ID, socket: SocketID,
    now: Instant, wall: WallTime
  ) -> [Change]? {
    var lease = leases[socket] ?? Lease(user: user, deadline: now, pages: [])
    if !lease.pages.contains(page) {
      guard lease.pages.count < pagesPerSocket else { return nil }
      lease.pages.append(page)
    }
    lease.deadline = now + self.lease
    leases[socket] = lease
    let place = Place(page: page, user: user)
    var entries = sockets[place] ?? []
    let since = entries.map(\.stay.since).min() ?? wall
    entries.removeAll { $0.socket == socket }
    let stay = Stay(
      organization: organization, region: region, exclusiveWithin: exclusiveWithin, since: since,
      enteredAt: later(than: place, exclusiveWithin, wall))
    entries.append(Entry(socket: socket, stay: stay))
    sockets[place] = entries
    let superseded = exclusiveWithin.map { supersede($0, by: place, node, stay) } ?? []
    return superseded + announce(place)
  }

  /// Leaves a page; nothing happens when the socket had not entered it.
  package mutating func leave(_ page: ID, socket: SocketID, now: Instant) -> [Change] {
    guard var lease = leases[socket], let index = lease.pages.firstIndex(of: page) else { return [] }
    lease.pages.remove(at: index)
    lease.deadline = now + self.lease
    leases[socket] = lease.pages.isEmpty ? nil : lease
    return vacate(Place(page: page, user: lease.user), socket: socket)
  }

  /// Ends everything the socket began.
  package mutating func socketEnded(_ socket: SocketID) -> [Change] {
    guard let lease = leases.removeValue(forKey: socket) else { return [] }
    return lease.pages.flatMap { vacate(Place(page: $0, user: lease.user), socket: socket) }
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

  private mutating func vacate(_ place: Place, socket: SocketID) -> [Change] {
    guard var entries = sockets[place] else { return [] }
    entries.removeAll { $0.socket == socket }
    sockets[place] = entries.isEmpty ? nil : entries
    return announce(place)
  }
}

// What nodes tell each other.
extension PresenceState {
  /// Takes what this node has to tell since it was asked before, at most `limit` places, in their order.
  package mutating func takeAnnouncements(limit: Int = .max) -> [Announcement] {
    let places = unannounced.keys.sorted().prefix(limit)
    return places.compactMap { place in
      guard let last = unannounced.removeValue(forKey: place) else { return nil }
      let stay = stays[place]?[node]
      return Announcement(place: place, stay: stay ?? last, isPresent: stay != nil)
    }
  }

  package var hasAnnouncements: Bool { !unannounced.isEmpty }

  /// What was taken was not told after all.
  package mutating func putBack(_ announcements: [Announcement]) {
    for announcement in announcements where unannounced[announcement.place] == nil {
      unannounced[announcement.place] = announcement.stay
    }
  }

  /// The others know nothing of this node: everything has to be told again.
  package mutating func announceAgain() {
    for (place, stays) in stays { if let stay = stays[node] { unannounced[place] = stay } }
  }

  /// What another node told.
  /// - Parameter isComplete: it is everything that the node has; what it is silent about has left.
  package mutating func hear(_ announcements: [Announcement], from other: ID, isComplete: Bool) -> [Change] {
    var changes: [Change] = []
    if isComplete {
      let told = Set(announcements.filter(\.isPresent).map(\.place))
      changes += forget(other) { !told.contains($0) }
    }
    let inOrder = announcements.sorted { ($0.stay.enteredAt, $0.place) < ($1.stay.enteredAt, $1.place) }
    for announcement in inOrder {
      let (place, stay) = (announcement.place, announcement.stay)
      // Who entered and left at once has left the other pages all the same.
      if let name = stay.exclusiveWithin { changes += supersede(name, by: place, other, stay) }
      let isBeaten = stay.exclusiveWithin.map { isSuperseded($0, place, other, stay) } ?? false
      changes += set(place, other, announcement.isPresent && !isBeaten ? stay : nil)
    }
    return changes
  }

  /// Ends what another node told: it is gone.
  package mutating func forget(_ other: ID) -> [Change] { forget(other) { _ in true } }

  private mutating func forget(_ other: ID, where condition: (Place) -> Bool) -> [Change] {
    let places = stays.filter { $0.value[other] != nil && condition($0.key) }.keys.sorted()
    return places.flatMap { set($0, other, nil) }
  }
}

// What the stays of all nodes come to.
extension PresenceState {
  /// A moment that is later than what is known of the place, and of others within the name, whatever the clocks say.
  private func later(than place: Place, _ name: String?, _ wall: WallTime) -> WallTime {
    var moment = wall.milliseconds
    for page in pagesOfUser[place.user] ?? [] {
      for stay in (stays[Place(page: page, user: place.user)] ?? [:]).values
      where page == place.page || name != nil && stay.exclusiveWithin == name {
        moment = max(moment, stay.enteredAt.milliseconds.addingClamped(1))
      }
    }
    return WallTime(milliseconds: moment)
  }

  /// Ends the user's earlier stays on other pages within a name.
  private mutating func supersede(_ name: String, by place: Place, _ winner: ID, _ latest: Stay) -> [Change] {
    var changes: [Change] = []
    for page in (pagesOfUser[place.user] ?? []).sorted() where page != place.page {
      let other = Place(page: page, user: place.user)
      let beaten = (stays[other] ?? [:]).filter {
        $0.value.exclusiveWithin == name && ($0.value.enteredAt, $0.key) < (latest.enteredAt, winner)
      }
      for holder in beaten.keys.sorted() {
        guard holder == node else {
          changes += set(other, holder, nil)
          continue
        }
        for entry in sockets.removeValue(forKey: other) ?? [] {
          leases[entry.socket]?.pages.removeAll { $0 == page }
          if leases[entry.socket]?.pages.isEmpty == true { leases[entry.socket] = nil }
        }
        changes += announce(other)
      }
    }
    return changes
  }

  private func isSuperseded(_ name: String, _ place: Place, _ holder: ID, _ stay: Stay) -> Bool {
    (pagesOfUser[place.user] ?? []).contains { page in
      page != place.page
        && (stays[Place(page: page, user: place.user)] ?? [:]).contains {
          $0.value.exclusiveWithin == name && (stay.enteredAt, holder) < ($0.value.enteredAt, $0.key)
        }
    }
  }

  /// This node's sockets at a place have changed.
  private mutating func announce(_ place: Place) -> [Change] {
    let stay = sockets[place]?.last.map { latest in
      var stay = latest.stay
      stay.since = sockets[place]?.map(\.stay.since).min() ?? stay.since
      return stay
    }
    let before = stays[place]?[node]
    guard stay != before else { return [] }
    unannounced[place] = stay ?? before
    return set(place, node, stay)
  }

  private mutating func set(_ place: Place, _ holder: ID, _ stay: Stay?) -> [Change] {
    let before = presence(at: place)
    var all = stays[place] ?? [:]
    all[holder] = stay
    stays[place] = all.isEmpty ? nil : all
    let after = presence(at: place)
    let kind: Change.Kind
    switch (before, after) {
    case (nil, nil): return []
    case (nil, let after?):
      usersOfPage[place.page, default: []].insert(place.user)
      pagesOfUser[place.user, default: []].insert(place.page)
      kind = .joined(region: after.region)
    case (_?, nil):
      usersOfPage[place.page]?.remove(place.user)
      if usersOfPage[place.page]?.isEmpty == true { usersOfPage[place.page] = nil }
      pagesOfUser[place.user]?.remove(place.page)
      if pagesOfUser[place.user]?.isEmpty == true { pagesOfUser[place.user] = nil }
      kind = .left
    case (let before?, let after?):
      if before.region == after.region { return [] }
      kind = .moved(region: after.region)
    }
    return [Change(page: place.page, user: place.user, kind: kind)]
  }

  private func presence(at place: Place) -> Presence? {
    guard let all = stays[place], let since = all.values.map(\.since).min(),
      let latest = all.max(by: { ($0.value.enteredAt, $0.key) < ($1.value.enteredAt, $1.key) })
    else { return nil }
    return Presence(user: place.user, region: latest.value.region, since: since)
  }
}
