import Collaboration
import Database
import GraphQL
import JSON
import Testing

@Suite("Changes of messages and threads") struct MessageChangeTests {
  static let changed = """
    subscription($thread: ID!, $after: String) {
      threadChanged(threadId: $thread, after: $after) { kind thread { id resolvedBy { name } } message { text version } }
    }
    """
  static let edit = """
    mutation($id: ID!, $content: [ContentNodeInput!]!, $version: Int) {
      editMessage(input: {messageId: $id, content: $content, expectedVersion: $version}) {
        message { text version editedAt mentions { name } history { version text } } userErrors { code field }
      }
    }
    """
  static let inbox = """
    { viewer { unreadNotificationCount notifications { nodes { id kind readAt message { text } thread { id } actor { name } } } } }
    """

  static func onMessage(_ name: String, _ rest: String = "") -> String {
    """
    mutation($id: ID!) { \(name)(input: {messageId: $id\(rest)}) {
      message { text deletedAt mentions { id } history { text } reactions { emoji count users { name } } }
      userErrors { code field } } }
    """
  }

  static func onThread(_ name: String) -> String {
    """
    mutation($id: ID!) { \(name)(input: {threadId: $id}) {
      thread { isSubscribed lastRead unreadCount resolvedAt resolvedBy { name } } userErrors { code } } }
    """
  }

  @Test("an edit keeps what was said, tells the thread, and moves the notifications of its mentions")
  func editing() async throws { try await Self.checkEditing(TestServer()) }

  static func checkEditing(_ server: TestServer) async throws {
    let (ada, grace, linus) = (
      try await server.login("ada"), try await server.login("grace"), try await server.login("linus")
    )
    let (thread, _) = try await ada.makeThread()
    let (hers, his): (JSON, JSON) = (["mention": .string(grace.id)], ["mention": .string(linus.id)])
    let sent = try await ada.send([hers], to: thread)
    let id = try #require(sent["message"]?["id"])
    let events = try await grace.subscribe(Self.changed, ["thread": .string(thread)])
    let arrived = try await [grace, linus].asyncMap { try await $0.subscribe(ConversationTests.received) }
    let retracted = try await grace.subscribe("subscription { notificationRetracted { kind retractedAt } }")
    func edit(_ content: JSON, by person: Person? = nil, version: JSON = .null) async throws -> JSON? {
      try await (person ?? ada).run(Self.edit, ["id": id, "content": content, "version": version])["editMessage"]
    }
    let second = try await edit([his, ["text": "!"]], version: 1)
    #expect(second?["message"]?["text"] == "@Linus!" && second?["message"]?["version"] == 2)
    #expect(second?["message"]?["history"] == [["version": 1, "text": "@Grace"]])
    #expect(second?["message"]?["mentions"] == [["name": "Linus"]])
    #expect(try await edit([["text": "x"]], version: 1)?["userErrors"]?[0]?["code"] == "CONFLICT")
    #expect(try await edit([["text": "x"]], by: grace)?["userErrors"]?[0]?["code"] == "FORBIDDEN")
    #expect(try await edit([his, ["text": "!"]])?["message"]?["version"] == 2)
    let third = try await edit([hers, his])
    #expect(third?["message"]?["history"]?.array?.map { $0["version"] } == [2, 1])
    await server.service.fence()
    #expect(
      events.responses.compactMap { $0["data"]?["threadChanged"]?["kind"] } == ["MESSAGE_EDITED", "MESSAGE_EDITED"])
    #expect(arrived.map(\.payloads.count) == [1, 1])
    #expect(retracted.responses.count == 1)
    for person in [grace, linus] {
      let viewer = try await person.run(Self.inbox)["viewer"]
      #expect(viewer?["unreadNotificationCount"] == 1)
      let nodes = viewer?["notifications"]?["nodes"]
      #expect(nodes?.array?.count == 1 && nodes?[0]?["message"]?["text"] == "@Grace@Linus")
    }
    await server.stop()
  }

  @Test("a deleted message keeps its place, says nothing, is not found and takes its notifications back")
  func deleting() async throws { try await Self.checkDeleting(TestServer()) }

  static func checkDeleting(_ server: TestServer) async throws {
    let (ada, grace) = (try await server.login("ada"), try await server.login("grace"))
    let (thread, _) = try await ada.makeThread()
    let sent = try await ada.send([["text": "Würfel "], ["mention": .string(grace.id)]], to: thread)
    let id = try #require(sent["message"]?["id"])
    _ = try await ada.send([["text": "Würfelzucker"]], to: thread)
    func found(_ query: String, by person: Person) async throws -> [JSON?] {
      try await person.run(
        "query($q: String!) { searchMessages(query: $q) { nodes { sequence } } }", ["q": .string(query)])[
          "searchMessages"]?["nodes"]?.array?.map { $0["sequence"] } ?? []
    }
    #expect(try await found("WÜRFEL", by: grace) == [2, 1])
    #expect(try await found("würfel, grace", by: grace) == [1])
    let eve = try await server.login("eve", of: "globex")
    #expect(try await found("würfel", by: eve).isEmpty)
    _ = try await grace.run(Self.onMessage("addReaction", #", emoji: "👍""#), ["id": id])
    #expect(try await ada.run(Self.inbox)["viewer"]?["notifications"]?["nodes"]?[0]?["kind"] == "REACTION")
    let delete = Self.onMessage("deleteMessage")
    let refused = try await grace.run(delete, ["id": id])["deleteMessage"]
    #expect(refused?["userErrors"]?[0]?["code"] == "FORBIDDEN")
    let first = try await ada.run(delete, ["id": id])["deleteMessage"]?["message"]
    #expect(
      first?["text"] == "" && first?["mentions"] == [] && first?["reactions"] == [] && first?["deletedAt"] != .null)
    #expect(try await ada.run(delete, ["id": id])["deleteMessage"]?["message"] == first)
    let edited = try await ada.run(Self.edit, ["id": id, "content": [["text": "x"]]])["editMessage"]
    #expect(edited?["userErrors"]?[0]?["code"] == "DELETED")
    #expect(try await found("würfel", by: grace) == [2])
    for person in [ada, grace] {
      let empty: JSON = ["unreadNotificationCount": 0, "notifications": ["nodes": []]]
      #expect(try await person.run(Self.inbox)["viewer"] == empty)
    }
    #expect(try await ada.send([["text": "c"]], to: thread)["message"]?["sequence"] == 3)
    await server.stop()
  }

  @Test("reactions are grouped, told once to the author, and taken back with the last one")
  func reactions() async throws {
    let server = try await TestServer()
    let people = try await ["ada", "grace", "linus"].asyncMap { try await server.login($0) }
    let (thread, _) = try await people[0].makeThread()
    let id = try #require(try await people[0].send([["text": "a"]], to: thread)["message"]?["id"])
    let events = try await people[1].subscribe(Self.changed, ["thread": .string(thread)])
    let told = try await people[0].subscribe(
      "subscription { notificationReceived(kinds: [REACTION]) { kind actor { name } } }")
    let (add, remove) = (
      Self.onMessage("addReaction", #", emoji: "👍""#), Self.onMessage("removeReaction", #", emoji: "👍""#)
    )
    for person in people + people.prefix(2) { _ = try await person.run(add, ["id": id]) }
    let heart = try await people[1].run(Self.onMessage("addReaction", #", emoji: "❤️""#), ["id": id])
    let expected: JSON = [
      ["emoji": "👍", "count": 3, "users": [["name": "Ada"], ["name": "Grace"], ["name": "Linus"]]],
      ["emoji": "❤️", "count": 1, "users": [["name": "Grace"]]],
    ]
    let groups = heart["addReaction"]?["message"]?["reactions"]
    #expect(groups?.array?.map { $0["count"] } == expected.array?.map { $0["count"] })
    #expect(groups?[0]?["users"]?.array?.count == 3 && groups?[1] == expected[1])
    await server.service.fence()
    #expect(events.payloads.count == 4)
    #expect(
      told.responses.map { $0["data"] } == [["notificationReceived": ["kind": "REACTION", "actor": ["name": "Grace"]]]])
    for (person, left) in [(people[1], 1), (people[2], 1)] {
      _ = try await person.run(remove, ["id": id])
      let count = try await people[0].run(Self.inbox)["viewer"]?["unreadNotificationCount"]
      #expect(count == .int(Int64(left)))
    }
    _ = try await people[1].run(Self.onMessage("removeReaction", #", emoji: "❤️""#), ["id": id])
    #expect(try await people[0].run(Self.inbox)["viewer"]?["unreadNotificationCount"] == 0)
    await server.stop()
  }

  @Test("subscribers of a thread are told of replies and of its being resolved, until they unsubscribe")
  func subscribers() async throws { try await Self.checkSubscribers(TestServer()) }

  static func checkSubscribers(_ server: TestServer) async throws {
    let (ada, grace, linus) = (
      try await server.login("ada"), try await server.login("grace"), try await server.login("linus")
    )
    let (thread, _) = try await ada.makeThread()
    let variables: JSONObject = ["id": .string(thread)]
    let all = try await grace.subscribe(
      "subscription { notificationReceived(kinds: [REPLY, MENTION, THREAD_RESOLVED]) { kind thread { id } } }")
    let mentions = try await grace.subscribe(ConversationTests.received)
    let events = try await linus.subscribe(Self.changed, ["thread": .string(thread)])
    let subscribed = try await grace.run(Self.onThread("subscribeToThread"), variables)
    #expect(subscribed["subscribeToThread"]?["thread"]?["isSubscribed"] == true)
    _ = try await ada.send([["text": "a"]], to: thread)
    _ = try await ada.send([["mention": .string(grace.id)]], to: thread)
    _ = try await grace.send([["text": "mine"]], to: thread)
    let resolved = try await ada.run(Self.onThread("resolveThread"), variables)["resolveThread"]?["thread"]
    #expect(resolved?["resolvedBy"] == ["name": "Ada"] && resolved?["resolvedAt"] != .null)
    #expect(try await ada.run(Self.onThread("resolveThread"), variables)["resolveThread"]?["thread"] == resolved)
    let reopened = try await linus.run(Self.onThread("reopenThread"), variables)["reopenThread"]?["thread"]
    #expect(reopened?["resolvedBy"] == .null && reopened?["resolvedAt"] == .null)
    await server.service.fence()
    let kinds = all.responses.compactMap { $0["data"]?["notificationReceived"]?["kind"] }
    #expect(kinds == ["REPLY", "MENTION", "THREAD_RESOLVED"])
    #expect(mentions.payloads.count == 1)
    let happened = events.responses.compactMap { $0["data"]?["threadChanged"]?["kind"] }
    #expect(happened == ["MESSAGE_ADDED", "MESSAGE_ADDED", "MESSAGE_ADDED", "RESOLVED", "REOPENED"])
    let listed = try await grace.run(Self.inbox)["viewer"]?["notifications"]?["nodes"]?.array ?? []
    #expect(listed.map { $0["kind"] } == ["THREAD_REOPENED", "MENTION", "REPLY"])
    #expect(listed.first?["message"] == .null && listed.first?["thread"]?["id"] == .string(thread))
    _ = try await grace.run(Self.onThread("unsubscribeFromThread"), variables)
    _ = try await ada.send([["text": "b"]], to: thread)
    let marked = try await grace.run("mutation { markAllNotificationsRead { count } }")
    #expect(marked["markAllNotificationsRead"]?["count"] == 3)
    #expect(try await grace.run(Self.inbox)["viewer"]?["unreadNotificationCount"] == 0)
    await server.stop()
  }

  @Test("unread counts follow reading and writing, and never go back")
  func reading() async throws {
    let server = try await TestServer()
    let (ada, grace) = (try await server.login("ada"), try await server.login("grace"))
    let (thread, _) = try await ada.makeThread()
    for _ in 0..<3 { _ = try await ada.send([["text": "a"]], to: thread) }
    let query = "query($id: ID!) { thread(id: $id) { unreadCount lastRead } viewer { unreadMessageCount } }"
    func state(_ person: Person) async throws -> [JSON?] {
      let data = try await person.run(query, ["id": .string(thread)])
      return [data["thread"]?["unreadCount"], data["thread"]?["lastRead"], data["viewer"]?["unreadMessageCount"]]
    }
    #expect(try await state(ada) == [0, 3, 0])
    #expect(try await state(grace) == [3, 0, 0])
    let read =
      "mutation($id: ID!, $to: Int) { markThreadRead(input: {threadId: $id, sequence: $to}) { userErrors { code } } }"
    for (sequence, expected) in [(2, [1, 2, 1]), (1, [1, 2, 1]), (99, [0, 3, 0])] as [(Int64, [JSON])] {
      _ = try await grace.run(read, ["id": .string(thread), "to": .int(sequence)])
      #expect(try await state(grace) == expected)
    }
    _ = try await ada.send([["text": "b"]], to: thread)
    #expect(try await state(grace) == [1, 3, 1])
    _ = try await grace.send([["text": "c"]], to: thread)
    #expect(try await state(grace) == [0, 5, 0])
    let people = try await ada.run(
      "query($id: ID!) { thread(id: $id) { participants { nodes { user { name } lastRead } } } }",
      ["id": .string(thread)])
    let nodes = people["thread"]?["participants"]?["nodes"]?.array ?? []
    #expect(nodes.map { $0["user"]?["name"]?.string ?? "" }.sorted() == ["Ada", "Grace"])
    await server.stop()
  }

  @Test("an event that shows each reader their own state is not shared between them")
  func personal() async throws {
    let server = try await TestServer()
    let (ada, grace) = (try await server.login("ada"), try await server.login("grace"))
    let (thread, _) = try await ada.makeThread()
    let query = "subscription($thread: ID!) { messageAdded(threadId: $thread) { thread { unreadCount } } }"
    let inboxes = try await [ada, grace].asyncMap { try await $0.subscribe(query, ["thread": .string(thread)]) }
    _ = try await ada.send([["text": "a"]], to: thread)
    await server.service.fence()
    let counts = inboxes.map { $0.responses.first?["data"]?["messageAdded"]?["thread"]?["unreadCount"] }
    #expect(counts == [0, 1])
    await server.stop()
  }

  @Test("words are cut alike whatever surrounds them")
  func words() {
    #expect(Words.of("Hello, WORLD! a-b_c's 42 Straße") == ["hello", "world", "a", "b", "c", "s", "42", "straße"])
    #expect(Words.of("'\"*:& ()") == [])
    #expect(Words.of(String(repeating: "x", count: 300)) == [String(repeating: "x", count: 100)])
  }
}
