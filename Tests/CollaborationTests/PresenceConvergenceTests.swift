import Collaboration
import GraphQL
import Testing
import World

/// Several nodes over one table, with every delay that there can be between them, but no database.
@Suite("Presence across nodes") struct PresenceConvergenceTests {
  static let lease: Duration = .seconds(30)
  static let pages = (1...3).map { ID(high: 9, low: UInt64($0)) }
  static let users = (1...4).map { ID(high: 1, low: UInt64($0)) }
  /// Is on one page at a time.
  static let nomad = users[3]
  static let regions = [nil, "top", "bottom"]

  /// What the database holds of one node.
  struct Told {
    var report: PresencePeers.Report
    var trimmedThrough: Int64 = 0
    var rows: [PresenceState.Place: (announcement: PresenceState.Announcement, version: Int64)] = [:]
  }

  struct Node {
    let id: ID
    var state: PresenceState
    var peers = PresencePeers(patience: .seconds(20))
    var isAlive = true
    /// What a subscriber of each page has made of the changes.
    var seen: [ID: [ID: String?]] = [:]
    /// Who has entered and not left, by socket.
    var entered: [UInt64: Set<ID>] = [:]

    init(_ number: UInt64) {
      id = ID(high: 7, low: number)
      state = PresenceState(lease: lease, pagesPerSocket: 10, node: id)
    }

    /// A subscriber's view, changed.
    mutating func show(_ changes: [PresenceState.Change]) {
      for change in changes {
        let isThere = seen[change.page]?.keys.contains(change.user) ?? false
        switch change.kind {
        case .joined(let region):
          #expect(!isThere)
          seen[change.page, default: [:]][change.user] = .some(region)
        case .moved(let region):
          #expect(isThere)
          seen[change.page, default: [:]][change.user] = .some(region)
        case .left:
          #expect(isThere)
          seen[change.page]?.removeValue(forKey: change.user)
        }
      }
      for page in pages {
        let present = Dictionary(state.present(on: page).map { ($0.user, $0.region) }, uniquingKeysWith: { $1 })
        #expect(present == seen[page] ?? [:])
      }
    }

    /// The places where this node itself has somebody.
    var own: Set<PresenceState.Place> {
      var copy = state
      copy.announceAgain()
      return Set(copy.takeAnnouncements().filter(\.isPresent).map(\.place))
    }
  }

  struct Cluster {
    var random: RandomStream
    let trimsEarly: Bool
    var now: Int64 = 0
    var nodes: [Node]
    var table: [ID: Told] = [:]

    init(seed: UInt64) {
      random = RandomStream(seed: seed, name: "presence")
      trimsEarly = seed.isMultiple(of: 2)
      nodes = (1...3).map { Node($0) }
    }

    var instant: Instant { Instant(nanoseconds: now * 1_000_000) }
    /// The nodes' clocks differ by seconds.
    func wall(_ index: Int) -> WallTime { WallTime(milliseconds: now + Int64(index) * 4_000) }

    mutating func act() {
      let index = random.int(in: 0..<nodes.count)
      guard nodes[index].isAlive else { return }
      let user = random.int(in: 0..<(trimsEarly ? 3 : 4))
      let socket = UInt64(user * 2 + random.int(in: 0..<2))
      let page = pages[random.int(in: 0..<3)]
      switch random.int(in: 0..<16) {
      case 0..<6:
        let isNomad = users[user] == nomad
        let changes = nodes[index].state.enter(
          page, of: ID(high: 8, low: 1), region: regions[random.int(in: 0..<3)],
          exclusiveWithin: isNomad ? "app" : nil, user: users[user], socket: SocketID(value: socket), now: instant,
          wall: wall(index))
        if !isNomad { nodes[index].entered[socket, default: []].insert(page) }
        nodes[index].show(changes ?? [])
      case 6..<8:
        nodes[index].show(nodes[index].state.leave(page, socket: SocketID(value: socket), now: instant))
        nodes[index].entered[socket]?.remove(page)
      case 8:
        nodes[index].show(nodes[index].state.socketEnded(SocketID(value: socket)))
        nodes[index].entered[socket] = nil
      case 9..<12: tell(index)
      case 12..<15: hear(index)
      default: pass(Int64(random.int(in: 0..<4_000)))
      }
    }

    mutating func pass(_ milliseconds: Int64) {
      now += milliseconds
      for index in nodes.indices where nodes[index].isAlive {
        for socket in UInt64(0)..<8 { nodes[index].state.heartbeat(SocketID(value: socket), now: instant) }
      }
    }

    mutating func tell(_ index: Int) {
      let id = nodes[index].id
      let batch = nodes[index].state.takeAnnouncements(limit: random.int(in: 1..<4))
      let earlier = table[id]?.report
      let version = (earlier?.version ?? 0) + (batch.isEmpty ? 0 : 1)
      let report = PresencePeers.Report(
        node: id, beat: (earlier?.beat ?? 0) + 1, beatenAt: wall(index), version: version)
      var told = table[id] ?? Told(report: report)
      told.report = report
      for announcement in batch { told.rows[announcement.place] = (announcement, version) }
      if trimsEarly, random.int(in: 0..<4) == 0 {
        told.trimmedThrough = version
        told.rows = told.rows.filter { $0.value.announcement.isPresent }
      }
      table[id] = told
    }

    mutating func hear(_ index: Int) {
      let others = table.values.map(\.report).filter { $0.node != nodes[index].id }
      let (gone, readings) = nodes[index].peers.observe(others, now: instant, wall: wall(index))
      for node in gone { nodes[index].show(nodes[index].state.forget(node)) }
      for reading in readings {
        guard let told = table[reading.node] else { continue }
        let after = reading.after.flatMap { told.trimmedThrough <= $0 ? $0 : nil }
        let rows = told.rows.values.filter { after == nil ? $0.announcement.isPresent : $0.version > after ?? 0 }
        nodes[index].show(
          nodes[index].state.hear(rows.map(\.announcement), from: reading.node, isComplete: after == nil))
        nodes[index].peers.heard(reading.node, through: reading.through)
      }
    }

    /// Everybody who lives tells and hears everything, for longer than a lease.
    mutating func settle() {
      for _ in 0..<12 {
        pass(3_000)
        for index in nodes.indices where nodes[index].isAlive {
          repeat { tell(index) } while nodes[index].state.hasAnnouncements
        }
        for index in nodes.indices where nodes[index].isAlive { hear(index) }
      }
    }
  }

  @Test(
    "after any joins, leaves, deaths, delays and lost departures, all nodes show the same: who is there and nobody else",
    arguments: 0..<60)
  func converges(seed: UInt64) {
    var cluster = Cluster(seed: seed)
    for round in 0..<3 {
      for _ in 0..<120 { cluster.act() }
      if round > 0 {
        // Dies, and another starts that knows nothing.
        let victim = cluster.random.int(in: 0..<cluster.nodes.count)
        cluster.nodes[victim].isAlive = false
        cluster.nodes.append(Node(UInt64(cluster.nodes.count + 1)))
      }
      cluster.settle()
      let living = cluster.nodes.filter(\.isAlive)
      var expected: Set<PresenceState.Place> = []
      for node in living {
        let entered = node.entered.flatMap { socket, pages in
          pages.map { PresenceState.Place(page: $0, user: Self.users[Int(socket / 2)]) }
        }
        #expect(node.own.filter { $0.user != Self.nomad } == Set(entered))
        expected.formUnion(node.own)
      }
      #expect(expected.filter { $0.user == Self.nomad }.count <= 1)
      for page in Self.pages {
        let shown = living.map { $0.state.present(on: page) }
        #expect(Set(shown).count == 1)
        #expect(Set((shown.first ?? []).map(\.user)) == Set(expected.filter { $0.page == page }.map(\.user)))
      }
    }
  }
}
