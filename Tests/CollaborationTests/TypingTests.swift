import Collaboration
import GraphQL
import JSON
import Testing
import World

@Suite("Typing") struct TypingTests {
  static let changed = """
    subscription($thread: ID!) { typingChanged(threadId: $thread) { kind user { name } typing { name } } }
    """

  static func summary(_ inbox: Inbox) -> [String] {
    inbox.responses.map { response in
      let event = response["data"]?["typingChanged"]
      let typing = event?["typing"]?.array?.compactMap { $0["name"]?.string } ?? []
      return
        "\(event?["kind"]?.string ?? "?") \(event?["user"]?["name"]?.string ?? "-") \(typing.joined(separator: "+"))"
    }
  }

  static func type(_ field: String, _ person: Person, in thread: String) async throws -> JSON? {
    try await person.run(
      "mutation { \(field)(input: {threadId: \"\(thread)\"}) { expiresAt userErrors { code } } }")[field]
  }

  @Test("several devices are one, who stops on one goes on on the other, and leases end", arguments: [1, 2, 3])
  func state(_ seed: UInt64) {
    func id(_ low: UInt64) -> ID { ID(high: 0, low: low) }
    var state = TypingState(lease: .seconds(6))
    let (thread, ada, phone, laptop) = (
      id(1), id(2), TypingState.Device.session(id(3)), TypingState.Device.session(id(4))
    )
    let start = Instant(nanoseconds: 0)
    let (began, over) = (
      TypingState.Change(thread: thread, user: ada, isTyping: true),
      TypingState.Change(thread: thread, user: ada, isTyping: false)
    )
    #expect(state.write(in: thread, user: ada, device: phone, now: start) == began)
    #expect(state.write(in: thread, user: ada, device: laptop, now: start + .seconds(4)) == nil)
    #expect(state.typing(in: thread) == [ada])
    #expect(state.stop(in: thread, user: ada, device: phone) == nil)
    #expect(state.nextDeadline == start + .seconds(10))
    #expect(state.expire(now: start + .seconds(9)).isEmpty)
    #expect(state.expire(now: start + .seconds(10)) == [over])
    #expect(state.write(in: thread, user: ada, device: phone, now: start) == began)
    #expect(state.ended(laptop).isEmpty)
    #expect(state.ended(phone) == [over])
    #expect(state.typing(in: thread).isEmpty && state.nextDeadline == nil)
  }

  @Test(
    "readers see who is writing, until a message, a stop, the lease or the end of the socket", .timeLimit(.minutes(1)))
  func changes() async throws {
    let server = try await TestServer()
    let (ada, grace) = (try await server.login("ada").onSocket(), try await server.login("grace"))
    let (thread, _) = try await ada.makeThread()
    let early = try await grace.subscribe(Self.changed, ["thread": .string(thread)])
    let began = try await Self.type("typing", ada, in: thread)
    #expect(began?["expiresAt"]?.string == (server.clock.wall + .seconds(6)).rfc3339)
    _ = try await Self.type("typing", grace, in: thread)
    let late = try await ada.subscribe(Self.changed, ["thread": .string(thread)])
    _ = try await ada.send([["text": "done"]], to: thread)
    _ = try await Self.type("stopTyping", grace, in: thread)
    _ = try await Self.type("typing", ada, in: thread)
    ada.closeSocket()
    _ = try await Self.type("typing", grace, in: thread)
    await server.service.fence()
    server.clock.advance(by: .seconds(6))
    let expected = [
      "SNAPSHOT - ", "STARTED Ada Ada", "STARTED Grace Ada+Grace", "STOPPED Ada Grace", "STOPPED Grace ",
      "STARTED Ada Ada", "STOPPED Ada ", "STARTED Grace Grace", "STOPPED Grace ",
    ]
    await early.arrival(of: expected.count)
    #expect(Self.summary(early) == expected)
    #expect(Self.summary(late).first == "SNAPSHOT - Ada+Grace")
    await server.stop()
  }

  @Test("who is taken out of a private thread is not writing there any more, and sees nobody writing")
  func privateThreads() async throws {
    let server = try await TestServer()
    let (ada, grace) = (try await server.login("ada"), try await server.login("grace"))
    let (thread, _) = try await PrivateThreadTests.begin(by: ada, with: [grace])
    let (adas, graces) = (
      try await ada.subscribe(Self.changed, ["thread": .string(thread)]),
      try await grace.subscribe(Self.changed, ["thread": .string(thread)])
    )
    graces.mayFail.update { $0 = true }
    _ = try await Self.type("typing", grace, in: thread)
    await server.service.fence()
    _ = try await PrivateThreadTests.change("remove", [grace.id], of: thread, by: ada)
    await server.service.fence()
    await adas.arrival(of: 3)
    #expect(Self.summary(adas) == ["SNAPSHOT - ", "STARTED Grace Grace", "STOPPED Grace "])
    #expect(graces.failures.value == ["ACCESS_LOST"] && graces.payloads.count == 2)
    #expect(try await Self.type("typing", grace, in: thread)?["userErrors"] == [["code": "NOT_FOUND"]])
    await server.stop()
  }
}
