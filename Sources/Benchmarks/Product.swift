import Collaboration
import Cryptography
import Database
import GraphQL
import JSON
import World

/// The product's messages with authors, mentions and mentioned people, from SQLite in memory: whether what they cost
/// grows with the answer and not faster.
func measureProduct(_ meter: Meter) async throws {
  let name = "1,000 messages of the product"
  guard meter.measures(name) else { return }
  let database = try SQLiteDatabase.open(.memory, mode: .inline)
  try await Migrator(database: database, migrations: Collaboration.migrations, world: meter.world).up()
  let service = try await Collaboration(database: database, world: meter.world, build: "benchmarks")
  let secret = [UInt8](repeating: 1, count: Collaboration.secretMinimum)
  _ = try await service.createOrganization(name: "Acme", slug: "acme", secret: secret)
  var caller = Caller(service: service, identity: try await service.authenticate(token: nil))
  let claims: JSON = [
    "org": "acme", "sub": "ada", "name": "Ada", "exp": .int(meter.world.clock.wall.milliseconds / 1_000 + 60),
  ]
  let session = try await caller.ask(
    "mutation($token: String!) { createSession(input: {clientToken: $token}) { token viewer { id } } }",
    ["token": .string(signHS256(claims: claims.bytes, secret: secret))])["createSession"]
  caller.identity = try await service.authenticate(token: session?["token"]?.string)
  let content: JSON = [["text": "Have a look, "], ["mention": session?["viewer"]?["id"] ?? .null]]
  let url: JSON = "https://acme.example/plan"
  for _ in 0..<100 {
    let thread = try await caller.ask(
      "mutation($url: String!) { createThread(input: {url: $url}) { thread { id } } }", ["url": url])
    for _ in 0..<10 {
      _ = try await caller.ask(
        """
        mutation($thread: ID!, $content: [ContentNodeInput!]!) {
          sendMessage(input: {threadId: $thread, content: $content}) { message { id } }
        }
        """, ["thread": thread["createThread"]?["thread"]?["id"] ?? .null, "content": content])
    }
  }
  func prepared(_ threads: Int64) throws -> any PreparedService {
    try service.prepare(GraphQLRequest(query: query, variables: ["url": url, "threads": .int(threads)])).get()
  }
  let (few, many) = (try prepared(1), try prepared(100))
  let identity = caller.identity
  func run(_ operation: any PreparedService) async -> [UInt8] {
    await service.execute(operation, as: identity, from: RequestOrigin()).bytes
  }
  let bytes = await run(many).count
  try await meter.compare(
    name, bytes: bytes, { await run(many).count },
    baseline: "10 of them, \(await run(few).count) bytes", { await run(few).count })
  await service.stop()
  await database.close()
}

private let query = """
  query($url: String!, $threads: Int!) {
    page(url: $url) { threads(first: $threads) { nodes { messages(first: 10) { nodes {
      text author { name } mentions { name } content { ... on MentionNode { user { id name } } } } } } } }
  }
  """

private struct Caller {
  let service: Collaboration
  var identity: any ServiceIdentity

  func ask(_ query: String, _ variables: JSONObject) async throws -> JSON {
    let prepared = try service.prepare(GraphQLRequest(query: query, variables: variables)).get()
    let response = await service.execute(prepared, as: identity, from: RequestOrigin())
    guard let data = try JSON.parse(response.bytes)["data"], response.outcome == .data else { throw response }
    return data
  }
}
