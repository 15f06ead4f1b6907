import Collaboration
import Cryptography
import Database
import GraphQL
import JSON
import Testing
import World

@Suite("Sessions") struct SessionTests {
  static let create = """
    mutation($token: String!) {
      createSession(input: {clientToken: $token}) {
        token expiresAt viewer { id externalId name } userErrors { code field }
      }
    }
    """

  @Test("a client token is exchanged for a session of the same user every time")
  func login() async throws {
    let server = try await TestServer()
    let (first, second) = (try await server.login("ada"), try await server.login("ada"))
    #expect(first.id == second.id && first.token != second.token)
    let data = try await first.run(
      """
      { viewer { id name externalId user { id } organization { slug name users(first: 1) { nodes { name } } }
        session { isCurrent expiresAt } sessions { isCurrent } } }
      """)
    let viewer = try #require(data["viewer"])
    #expect(viewer["name"] == "Ada" && viewer["externalId"] == "ada" && viewer["id"] == viewer["user"]?["id"])
    #expect(viewer["organization"] == ["slug": "acme", "name": "ACME", "users": ["nodes": [["name": "Ada"]]]])
    #expect(viewer["session"] == ["isCurrent": true, "expiresAt": "2026-01-02T00:00:00.000Z"])
    #expect(viewer["sessions"] == [["isCurrent": false], ["isCurrent": true]])
    await server.stop()
  }

  @Test("a refused client token is a user error with its own code, and names no organization that is not there")
  func refused() async throws {
    let server = try await TestServer()
    let anonymous = Person(
      server: server, id: "", token: nil, identity: try await server.service.authenticate(token: nil))
    func code(_ token: String) async throws -> JSON? {
      let payload = try await anonymous.run(Self.create, ["token": .string(token)])["createSession"]
      #expect(payload?["token"] == .null && payload?["viewer"] == .null)
      #expect(payload?["userErrors"]?[0]?["field"] == ["input", "clientToken"])
      return payload?["userErrors"]?[0]?["code"]
    }
    #expect(try await code("nonsense") == "TOKEN_MALFORMED")
    #expect(try await code(server.clientToken("ada", of: "nowhere")) == "TOKEN_SIGNATURE")
    let claims: JSON = ["org": "acme", "sub": "eve", "name": "Eve", "exp": 99_999_999_999]
    #expect(
      try await code(signHS256(claims: claims.bytes, secret: TestServer.secrets["globex"] ?? [])) == "TOKEN_SIGNATURE")
    let old = server.clientToken("ada", of: "acme")
    server.clock.advance(by: .seconds(301))
    #expect(try await code(old) == "TOKEN_EXPIRED")
    await server.stop()
  }

  @Test("the database does not hold the token, and unknown, revoked and expired tokens are not let in")
  func authentication() async throws {
    let server = try await TestServer()
    let ada = try await server.login("ada")
    let token = try #require(ada.token)
    let rows = try await server.database.read(Query("hashes", "SELECT token_hash FROM sessions"))
    #expect(try rows.first?.bytes(0) == sha256(Array(token.utf8)))
    for bad in ["", "x", token + "A", String(token.reversed())] {
      await #expect(throws: AuthenticationFailure.self) { try await server.service.authenticate(token: bad) }
    }
    let phone = try await server.login("ada")
    _ = try await phone.run("mutation { revokeSession { userErrors { code } } }")
    await #expect(throws: AuthenticationFailure(message: "The session was revoked.", code: "SESSION_REVOKED")) {
      try await server.service.authenticate(token: phone.token)
    }
    server.clock.advance(by: .seconds(24 * 60 * 60))
    await #expect(throws: AuthenticationFailure(message: "The session has expired.", code: "SESSION_EXPIRED")) {
      try await server.service.authenticate(token: token)
    }
    #expect(try await ada.codes("{ viewer { id } }") == ["UNAUTHENTICATED"])
    await server.stop()
  }

  @Test("a revoked session loses its sockets at once, later ones too, and other sessions keep theirs")
  func revocation() async throws {
    let server = try await TestServer()
    let (laptop, phone) = (try await server.login("ada"), try await server.login("ada"))
    let (laptopSocket, phoneSocket, late) = (TestSocket(), TestSocket(), TestSocket())
    _ = laptop.onSocket(laptopSocket)
    _ = phone.onSocket(phoneSocket)
    let sessions = try await phone.run("{ viewer { session { id } } }")
    let data = try await laptop.run(
      "mutation($id: ID!) { revokeSession(input: {sessionId: $id}) { session { revokedAt } userErrors { code } } }",
      ["id": sessions["viewer"]?["session"]?["id"] ?? .null])
    #expect(data["revokeSession"]?["session"]?["revokedAt"] == "2026-01-01T00:00:00.000Z")
    #expect(phoneSocket.closed.value == ["4403 Session revoked"])
    _ = phone.onSocket(late)
    #expect(late.closed.value == ["4403 Session revoked"])
    await server.service.fence()
    #expect(laptopSocket.closed.value.isEmpty && phoneSocket.closed.value.count == 1)
    await server.stop()
  }

  @Test("a session that is revoked on another server loses its socket here")
  func elsewhere() async throws {
    let server = try await TestServer()
    let ada = try await server.login("ada")
    let socket = TestSocket()
    _ = ada.onSocket(socket)
    let other = try await Collaboration(
      database: server.database, world: World(clock: server.clock, seed: 2), build: "other")
    guard
      case .success(let prepared) = other.prepare(
        GraphQLRequest(query: "mutation { revokeSession { userErrors { code } } }"))
    else { return }
    _ = await other.execute(prepared, as: ada.identity, from: RequestOrigin())
    await server.service.fence()
    #expect(socket.closed.value == ["4403 Session revoked"])
    await other.stop()
    await server.stop()
  }

  @Test("anonymous callers may log in and look at the schema, nothing else")
  func anonymous() async throws {
    let server = try await TestServer()
    let nobody = Person(server: server, id: "", token: nil, identity: try await server.service.authenticate(token: nil))
    #expect(try await nobody.run("{ __typename }") == ["__typename": "Query"])
    for query in PermissionTests.everything {
      #expect(try await nobody.codes(query.text, query.variables) == ["UNAUTHENTICATED"], "\(query.text)")
    }
    let wrong = ["sendMessage(input: {threadId: 1, content: []})", "upsertUsers(input: {users: []})"]
    for mutation in wrong {
      #expect(try await nobody.codes("mutation { \(mutation) { userErrors { code } } }") == ["UNAUTHENTICATED"])
    }
    for query in PermissionTests.subscriptions {
      let inbox = try await nobody.subscribe(query.text, query.variables)
      #expect(inbox.refusalCode == "UNAUTHENTICATED", "\(query.text)")
    }
    await server.stop()
  }

  @Test("a database that does not answer is told apart from a mistake, and from a token that is not known")
  func unavailable() async throws {
    let server = try await TestServer()
    let ada = try await server.login("ada")
    let (thread, _) = try await ada.makeThread()
    #expect(await server.service.health.ready)
    await server.database.close()
    #expect(try await ada.codes("{ viewer { id } }") == ["UNAVAILABLE"])
    #expect(try await ada.codes(TestServer.quietSend, ["thread": .string(thread)]) == ["UNAVAILABLE"])
    await #expect {
      try await server.service.authenticate(token: ada.token)
    } throws: { error in
      (error as? AuthenticationFailure)?.code == "UNAVAILABLE"
    }
    #expect(await !server.service.health.ready)
    await server.service.stop()
  }

  @Test("seeding refuses weak secrets, bad slugs and taken ones, and finds what it made before")
  func seeding() async throws {
    let server = try await TestServer()
    let secret = [UInt8](repeating: 3, count: 32)
    for (slug, secret) in [("acme", secret), ("Acme 2", secret), ("", secret), ("weak", Array(secret.dropLast()))] {
      await #expect(throws: SeedError.self) {
        try await server.service.createOrganization(name: "X", slug: slug, secret: secret)
      }
    }
    let made = try await server.service.createOrganization(name: "X", slug: "new", secret: secret)
    #expect(try await server.service.createOrganization(name: "Y", slug: "new", secret: secret) == made)
    await server.stop()
  }
}
