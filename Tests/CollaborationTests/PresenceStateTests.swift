import Collaboration
import GraphQL
import Testing
import World

@Suite("Presence") struct PresenceStateTests {
  static let page = ID(high: 9, low: 1)
  static let other = ID(high: 9, low: 2)
  static let ada = ID(high: 1, low: 1)
  static let grace = ID(high: 1, low: 2)
  static let lease: Duration = .seconds(30)

  var state = PresenceState(lease: lease, pagesPerSocket: 2)

  static func at(_ seconds: Int64) -> Instant { Instant(nanoseconds: seconds * 1_000_000_000) }

  mutating func enter(
    _ user: ID, _ socket: UInt64, page: ID = page, region: String? = nil, at seconds: Int64 = 0
  ) -> [PresenceState.Change]? {
    state.enter(
      page, of: ID(high: 8, low: 1), region: region, user: user, socket: SocketID(value: socket), now: Self.at(seconds),
      wall: WallTime(milliseconds: seconds * 1000))
  }

  static func change(_ user: ID, _ kind: PresenceState.Change.Kind, page: ID = page) -> PresenceState.Change {
    PresenceState.Change(page: page, user: user, kind: kind)
  }

  @Test("the first socket joins, the last one leaves, what is between shows nothing")
  mutating func severalSockets() {
    #expect(enter(Self.ada, 1) == [Self.change(Self.ada, .joined(region: nil))])
    #expect(enter(Self.ada, 2) == [])
    #expect(enter(Self.ada, 1) == [])
    #expect(state.present(on: Self.page).map(\.user) == [Self.ada])
    #expect(state.socketEnded(SocketID(value: 1)) == [])
    #expect(state.leave(Self.page, socket: SocketID(value: 2), now: Self.at(1)) == [Self.change(Self.ada, .left)])
    #expect(state.present(on: Self.page).isEmpty)
    #expect(state.occupiedPages == 0)
    #expect(state.nextDeadline == nil)
  }

  @Test("leaving twice, leaving what was not entered and ending an unknown socket do nothing")
  mutating func idle() {
    #expect(state.leave(Self.page, socket: SocketID(value: 1), now: Self.at(0)) == [])
    _ = enter(Self.ada, 1)
    #expect(state.leave(Self.other, socket: SocketID(value: 1), now: Self.at(0)) == [])
    #expect(state.leave(Self.page, socket: SocketID(value: 1), now: Self.at(0)).count == 1)
    #expect(state.leave(Self.page, socket: SocketID(value: 1), now: Self.at(0)) == [])
    #expect(state.socketEnded(SocketID(value: 1)) == [])
  }

  @Test("the region is where the latest socket is")
  mutating func regions() {
    _ = enter(Self.ada, 1, region: "top")
    #expect(enter(Self.ada, 2, region: "bottom") == [Self.change(Self.ada, .moved(region: "bottom"))])
    #expect(state.present(on: Self.page).map(\.region) == ["bottom"])
    #expect(state.socketEnded(SocketID(value: 2)) == [Self.change(Self.ada, .moved(region: "top"))])
  }

  @Test("the end of a socket ends all its presences, in the order in which they began")
  mutating func socketEnd() {
    _ = enter(Self.ada, 1, page: Self.other)
    _ = enter(Self.ada, 1)
    _ = enter(Self.grace, 2)
    let left = state.socketEnded(SocketID(value: 1))
    #expect(left == [Self.change(Self.ada, .left, page: Self.other), Self.change(Self.ada, .left)])
    #expect(state.present(on: Self.page).map(\.user) == [Self.grace])
  }

  @Test("a lease ends once, unless a heartbeat renews it")
  mutating func leases() {
    _ = enter(Self.ada, 1)
    _ = enter(Self.grace, 2, at: 5)
    #expect(state.nextDeadline == Self.at(30))
    state.heartbeat(SocketID(value: 2), now: Self.at(20))
    #expect(state.expire(now: Self.at(29)).sockets.isEmpty)
    let (changes, sockets) = state.expire(now: Self.at(30))
    #expect(changes == [Self.change(Self.ada, .left)])
    #expect(sockets == [SocketID(value: 1)])
    #expect(state.nextDeadline == Self.at(50))
    #expect(state.expire(now: Self.at(49)).changes.isEmpty)
    #expect(state.expire(now: Self.at(60)).changes == [Self.change(Self.grace, .left)])
    #expect(state.expire(now: Self.at(90)).changes.isEmpty)
  }

  @Test("a user with a live socket stays when another socket's lease ends")
  mutating func oneOfTwo() {
    _ = enter(Self.ada, 1)
    _ = enter(Self.ada, 2, at: 10)
    #expect(state.expire(now: Self.at(30)).changes == [])
    #expect(state.expire(now: Self.at(40)).changes == [Self.change(Self.ada, .left)])
  }

  @Test("a socket is on a limited number of pages; entering one again is no more")
  mutating func limit() {
    _ = enter(Self.ada, 1)
    _ = enter(Self.ada, 1, page: Self.other)
    #expect(enter(Self.ada, 1, page: ID(high: 9, low: 3)) == nil)
    #expect(enter(Self.ada, 1, region: "top") != nil)
    #expect(state.occupiedPages == 2)
  }
}
