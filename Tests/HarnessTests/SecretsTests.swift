import Collaboration
import Cryptography
import Database
import JSON
import Server
import Synchronization
import Testing
import Wire
import World

/// The product behind the server, as `rehearse serve` puts them together, with a log that keeps its lines.
@Suite(.timeLimit(.minutes(1))) struct SecretsTests {
  private static let login = """
    mutation LogIn($token: String!) { createSession(input: {clientToken: $token}) { token userErrors { code } } }
    """

  @Test("no token, secret, variable or text of a document reaches the log, whether people get in or not")
  func log() async throws {
    let lines = Mutex<[UInt8]>([])
    let world = World.live(seed: 5)
    let database = try await openDatabase("sqlite::memory:")
    try await Migrator(database: database, migrations: Collaboration.migrations, world: world).up()
    let log = ServerLog(
      level: .debug, format: .json, clock: world.clock, schedule: { $0() },
      write: { bytes in lines.withLock { $0 += bytes } })
    let product = try await Collaboration(
      database: database, world: world, build: "test", log: { log.add(LogRecord(.error, $0)) })
    let secret = "an-organization-secret-of-32-bytes-and-more"
    _ = try await product.createOrganization(name: "Acme", slug: "acme", secret: Array(secret.utf8))
    let core = ServerCore(service: product, world: world, log: log)
    func post(_ query: String, _ variables: JSON = [:], bearer: String? = nil) async throws -> JSON {
      var headers: HTTPHeaders = ["Content-Type": "application/json"]
      if let bearer { headers.add("Authorization", "Bearer \(bearer)") }
      let body: JSON = ["query": .string(query), "variables": variables]
      let request = HTTPRequest(method: "POST", target: "/graphql", headers: headers, body: body.bytes)
      return try JSON.parse(await core.respond(to: request).body)
    }
    let expiry = JSON.int(world.clock.wall.milliseconds / 1000 + 600)
    let claims: JSON = ["org": "acme", "sub": "ada-subject", "name": "Ada-Lovelace", "exp": expiry]
    let good = signHS256(claims: claims.bytes, secret: Array(secret.utf8))
    let forged = signHS256(claims: claims.bytes, secret: Array("another".utf8))
    let session = try await post(Self.login, ["token": .string(good)])["data"]?["createSession"]?["token"]?.string
    let bearer = try #require(session)
    #expect(try await post(Self.login, ["token": .string(forged)])["data"]?["createSession"]?["token"]?.isNull == true)
    let viewer = try await post("query Me { viewer { name } } # comment-in-document", bearer: bearer)
    #expect(viewer["data"]?["viewer"]?["name"] == "Ada-Lovelace")
    for wrong in [good, forged, bearer + "x", "wrong-token"] {
      #expect(try await post("{ viewer { name } }", bearer: wrong)["errors"] != nil)
    }
    _ = try await post("{ nonsense-in-document", bearer: bearer)
    await product.stop()
    await database.close()
    let text = String(decoding: lines.withLock { $0 }, as: UTF8.self)
    let records = try text.split(separator: "\n").map { try JSON.parse(Array($0.utf8)) }
    #expect(records.filter { $0["message"]?.string == "request" }.count == 8)
    let me = try #require(records.first { $0["operation"]?.string == "Me" })
    #expect(me["user"]?.string != nil && me["organization"]?.string != nil && me["statements"]?.int ?? 0 > 0)
    let signatures = [good, forged].flatMap { $0.split(separator: ".").map(String.init) }
    for hidden in signatures + [
      secret, bearer, "wrong-token", "ada-subject", "Ada-Lovelace", "in-document", "createSession",
    ] {
      #expect(!text.contains(hidden), "\(hidden) is in \(text)")
    }
  }
}
