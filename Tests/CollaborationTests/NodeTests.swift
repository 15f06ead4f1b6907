import Collaboration
import Database
import GraphQL
import JSON
import Testing
import World

/// Two servers on one database: what happens on one is seen on the other.
@Suite("Several servers") struct NodeTests {
  /// A socket that tells when it is closed.
  final class Watched: SocketControl {
    let closings = Mailbox<String>(limit: 10)
    func close(code: UInt16, reason: String) { closings.send("\(code) \(reason)") }
  }

  @Test(
    "events, revocations and presence of one server reach the other through one SQLite file", .timeLimit(.minutes(1)))
  func sqlite() async throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/test.db"
    try await Self.check(on: SQLiteDatabase.open(.file(path)), and: SQLiteDatabase.open(.file(path)))
  }

  static func check(on first: any Database, and second: any Database) async throws {
    let here = try await TestServer(on: first)
    // It will lose its database, and say so.
    let there = try await TestServer(on: second, seed: 2, organizations: false, log: { _ in })
    try await checkEvents(here, there)
    try await checkRevocation(here, there)
    try await checkPresence(here, there)
    await here.stop()
  }

  private static func checkEvents(_ here: TestServer, _ there: TestServer) async throws {
    let (ada, grace) = (try await here.login("ada"), try await there.login("grace"))
    let (thread, _) = try await ada.makeThread()
    let inboxes = try await [ada, grace].asyncMap {
      try await $0.subscribe(ResumeTests.added, ["thread": .string(thread)])
    }
    try await withThrowingTaskGroup(of: Void.self) { group in
      for writer in [ada, grace] {
        group.addTask { for _ in 0..<25 { try await writer.send([["text": "x"]], to: thread) } }
      }
      try await group.waitForAll()
    }
    for (inbox, server) in zip(inboxes, [here, there]) {
      await inbox.arrival(of: 50)
      await server.service.fence()
      #expect(inbox.responses.map { $0["data"]?["messageAdded"]?["sequence"]?.int } == (1...50).map { $0 })
    }
  }

  private static func checkRevocation(_ here: TestServer, _ there: TestServer) async throws {
    let (laptop, phone) = (try await here.login("ada"), try await there.login("ada"))
    let socket = Watched()
    let held = Person(
      server: there, id: phone.id, token: phone.token, identity: phone.identity, socket: there.nextSocket())
    there.service.socketOpened(try #require(held.socket), identity: held.identity, control: socket)
    let session = try await phone.run("{ viewer { session { id } } }")["viewer"]?["session"]?["id"] ?? .null
    let clock = ContinuousClock()
    let start = clock.now
    _ = try await laptop.run(
      "mutation($id: ID!) { revokeSession(input: {sessionId: $id}) { userErrors { code } } }", ["id": session])
    let closing = await socket.closings.next()
    print("revoked on one server, closed by the other on \(here.database.dialect): \(clock.now - start)")
    #expect(closing == "4403 Session revoked")
    #expect(try await phone.codes("{ viewer { id } }") == ["UNAUTHENTICATED"])
  }

  private static func enter(_ person: Person, _ url: String, exclusively: Bool = false) async throws -> JSON {
    let data = try await person.run(
      """
      mutation($url: String!, $name: String) {
        enterPage(input: {url: $url, region: "top", exclusiveWithin: $name}) { page { id } userErrors { code } }
      }
      """, ["url": .string(url), "name": exclusively ? "app" : .null])
    return try #require(data["enterPage"]?["page"]?["id"])
  }

  static let visitors = """
    query($page: ID!) { page(id: $page) {
      presence { user { name } region } visitors { user { name } isPresent lastSeenAt } } }
    """

  private static func visitors(_ person: Person, _ page: JSON) async throws -> [String] {
    let data = try await person.run(visitors, ["page": page])
    let names = (data["page"]?["visitors"]?.array ?? []).map {
      "\($0["user"]?["name"]?.string ?? "?") \($0["isPresent"] == true ? "now" : $0["lastSeenAt"]?.string ?? "?")"
    }
    return names.sorted()
  }

  private static func turn(_ clock: ManualClock) async {
    clock.advance(by: .seconds(3))
    await Task.yield()
  }

  private static func checkPresence(_ here: TestServer, _ there: TestServer) async throws {
    let (ada, grace) = (try await here.login("ada").onSocket(), try await there.login("grace").onSocket())
    let tablet = try await there.login("ada").onSocket()
    let page = try await enter(ada, "https://acme.example/shared")
    while try await visitors(grace, page) != ["Ada now"] {}
    let inbox = try await grace.subscribe(PresenceTests.changed, ["page": page])
    #expect(PresenceTests.summary(inbox) == ["SNAPSHOT Ada"])
    _ = try await enter(tablet, "https://acme.example/shared")
    _ = try await enter(grace, "https://acme.example/shared")
    let atHome = try await ada.subscribe(PresenceTests.changed, ["page": page])
    // Who comes last tells the region; what is one user for one server is one for both.
    while try await visitors(ada, page) != ["Ada now", "Grace now"] {}
    _ = try await ada.run(PresenceTests.leave, ["url": "https://acme.example/shared"])
    #expect(try await visitors(ada, page) == ["Ada now", "Grace now"])
    tablet.closeSocket()
    while try await visitors(ada, page) != ["Ada 2026-01-01T00:00:00.000Z", "Grace now"] {}
    await here.service.fence()
    #expect(PresenceTests.summary(inbox) == ["SNAPSHOT Ada", "JOINED Grace", "LEFT Ada"])
    #expect(PresenceTests.summary(atHome).last == "LEFT Ada")

    // Entering there leaves here.
    let (plan, budget) = ("https://acme.example/plan", "https://acme.example/budget")
    let first = try await enter(ada, plan, exclusively: true)
    let phone = try await there.login("ada").onSocket()
    while try await !visitors(grace, first).contains("Ada now") {}
    let second = try await enter(phone, budget, exclusively: true)
    while try await visitors(ada, first).contains("Ada now") {}
    while try await !visitors(ada, second).contains("Ada now") {}

    // One that starts knows who is there; one that dies takes its people with it.
    #expect(try await visitors(ada, page).contains("Grace now"))
    await there.database.close()
    // Its hub may be trying again to read, by a clock that somebody has to turn.
    let turning = Task { while !Task.isCancelled { await turn(there.clock) } }
    await there.service.stop()
    turning.cancel()
    var seconds = 0
    while try await visitors(ada, page).contains("Grace now") {
      here.clock.advance(by: .seconds(1))
      seconds += 1
    }
    #expect((10...30).contains(seconds))
    let lost = try await ada.run(visitors, ["page": second])
    #expect(lost["page"]?["presence"] == [])
    #expect(try await here.count("presence_nodes") == 2)
    here.clock.advance(by: .seconds(301))
    try await here.service.sweep()
    #expect(try await here.count("presences WHERE is_present") == 0)
  }
}
