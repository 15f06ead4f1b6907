import Collaboration
import Cryptography
import GraphQL
import JSON
import Testing
import World

/// What an organization's own server manages.
@Suite("Directory") struct DirectoryTests {
  static let upsertUsers = """
    mutation($users: [UserInput!]!) { upsertUsers(input: {users: $users}) {
      users { id externalId name email removedAt } userErrors { code field } } }
    """
  static let upsertGroups = """
    mutation($groups: [GroupInput!]!) { upsertGroups(input: {groups: $groups}) {
      groups { externalId name members { nodes { name } } } userErrors { code field } } }
    """
  static let remove = """
    mutation($ids: [String!]!) { removeUsers(input: {externalIds: $ids}) { users { name } userErrors { code } } }
    """

  static func machine(_ server: TestServer, _ organization: String = "acme") async throws -> Person {
    let token = server.serverToken(of: organization)
    return Person(server: server, id: "", token: token, identity: try await server.service.authenticate(token: token))
  }

  @Test("users and groups are made and renewed, and stay in their organization")
  func upsert() async throws { try await Self.checkUpsert(TestServer()) }

  static func checkUpsert(_ server: TestServer) async throws {
    let (acme, globex) = (try await machine(server), try await machine(server, "globex"))
    let ada = try await server.login("ada")
    let users: JSON = [
      ["externalId": "bob", "name": "Bob"], ["externalId": "ada", "name": "Ada L.", "email": "ada@acme.example"],
    ]
    let made = try await acme.run(upsertUsers, ["users": users])["upsertUsers"]?["users"]
    #expect(made?.array?.map { $0["name"] } == ["Bob", "Ada L."] && made?[1]?["id"] == .string(ada.id))
    #expect(try await acme.run(upsertUsers, ["users": users])["upsertUsers"]?["users"] == made)
    let groups: JSON = [
      ["externalId": "all", "name": "All", "members": ["bob", "ada", "bob"]], ["externalId": "x", "name": "X"],
    ]
    let grouped = try await acme.run(upsertGroups, ["groups": groups])["upsertGroups"]?["groups"]
    #expect(grouped?[0]?["members"]?["nodes"]?.array?.count == 2 && grouped?[1]?["members"] == ["nodes": []])
    let renamed = try await acme.run(
      upsertGroups, ["groups": [["externalId": "all", "name": "Everybody"]]])["upsertGroups"]?["groups"]
    #expect(renamed?[0]?["name"] == "Everybody" && renamed?[0]?["members"] == grouped?[0]?["members"])
    let seen = try await ada.run("{ viewer { organization { groups { nodes { name } } } } }")
    #expect(seen["viewer"]?["organization"]?["groups"] == ["nodes": [["name": "Everybody"], ["name": "X"]]])
    let theirs = try await globex.run(
      upsertGroups, ["groups": [["externalId": "all", "name": "All", "members": ["bob"]]]])
    let unknown: JSON = [["code": "NOT_FOUND", "field": ["input", "groups", "0", "members"]]]
    #expect(theirs["upsertGroups"] == ["groups": .null, "userErrors": unknown])
    let twice = try await acme.run(upsertUsers, ["users": [users[0] ?? .null, users[0] ?? .null]])
    #expect(
      twice["upsertUsers"]?["userErrors"] == [["code": "INVALID", "field": ["input", "users", "1", "externalId"]]])
    await server.stop()
  }

  @Test("who is removed loses sockets and sessions on every server, and older tokens do not bring them back")
  func removal() async throws {
    let server = try await TestServer()
    let (acme, grace) = (try await Self.machine(server), try await server.login("grace"))
    let (socket, elsewhere) = (TestSocket(), TestSocket())
    let ada = try await server.login("ada").onSocket(socket)
    let old = server.clientToken("ada", of: "acme")
    let other = try await TestServer(on: server.database, seed: 2, organizations: false)
    let same = Person(server: other, id: ada.id, token: ada.token, identity: ada.identity).onSocket(elsewhere)
    let (thread, _) = try await grace.makeThread()
    let inbox = try await ada.subscribe(ConversationTests.added, ["thread": .string(thread)])
    let removed = try await acme.run(Self.remove, ["ids": ["ada", "nobody"]])["removeUsers"]
    #expect(removed == ["users": [["name": "Ada"]], "userErrors": []])
    #expect(socket.closed.value == ["4403 Session revoked"])
    await other.service.fence()
    #expect(elsewhere.closed.value == ["4403 Session revoked"])
    #expect(try await ada.codes("{ viewer { id } }") == ["UNAUTHENTICATED"])
    #expect(try await same.codes("{ viewer { id } }") == ["UNAUTHENTICATED"])
    #expect(inbox.payloads.isEmpty)
    let mention = try await grace.send([["mention": .string(ada.id)]], to: thread)
    #expect(mention["userErrors"]?[0]?["code"] == "CANNOT_MENTION")
    let listed = try await grace.run("{ viewer { organization { users { nodes { name } } } } }")
    #expect(listed["viewer"]?["organization"]?["users"] == ["nodes": [["name": "Grace"]]])
    let login = try await grace.run(ApplicationTests.login, ["token": .string(old)])["createSession"]
    #expect(login?["token"] == .null && login?["userErrors"] == [["code": "ACCESS_LOST"]])
    server.clock.advance(by: .seconds(2))
    let issued = server.clock.wall.milliseconds / 1000
    let claims: JSON = ["org": "acme", "sub": "ada", "name": "Ada", "iat": .int(issued), "exp": .int(issued + 60)]
    let fresh = signHS256(claims: claims.bytes, secret: TestServer.secrets["acme"] ?? [])
    let back = try await grace.run(ApplicationTests.login, ["token": .string(fresh)])["createSession"]
    #expect(back?["viewer"] == ["name": "Ada"])
    await other.service.stop()
    await server.stop()
  }

  @Test("a guest becomes an owner with new sessions only, and then may delete what others wrote")
  func roles() async throws {
    let server = try await TestServer()
    let (acme, ada) = (try await Self.machine(server), try await server.login("ada"))
    let socket = TestSocket()
    let guest = try await server.login("gast", role: "GUEST").onSocket(socket)
    let (thread, _) = try await ada.makeThread()
    let id = try #require(try await ada.send([["text": "a"]], to: thread)["message"]?["id"])
    let enter = #"mutation { enterPage(input: {url: "https://new.example/"}) { userErrors { code } } }"#
    #expect(try await guest.run(enter)["enterPage"]?["userErrors"] == [["code": "FORBIDDEN"]])
    #expect(try await guest.send([["text": "b"]], to: thread)["message"]?["sequence"] == 2)
    let delete = MessageChangeTests.onMessage("deleteMessage")
    #expect(try await guest.run(delete, ["id": id])["deleteMessage"]?["userErrors"]?[0]?["code"] == "FORBIDDEN")
    let same: JSON = [["externalId": "gast", "name": "Gast"]]
    _ = try await acme.run(Self.upsertUsers, ["users": same])
    #expect(socket.closed.value.isEmpty)
    _ = try await acme.run(Self.upsertUsers, ["users": [["externalId": "gast", "name": "Gast", "role": "OWNER"]]])
    #expect(socket.closed.value == ["4403 Session revoked"])
    // The client token's role is that of somebody new; only the organization's server changes it.
    let owner = try await server.login("gast", role: "GUEST")
    #expect(try await owner.run(delete, ["id": id])["deleteMessage"]?["userErrors"] == [])
    await server.stop()
  }

  @Test("a server's token is no client token, a client token no server's, and neither lasts too long")
  func tokens() async throws {
    let server = try await TestServer()
    let grace = try await server.login("grace")
    let login = try await grace.run(ApplicationTests.login, ["token": .string(server.serverToken(of: "acme"))])
    #expect(login["createSession"]?["userErrors"] == [["code": "TOKEN_CLAIMS"]])
    for (token, code) in [
      (server.clientToken("ada", of: "acme"), "TOKEN_CLAIMS"),
      (server.serverToken(of: "acme", lasting: 3700), "TOKEN_CLAIMS"),
      (server.serverToken(of: "acme", lasting: 0), "TOKEN_EXPIRED"),
      (server.serverToken(of: "nowhere"), "TOKEN_SIGNATURE"), ("a.b", "TOKEN_MALFORMED"),
    ] {
      await #expect {
        try await server.service.authenticate(token: token)
      } throws: { ($0 as? AuthenticationFailure)?.code == code }
    }
    await server.stop()
  }
}
