import Collaboration
import Database
import Glibc
import JSON
import Testing
import World

/// What it costs to work in a large organization. `REHEARSAL_VOLUME=100000` makes it as large as it should be, and shows
/// the figures.
@Suite("Volume") struct VolumeTests {
  static let messages = getenv("REHEARSAL_VOLUME").flatMap { Int(String(cString: $0)) } ?? 5_000
  /// Most statements of an operation, most rows that they look at together in Postgres, and most steps in SQLite.
  static let (statementLimit, rowLimit, stepLimit) = (8, 1_500, 15_000)

  @Test("first and last pages, unread counts and search cost the same however much there is", .timeLimit(.minutes(5)))
  func sqlite() async throws {
    let folder = try TemporaryFolder()
    try await Self.check(on: SQLiteDatabase.open(.file(folder.path + "/test.db"), mode: .inline))
  }

  static func check(on database: any Database) async throws {
    let recording = RecordingDatabase(database)
    let server = try await TestServer(on: recording)
    let matrix = try await PermissionMatrixTests.Matrix(server)
    let ada = try #require(matrix.people[.author])
    let volume = Volume(messages: messages)
    try await volume.fill(database, matrix.ids)
    var figures: [String] = []
    for (name, operation) in try await operations(matrix, ada) {
      recording.statements.update { $0 = [:] }
      let response = try await ada.response(operation, extensions: ["statements": true])
      #expect(response["errors"] == nil, "\(name): \(response)")
      let statements = recording.statements.value.sorted { $0.key < $1.key }.map(\.value)
      let count = response["extensions"]?["statements"]?.int ?? 0
      #expect(count <= statementLimit, "\(name) takes \(count) statements")
      var (cost, plans) = (0, "")
      for statement in statements {
        let (own, plan) = try await volume.cost(of: statement, database)
        // In the order of the key and cut short, a table is read from one end only.
        let isCutShort = statement.sql(database.dialect).contains(#"ORDER BY "event_offset""#)
        #expect(
          isCutShort || !plan.contains(where: readsLargeTable),
          "\(name): \(statement.name)\n\(plan.joined(separator: "\n"))")
        cost += own
        plans += "\n\(own) of \(statement.name)\n\(plan.joined(separator: "\n"))"
      }
      let limit = database.dialect == .postgres ? rowLimit : stepLimit
      #expect(cost <= limit, "\(name) costs \(cost)\(plans)")
      figures.append("\(database.dialect.rawValue)\t\(name)\t\(count) statements\t\(cost)")
    }
    if getenv("REHEARSAL_VOLUME") != nil { print(figures.joined(separator: "\n")) }
    await server.stop()
  }

  /// The named ones, and one for every field that can be reached.
  private static func operations(
    _ matrix: PermissionMatrixTests.Matrix, _ ada: Person
  ) async throws -> [(name: String, operation: String)] {
    let thread = "thread(id: \(matrix.id("thread")))"
    let fields = "{ nodes { id sequence text author { name } } pageInfo { hasNextPage endCursor } }"
    let ends = try await ada.run("{ \(thread) { messages(last: 40) { edges { cursor } } } }")
    let cursor = try #require(ends["thread"]?["messages"]?["edges"]?[0]?["cursor"]?.string)
    let named = [
      ("messages, first page", "{ \(thread) { messages(first: 20) \(fields) } }"),
      ("messages, last page", "{ \(thread) { messages(last: 20) \(fields) } }"),
      ("messages, page near the end", "{ \(thread) { messages(first: 20, after: \"\(cursor)\") \(fields) } }"),
      ("messages, page before the end", "{ \(thread) { messages(last: 20, before: \"\(cursor)\") \(fields) } }"),
      ("unread messages of a thread", "{ \(thread) { unreadCount lastRead } }"),
      ("unread messages of all threads", "{ viewer { unreadMessageCount } }"),
      ("unread notifications", "{ viewer { unreadNotificationCount } }"),
      (
        "inbox, first page",
        "{ viewer { notifications(first: 20) { nodes { kind actor { name } thread { id } message { text } } } } }"
      ),
      ("inbox, unread only", "{ viewer { notifications(first: 20, unreadOnly: true) { nodes { kind } } } }"),
      ("search, a word of all messages", "{ searchMessages(query: \"common\", first: 20) { nodes { id text } } }"),
      ("search, a word of one message", "{ searchMessages(query: \"word\(messages / 2)\") { nodes { id text } } }"),
      ("search, the beginning of many words", "{ searchMessages(query: \"wor\", first: 20) { nodes { id text } } }"),
      (
        "search, in a thread",
        "{ searchMessages(query: \"common\", threadId: \(matrix.id("thread"))) { nodes { id text } } }"
      ),
      ("search, a word of none", "{ searchMessages(query: \"nowhere\") { nodes { id } } }"),
      ("search, two words", "{ searchMessages(query: \"common word\(messages / 3)\") { nodes { id } } }"),
      ("people, first page", "{ viewer { organization { users(first: 20) { nodes { name } } } } }"),
      ("participants, first page", "{ \(thread) { participants(first: 20) { nodes { user { name } } } } }"),
    ]
    return named + (try matrix.operations()).filter { $0.hasPrefix("{") }.map { ($0, $0) }
  }

  private static func readsLargeTable(_ line: String) -> Bool {
    let words = line.split(separator: " ").map(String.init)
    let isScan =
      (words.first == "SCAN" && !line.contains("USING") && !line.contains("VIRTUAL")) || line.contains("Seq Scan on")
    return isScan && Volume.tables.contains { words.contains($0) }
  }
}
