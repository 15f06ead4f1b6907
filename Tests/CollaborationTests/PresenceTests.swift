import Collaboration
import GraphQL
import JSON
import Testing
import World

@Suite("Presence on pages") struct PresenceTests {
  static let enter = """
    mutation($url: String!, $region: String) {
      enterPage(input: {url: $url, region: $region}) { page { id } userErrors { code } }
    }
    """
  static let leave = "mutation($url: String!) { leavePage(input: {url: $url}) { page { id } userErrors { code } } }"
  static let changed = """
    subscription($page: ID!) {
      presenceChanged(pageId: $page) { kind user { name } region present { user { name } region } }
    }
    """
  static let url: JSON = "https://acme.example/plan"

  static func summary(_ inbox: Inbox) -> [String] {
    inbox.responses.map { response in
      let event = response["data"]?["presenceChanged"]
      let present = event?["present"]?.array?.compactMap { $0["user"]?["name"]?.string } ?? []
      let who = event?["user"]?["name"]?.string ?? present.joined(separator: "+")
      return "\(event?["kind"]?.string ?? "?") \(who)"
    }
  }

  @Test("a subscriber sees who is there, then who joins and leaves, several sockets of one user as one")
  func changes() async throws {
    let server = try await TestServer()
    let (ada, grace) = (try await server.login("ada").onSocket(), try await server.login("grace").onSocket())
    let page = try #require(try await ada.run(Self.enter, ["url": Self.url])["enterPage"]?["page"]?["id"])
    let early = try await grace.subscribe(Self.changed, ["page": page])
    let tab = ada.onSocket()
    _ = try await tab.run(Self.enter, ["url": Self.url, "region": "top"])
    _ = try await grace.run(Self.enter, ["url": Self.url])
    let late = try await ada.subscribe(Self.changed, ["page": page])
    _ = try await ada.run(Self.leave, ["url": Self.url])
    tab.closeSocket()
    _ = try await grace.run(Self.leave, ["url": Self.url])
    await server.service.fence()
    #expect(Self.summary(early) == ["SNAPSHOT Ada", "MOVED Ada", "JOINED Grace", "LEFT Ada", "LEFT Grace"])
    #expect(Self.summary(late) == ["SNAPSHOT Ada+Grace", "LEFT Ada", "LEFT Grace"])
    #expect(late.responses.first?["data"]?["presenceChanged"]?["present"]?[0]?["region"] == "top")
    let empty = try await ada.run("query($page: ID!) { page(id: $page) { presence { region } } }", ["page": page])
    #expect(empty["page"]?["presence"] == [])
    await server.stop()
  }

  @Test("presence needs a socket, and one that is still open")
  func needsSocket() async throws {
    let server = try await TestServer()
    let ada = try await server.login("ada")
    let closed = ada.onSocket()
    closed.closeSocket()
    for person in [ada, closed] {
      let payload = try await person.run(Self.enter, ["url": Self.url])["enterPage"]
      #expect(payload == ["page": .null, "userErrors": [["code": "PRESENCE_NEEDS_SOCKET"]]])
    }
    let payload = try await ada.run(Self.leave, ["url": Self.url])["leavePage"]
    #expect(payload?["userErrors"] == [["code": "PRESENCE_NEEDS_SOCKET"]])
    await server.stop()
  }

  @Test(
    "a silent socket's presence ends with its lease, once, and the socket with it; a heartbeat keeps it",
    .timeLimit(.minutes(1)))
  func lease() async throws {
    var settings = Collaboration.Settings()
    settings.presenceLease = .seconds(3)
    let server = try await TestServer(settings: settings)
    let (silent, lively) = (TestSocket(), TestSocket())
    let ada = try await server.login("ada").onSocket(silent)
    let grace = try await server.login("grace").onSocket(lively)
    let page = try #require(try await ada.run(Self.enter, ["url": Self.url])["enterPage"]?["page"]?["id"])
    _ = try await grace.run(Self.enter, ["url": Self.url])
    let inbox = try await grace.subscribe(Self.changed, ["page": page])
    for _ in 0..<2 {
      server.clock.advance(by: .seconds(2))
      if let socket = grace.socket { server.service.socketAlive(socket) }
    }
    await inbox.arrival(of: 2)
    #expect(Self.summary(inbox) == ["SNAPSHOT Ada+Grace", "LEFT Ada"])
    #expect(silent.closed.value == ["1001 Presence lease expired"])
    ada.closeSocket()
    await server.service.fence()
    #expect(inbox.payloads.count == 2 && lively.closed.value.isEmpty)
    server.clock.advance(by: .seconds(3))
    await inbox.arrival(of: 3)
    #expect(Self.summary(inbox).last == "LEFT Grace")
    await server.stop()
  }
}

extension Inbox {
  /// Waits until so many payloads have come.
  func arrival(of count: Int) async {
    while payloads.count < count { await arrivals.next() }
  }
}
