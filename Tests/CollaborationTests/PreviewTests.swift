import Collaboration
import Database
import GraphQL
import JSON
import Testing
import World

/// Lets a test look, or fail, at the beginning of a transaction.
private final class WatchedDatabase: Database {
  let base: any Database
  let onWrite = Mutexed<(@Sendable (String) async throws -> Void)?>(nil)

  init(_ base: any Database) { self.base = base }

  var dialect: Dialect { base.dialect }
  func read(_ query: Query) async throws(DatabaseError) -> [Row] { try await base.read(query) }
  func write<T: Sendable>(
    _ name: String, _ body: @escaping @Sendable (any Transaction) throws -> T
  ) async throws -> T {
    try await onWrite.value?(name)
    return try await base.write(name, body)
  }
  func listen(_ channel: String, _ onWake: @escaping @Sendable () -> Void) async throws -> any Listening {
    try await base.listen(channel, onWake)
  }
  func close() async { await base.close() }
}

@Suite("Previews of messages") struct PreviewTests {
  static let send = """
    mutation($thread: ID!, $content: [ContentNodeInput!]!, $moment: PreviewMoment, $key: String) {
      sendMessage(input: {threadId: $thread, content: $content, preview: $moment, idempotencyKey: $key}) {
        message { id } userErrors { code } } }
    """

  private static func watch(_ person: Person, _ thread: String) async throws -> Inbox {
    try await person.subscribe(
      "subscription($thread: ID!) { messagePreview(threadId: $thread) { kind messageId text author { name } } }",
      ["thread": .string(thread)])
  }

  private static func kinds(_ inbox: Inbox) -> [String] {
    inbox.responses.map { $0["data"]?["messagePreview"]?["kind"]?.string ?? "?" }
  }

  private static func send(
    _ content: JSON, _ moment: String, _ person: Person, _ thread: String, key: String? = nil
  ) async throws -> JSON? {
    try await person.run(
      send,
      [
        "thread": .string(thread), "content": content, "moment": .string(moment),
        "key": key.map(JSON.string) ?? .null,
      ])["sendMessage"]
  }

  @Test(
    "before: readers have the preview when the transaction begins; what is rolled back is taken back, in that order")
  func before() async throws {
    let database = WatchedDatabase(try SQLiteDatabase.open(.memory, mode: .inline))
    let server = try await TestServer(on: database)
    let (ada, grace) = (try await server.login("ada"), try await server.login("grace"))
    let (thread, _) = try await ada.makeThread()
    let inbox = try await Self.watch(grace, thread)
    let seen = Mutexed<[Int]>([])
    database.onWrite.update {
      $0 = { name in if name == "send message" { seen.update { $0.append(inbox.payloads.count) } } }
    }
    let sent = try await Self.send([["text": "Hi "], ["mention": .string(grace.id)]], "BEFORE", ada, thread)
    let nobody = "00000000-0000-7000-8000-000000000000"
    let refused = try await Self.send([["text": "x"], ["mention": .string(nobody)]], "BEFORE", ada, thread)
    #expect(refused?["userErrors"] == [["code": "CANNOT_MENTION"]])
    await server.service.fence()
    #expect(seen.value == [1, 3])
    #expect(Self.kinds(inbox) == ["PENDING", "COMMITTED", "PENDING", "RETRACTED"])
    let previews = inbox.responses.map { $0["data"]?["messagePreview"] }
    #expect(previews[0]?["text"] == "Hi @Grace" && previews[0]?["author"] == ["name": "Ada"])
    #expect(previews[0]?["messageId"] == sent?["message"]?["id"])
    #expect(previews[2]?["messageId"] == previews[3]?["messageId"])
    await server.stop()
  }

  @Test("a transaction that fails at its end takes back what was told while it ran")
  func failing() async throws {
    let database = WatchedDatabase(try SQLiteDatabase.open(.memory, mode: .inline))
    let server = try await TestServer(on: database)
    let ada = try await server.login("ada")
    let (thread, _) = try await ada.makeThread()
    let inbox = try await Self.watch(ada, thread)
    database.onWrite.update { $0 = { _ in throw DatabaseError(.connection, "cut") } }
    for moment in ["CONCURRENTLY", "AFTER_COMMIT"] {
      let variables: JSONObject = ["thread": .string(thread), "content": [["text": "x"]], "moment": .string(moment)]
      #expect(try await ada.codes(Self.send, variables) == ["UNAVAILABLE"])
    }
    database.onWrite.update { $0 = nil }
    await server.service.fence()
    #expect(Self.kinds(inbox) == ["PENDING", "RETRACTED"])
    await server.stop()
  }

  @Test("after the commit: behind the message; a retry that makes no message takes its preview back")
  func afterCommit() async throws {
    let server = try await TestServer()
    let ada = try await server.login("ada")
    let (thread, _) = try await ada.makeThread()
    let inbox = try await Self.watch(ada, thread)
    let messages = try await ada.subscribe(PrivateThreadTests.added, ["thread": .string(thread)])
    _ = try await Self.send([["text": "x"]], "AFTER_COMMIT", ada, thread, key: "k")
    await server.service.fence()
    #expect(Self.kinds(inbox) == ["COMMITTED"] && messages.payloads.count == 1)
    _ = try await Self.send([["text": "x"]], "CONCURRENTLY", ada, thread, key: "k")
    await server.service.fence()
    #expect(Self.kinds(inbox) == ["COMMITTED", "PENDING", "RETRACTED"] && messages.payloads.count == 1)
    await server.stop()
  }
}
