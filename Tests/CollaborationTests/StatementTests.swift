import Collaboration
import Database
import JSON
import Testing
import World

@Suite("Statements of large answers") struct StatementTests {
  @Test("a request that asks is told how long preparing and executing took, beside its statements or without")
  func timing() async throws {
    let server = try await TestServer()
    let ada = try await server.login("ada")
    func extensions(_ asked: JSONObject) async throws -> JSON? {
      try await ada.response("{ viewer { id } }", extensions: asked)["extensions"]
    }
    // The clock stands while nobody moves it.
    let times: JSON = ["prepareMicroseconds": 0, "executeMicroseconds": 0]
    #expect(try await extensions(["timing": true]) == ["timing": times])
    let both = try await extensions(["timing": true, "statements": true])
    #expect(both?["timing"] == times && both?["statements"]?.int != nil)
    #expect(try await extensions(["timing": 1, "statements": nil]) == nil)
    await server.stop()
  }

  @Test(
    "1,000 messages with authors, mentions and mentioned people cost as many statements as 10, and bytes in proportion")
  func thousand() async throws { try await Self.checkThousand(TestServer()) }

  static func checkThousand(_ server: TestServer) async throws {
    let (ada, grace) = (try await server.login("ada"), try await server.login("grace"))
    let (thread, page) = try await ada.makeThread()
    _ = try await ada.send([["text": "Hi "], ["mention": .string(grace.id)]], to: thread)
    // As many threads and messages as a page shows at once, copied from these.
    try await server.database.write("copies") { transaction in
      func id(_ number: Int) -> String { "00000000-0000-7000-9000-\(String(1_000_000_000_00 + number))" }
      func run(_ sql: String, _ values: [Value]) throws { try transaction.execute(Query("copy", sql, values)) }
      for number in 0..<99 {
        try run(
          """
          INSERT INTO threads (id, organization_id, page_id, created_by, created_at, last_sequence)
          SELECT $1, organization_id, page_id, created_by, created_at, 10 FROM threads WHERE id = $2
          """, [.id(try #require(ID(id(number)))), .id(try #require(ID(thread)))])
      }
      for number in 0..<999 {
        let target = number < 9 ? thread : id((number - 9) / 10)
        try run(
          """
          INSERT INTO messages (id, organization_id, thread_id, sequence, author_id, content, created_at)
          SELECT $1, organization_id, $2, $3, author_id, content, created_at FROM messages
          WHERE thread_id = $4 AND sequence = 1
          """,
          [
            .id(try #require(ID(id(10_000 + number)))), .id(try #require(ID(target))),
            .int(Int64(number < 9 ? number + 2 : (number - 9) % 10 + 1)), .id(try #require(ID(thread))),
          ])
      }
    }
    let query = """
      query($page: ID!, $threads: Int!) {
        page(id: $page) { threads(first: $threads) { nodes { messages(first: 10) { nodes {
          text author { name } mentions { name } content { ... on MentionNode { user { id name } } } } } } } }
      }
      """
    func ask(_ threads: Int64) async throws -> (count: Int, statements: JSON?, bytes: Int) {
      let response = try await grace.response(
        query, ["page": .string(page), "threads": .int(threads)], extensions: ["statements": true])
      #expect(response["errors"] == nil, "\(response["errors"] ?? .null)")
      let nodes = response["data"]?["page"]?["threads"]?["nodes"]?.array ?? []
      let count = nodes.reduce(0) { $0 + ($1["messages"]?["nodes"]?.array?.count ?? 0) }
      return (count, response["extensions"]?["statements"], response["data"]?.bytes.count ?? 0)
    }
    let (few, many) = (try await ask(1), try await ask(100))
    #expect(few.count == 10 && many.count == 1_000)
    #expect(few.statements == many.statements && few.statements != nil)
    #expect((80...101).contains(many.bytes / few.bytes))
    await server.stop()
  }
}
