import Collaboration
import Database
import JSON
import Testing
import World

@Suite("Lists by time") struct DateRangeTests {
  @Test("messages, threads and notifications of a time, from inclusive until exclusive, page by page")
  func ranges() async throws { try await Self.checkRanges(TestServer()) }

  static func checkRanges(_ server: TestServer) async throws {
    let (ada, grace) = (try await server.login("ada"), try await server.login("grace"))
    var moments: [JSON] = []
    var thread = ""
    for index in 0..<4 {
      thread = index == 0 ? try await ada.makeThread().thread : thread
      moments.append(.string(server.clock.wall.rfc3339))
      if index > 0 { _ = try await ada.makeThread() }
      _ = try await ada.send([["text": .string("m\(index)")], ["mention": .string(grace.id)]], to: thread)
      server.clock.advance(by: .seconds(60))
    }
    let query = """
      query($thread: ID!, $from: DateTime, $until: DateTime, $after: String) {
        thread(id: $thread) { messages(first: 1, after: $after, from: $from, until: $until) {
          nodes { text } pageInfo { hasNextPage endCursor } } page { threads(from: $from, until: $until) { nodes { id } } } }
        viewer { notifications(from: $from, until: $until) { nodes { message { text } } } }
      }
      """
    var variables: JSONObject = ["thread": .string(thread), "from": moments[1], "until": moments[3]]
    let first = try await grace.run(query, variables)
    #expect(first["thread"]?["messages"]?["nodes"] == [["text": "m1@Grace"]])
    #expect(first["thread"]?["messages"]?["pageInfo"]?["hasNextPage"] == true)
    #expect(first["thread"]?["page"]?["threads"]?["nodes"]?.array?.count == 2)
    #expect(
      first["viewer"]?["notifications"]?["nodes"]
        == [["message": ["text": "m2@Grace"]], ["message": ["text": "m1@Grace"]]])
    // What comes meanwhile moves nothing.
    _ = try await ada.send([["text": "later"]], to: thread)
    variables.append("after", first["thread"]?["messages"]?["pageInfo"]?["endCursor"] ?? .null)
    let second = try await grace.run(query, variables)["thread"]?["messages"]
    #expect(second?["nodes"] == [["text": "m2@Grace"]] && second?["pageInfo"]?["hasNextPage"] == false)
    let codes = try await grace.codes(query, ["thread": .string(thread), "from": "yesterday"])
    #expect(!codes.isEmpty && codes.allSatisfy { $0 == "BAD_USER_INPUT" })
    await server.stop()
  }

  @Test("a range of time is found by its index")
  func index() async throws {
    let database = try SQLiteDatabase.open(.memory, mode: .inline)
    try await Migrator(database: database, migrations: Collaboration.migrations, world: .live(seed: 1)).up()
    for (table, parent, order) in [
      ("messages", "thread_id", "sequence"), ("threads", "page_id", "id"), ("notifications", "user_id", "id DESC"),
    ] {
      let isThere = table == "notifications" ? "AND retracted_at IS NULL" : ""
      let plan = try await database.plan(
        of: Query(
          "range",
          "SELECT id FROM \(table) WHERE \(parent) = $1 \(isThere) AND created_at >= $2 AND created_at < $3 ORDER BY \(order) LIMIT 21",
          [.text("x"), .int(1), .int(2)]))
      #expect(plan.contains { $0.contains("\(table)_by_time") }, "\(plan)")
    }
    await database.close()
  }
}
