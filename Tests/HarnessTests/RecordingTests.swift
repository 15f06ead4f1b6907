import Client
import Collaboration
import Cryptography
import Database
import Foundation
import Harness
import JSON
import Server
import Testing
import Wire
import World

/// A client of the server, over real sockets.
private struct Person {
  let token: String
  let id: String
  let http: GraphQLHTTPClient
  let socket: GraphQLSocketClient
  let events = Mailbox<SocketClientEvent>(limit: 100)

  init(_ name: String, clientToken: String, _ transport: NIOClientTransport, _ endpoint: Endpoint, _ world: World)
    async throws
  {
    http = GraphQLHTTPClient(transport: transport, endpoint: endpoint)
    let events = events
    socket = GraphQLSocketClient(transport: transport, endpoint: endpoint, world: world, name: name) {
      _ = events.send($0)
    }
    let login = "mutation In($t: String!) { createSession(input: {clientToken: $t}) { token viewer { id name } } }"
    let session = try await http.execute(query: login, variables: ["t": .string(clientToken)]).data?["createSession"]
    token = try #require(session?["token"]?.string)
    id = try #require(session?["viewer"]?["id"]?.string)
    try await socket.connect(token: token)
  }

  func run(_ query: String, _ operation: String? = nil, _ variables: JSONObject = [:]) async throws -> JSON {
    let response = try await http.execute(
      query: query, operationName: operation, variables: variables, token: token)
    return try #require(response.data)
  }

  /// Starts a subscription that is live from when it returns.
  func follow(_ id: String, _ query: String, _ operation: String? = nil, _ variables: JSONObject = [:]) async throws {
    socket.start(id: id, query: query, operationName: operation, variables: variables)
    try await socket.fence("live \(id)")
  }

  func event() async -> JSON? {
    while let event = await events.next() { if case .next(_, let payload) = event { return payload["data"] } }
    return nil
  }
}

@Suite("Recording", .timeLimit(.minutes(1)))
struct RecordingTests {
  private let folder: TemporaryFolder
  private let world = World.live(seed: 8)
  private let secret = Array("of at least thirty-two bytes: hush".utf8)

  init() throws {
    folder = try TemporaryFolder()
    try FileManager.default.createSymbolicLink(
      atPath: "\(folder.path)/actions", withDestinationPath: "\(root)/Scenarios/actions")
  }

  /// A server of ours.
  private func serve<T>(_ body: (HTTPServer) async throws -> T) async throws -> T {
    let database = try await openDatabase("sqlite::memory:")
    try await Migrator(database: database, migrations: Collaboration.migrations, world: world).up()
    let product = try await Collaboration(database: database, world: world, build: "test")
    _ = try await product.createOrganization(name: "Acme", slug: "acme", secret: secret)
    let server = try await HTTPServer.start(core: ServerCore(service: product, world: world), world: world)
    let result = try await body(server)
    await server.stop(deadline: .seconds(1))
    await product.stop()
    await database.close()
    return result
  }

  private func clientToken(_ name: String) -> String {
    let end = world.clock.wall.milliseconds / 1000 + 60
    let claims: JSON = ["org": "acme", "sub": .string("u-\(name)"), "name": .string(name), "exp": .int(end)]
    return signHS256(claims: claims.bytes, secret: secret)
  }

  private func options(_ port: Int, out: String = "recorded.yaml") throws -> RecordOptions {
    var options = try RecordOptions(
      target: "http://127.0.0.1:\(port)", listen: "127.0.0.1:0", out: "\(folder.path)/\(out)", schema: nil,
      force: false,
      quiet: true)
    options.target.firstAnswerLimit = TargetTests.patience
    return options
  }

  private func play(_ text: String) async throws -> Verdict {
    var options = RunOptions(paths: [try folder.write(text, as: "played.yaml")])
    options.out = "\(folder.path)/out"
    options.quiet = true
    return try await LiveRun(options, kind: .functional).perform().verdict
  }

  @Test(
    "what clients did through the proxy is played again and passes, without a secret; without a capture it does not")
  func roundTrip() async throws {
    let actions = try ["messages", "people", "annotations"].map {
      String(decoding: try folder.read("actions/\($0).graphql"), as: UTF8.self)
    }.joined(separator: "\n")
    var secrets: [String] = []
    let (verdict, added) = try await serve { server in
      let session = try await RecordingSession.start(try options(server.port), world: world)
      let transport = NIOClientTransport(world: world)
      let endpoint = Endpoint(host: "127.0.0.1", port: session.port)
      let tokens = (clientToken("Ada L."), clientToken("Grace"))
      let ada = try await Person("ada", clientToken: tokens.0, transport, endpoint, world)
      let grace = try await Person("grace", clientToken: tokens.1, transport, endpoint, world)
      secrets = [tokens.0, tokens.1, ada.token, grace.token]
      try await grace.follow("1", actions, "notificationReceived")
      let url: JSON = .string("https://acme.example/\(session.port)")
      let made = try await ada.run(actions, "createThread", ["url": url])["createThread"]
      let thread = try #require(made?["thread"]?["id"])
      let page = try #require(made?["thread"]?["page"]?["id"])
      try await grace.follow("2", actions, "messageAdded", ["threadId": thread])
      try await ada.follow(
        "1", "subscription On($page: ID!) { annotationAdded(pageId: $page) { id body } }", nil, ["page": page])
      let content: JSON = [["text": "Hello "], ["mention": .string(grace.id)]]
      let sent = try await ada.run(
        actions, "sendMessage",
        ["threadId": thread, "content": content, "idempotencyKey": .string("\(world.ids.next())")])
      var seen = [await grace.event(), await grace.event()]
      let message = try #require(sent["sendMessage"]?["message"]?["id"]?.string)
      _ = try await grace.run(
        "mutation { addReaction(input: {messageId: \"\(message)\", emoji: \"+\"}) { message { id } } }")
      _ = try await grace.run(
        actions, "createAnnotation", ["url": url, "selector": "h1", "body": "See", "x": 0.5])
      seen.append(await ada.event())
      ada.socket.close()
      let verdict = try await session.finish()
      grace.socket.close()
      await transport.shutDown()
      return (verdict, seen)
    }
    #expect(verdict == .passed)
    #expect(added.count == 3 && added.allSatisfy { $0 != nil })
    let text = String(decoding: try folder.read("recorded.yaml"), as: UTF8.self)
    for secret in secrets { #expect(!text.contains(secret)) }
    #expect(text.contains("acme: [ada-l, grace]") && text.contains("do: sendMessage"), "\(text)")
    #expect(text.split(separator: "expect:").count == 4, "\(text)")
    #expect(try await play(text) == .passed, "\(text)")
    let other = text.replacing("annotationAdded.body: See", with: "annotationAdded.body: Else")
    #expect(try await play(other.replacing("within: 5s", with: "within: 100ms")) == .failed)
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    #expect(try await play(lines.filter { !$0.contains("capture: { thread") }.joined(separator: "\n")) == .badInput)
  }

  @Test("many clients at once get their own answers, and a socket ends through the proxy as it ends without it")
  func faithful() async throws {
    try await serve { server in
      let session = try await RecordingSession.start(try options(server.port), world: world)
      let transport = NIOClientTransport(world: world)
      let endpoint = Endpoint(host: "127.0.0.1", port: session.port)
      let ada = try await Person("ada", clientToken: clientToken("Ada"), transport, endpoint, world)
      // Larger than what one read brings.
      let filler = String(repeating: "x", count: 150)
      let answers = try await withThrowingTaskGroup(of: Bool.self) { group in
        for number in 0..<40 {
          group.addTask {
            let url = JSON.string("https://acme.example/\(number)-\(filler)")
            let aliases = (0..<20).map { "p\($0): ensurePage(input: {url: $url}) { page { url } }" }
            let data = try await ada.run(
              "mutation($url: String!) { \(aliases.joined(separator: "\n")) }", nil, ["url": url])
            return data["p19"]?["page"]?["url"] == url
          }
        }
        return try await group.reduce(into: [Bool]()) { $0.append($1) }
      }
      #expect(answers == Array(repeating: true, count: 40))
      var ends: [[SocketEvent]] = []
      for port in [server.port, session.port] {
        let events = Mailbox<SocketEvent>(limit: 10)
        let upgrade = HTTPRequest(
          method: "GET", target: "/graphql", headers: ["Sec-WebSocket-Protocol": TransportMessage.subprotocol])
        let socket = try await transport.openSocket(upgrade, to: Endpoint(host: "127.0.0.1", port: port)) {
          _ = events.send($0)
        }
        socket.send(text: TransportMessage.ping(payload: ["a": 1]).bytes)
        socket.send(text: Array("garbage".utf8))
        ends.append([await events.next(), await events.next()].compactMap(\.self))
      }
      #expect(ends[0] == ends[1])
      guard case .closed(code: 4400, _, clean: true)? = ends[1].last else {
        Issue.record("\(ends)")
        return
      }
      // Who vanishes is gone for the server too.
      let grace = try await Person("grace", clientToken: clientToken("Grace"), transport, endpoint, world)
      let enter = "mutation { enterPage(input: {url: \"https://acme.example/\"}) { page { id } } }"
      grace.socket.start(id: "1", query: enter)
      let page = try #require(await grace.event()?["enterPage"]?["page"]?["id"])
      try await ada.follow(
        "1", "subscription($id: ID!) { presenceChanged(pageId: $id) { kind } }", nil, ["id": page])
      grace.socket.abort()
      let kinds = try await world.withTimeout(.seconds(10)) {
        [await ada.event(), await ada.event()].map { $0?["presenceChanged"]?["kind"] }
      }
      #expect(kinds == ["SNAPSHOT", "LEFT"])
      ada.socket.close()
      #expect(try await session.finish() == .passed)
      #expect(String(decoding: try folder.read("recorded.yaml"), as: UTF8.self).contains("actor: grace, how: drop"))
      await transport.shutDown()
    }
  }

  @Test("nothing recorded is told and not written; a file that is there, and what is no address, are refused")
  func nothing() async throws {
    try await serve { server in
      let session = try await RecordingSession.start(try options(server.port), world: world)
      #expect(try await session.finish() == .failed)
      #expect(throws: (any Error).self) { try folder.read("recorded.yaml") }
      _ = try folder.write("", as: "there.yaml")
      #expect(throws: InputError.self) { try options(server.port, out: "there.yaml") }
    }
    #expect(throws: InputError.self) {
      try RecordOptions(
        target: "http://localhost", listen: "here", out: "a.yaml", schema: nil, force: true, quiet: true)
    }
    let nobody = try options(1)
    await #expect(throws: HarnessError.self) { _ = try await RecordingSession.start(nobody, world: world) }
  }
}
