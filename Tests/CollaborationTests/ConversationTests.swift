import Collaboration
import Database
import GraphQL
import JSON
import Testing

@Suite("Conversations") struct ConversationTests {
  static let received = "subscription { notificationReceived { kind actor { name } message { text } } }"
  static let added = "subscription($thread: ID!) { messageAdded(threadId: $thread) { sequence text author { name } } }"

  @Test("a mention reaches the mentioned once, and only them")
  func mention() async throws { try await Self.checkMention(TestServer()) }

  static func checkMention(_ server: TestServer) async throws {
    let (ada, grace, linus) = (
      try await server.login("ada"), try await server.login("grace"), try await server.login("linus")
    )
    let (thread, _) = try await ada.makeThread()
    let inboxes = try await [grace, grace, linus, ada].asyncMap { try await $0.subscribe(Self.received) }
    let her: JSON = ["mention": .string(grace.id)]
    _ = try await ada.send([her, ["text": ": look, "], her, ["mention": .string(ada.id)]], to: thread)
    await server.service.fence()
    let expected: JSON = [
      "notificationReceived": [
        "kind": "MENTION", "actor": ["name": "Ada"], "message": ["text": "@Grace: look, @Grace@Ada"],
      ]
    ]
    #expect(inboxes[0].responses.map { $0["data"] } == [expected])
    #expect(inboxes[1].responses.map { $0["data"] } == [expected])
    #expect(inboxes[2].payloads.isEmpty && inboxes[3].payloads.isEmpty)
    let stored = "{ viewer { unreadNotificationCount notifications(unreadOnly: true) { nodes { id readAt } } } }"
    let before = try await grace.run(stored)
    #expect(before["viewer"]?["unreadNotificationCount"] == 1)
    let id = try #require(before["viewer"]?["notifications"]?["nodes"]?[0]?["id"])
    let read = try await grace.run(PermissionTests.mutations[4].text, ["id": id])
    #expect(read["markNotificationRead"] == ["notification": ["id": id], "userErrors": []])
    #expect(try await grace.run(stored)["viewer"] == ["unreadNotificationCount": 0, "notifications": ["nodes": []]])
    await server.stop()
  }

  @Test("mentioning a stranger and mentioning nobody are refused alike, and leave nothing behind")
  func stranger() async throws {
    let server = try await TestServer()
    let (ada, eve) = (try await server.login("ada"), try await server.login("eve", of: "globex"))
    let (thread, _) = try await ada.makeThread()
    let inbox = try await ada.subscribe(Self.added, ["thread": .string(thread)])
    let events = try await server.count("outbox")
    for id in [JSON.string(eve.id), PermissionTests.nowhere, "nonsense"] {
      let payload = try await ada.send([["text": "a"], ["mention": id]], to: thread)
      #expect(
        payload == [
          "message": .null,
          "userErrors": [["code": "CANNOT_MENTION", "field": ["input", "content", "1", "mention"]]],
        ])
    }
    await server.service.fence()
    #expect(inbox.payloads.isEmpty)
    #expect(try await server.count("messages") == 0)
    #expect(try await server.count("outbox") == events)
    let next = try await ada.send([["text": "a"]], to: thread)
    #expect(next["message"]?["sequence"] == 1)
    await server.stop()
  }

  @Test("readers get a thread's messages in order, encoded once, with a cursor that ascends")
  func order() async throws {
    try await Self.checkOrder(TestServer())
    let folder = try TemporaryFolder()
    try await Self.checkOrder(TestServer(on: SQLiteDatabase.open(.file(folder.path + "/test.db"))))
  }

  static func checkOrder(_ server: TestServer) async throws {
    let people = try await ["ada", "grace", "linus"].asyncMap { try await server.login($0) }
    let (thread, _) = try await people[0].makeThread()
    let readers = try await people.asyncMap { try await $0.subscribe(Self.added, ["thread": .string(thread)]) }
    try await withThrowingTaskGroup(of: Void.self) { group in
      for person in people {
        group.addTask {
          for index in 0..<10 { try await person.send([["text": .string("\(index)")]], to: thread) }
        }
      }
      try await group.waitForAll()
    }
    await server.service.fence()
    let sequences = readers[0].responses.compactMap { $0["data"]?["messageAdded"]?["sequence"]?.int }
    #expect(sequences == Array(1...30))
    for reader in readers.dropFirst() {
      #expect(zip(readers[0].payloads, reader.payloads).allSatisfy { $0 === $1 })
      #expect(reader.payloads.count == 30)
    }
    let cursors = readers[0].responses.compactMap { $0["extensions"]?["cursor"]?.string?.split(separator: ":").last }
    let offsets = cursors.compactMap { Int($0) }
    #expect(offsets.count == 30 && zip(offsets, offsets.dropFirst()).allSatisfy(<))
    #expect(readers[0].responses.allSatisfy { $0["extensions"]?["stream"] == .string("thread:\(thread)") })
    await server.stop()
  }

  /// Retries that run into each other make one message.
  static func checkConcurrentRetries(_ server: TestServer) async throws {
    let ada = try await server.login("ada")
    let (thread, _) = try await ada.makeThread()
    let answers = try await withThrowingTaskGroup(of: JSON.self) { group in
      for _ in 0..<8 { group.addTask { try await ada.send([["text": "once"]], to: thread, key: "k") } }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    #expect(answers.allSatisfy { $0 == answers[0] && $0["message"]?["sequence"] == 1 })
    #expect(try await server.count("messages") == 1)
    await server.stop()
  }

  @Test("a retry with the same key returns the first result and sends nothing again")
  func idempotency() async throws {
    let server = try await TestServer()
    let (ada, grace) = (try await server.login("ada"), try await server.login("grace"))
    let (thread, _) = try await ada.makeThread()
    let inbox = try await grace.subscribe(Self.added, ["thread": .string(thread)])
    let first = try await ada.send([["text": "once"]], to: thread, key: "k1")
    let again = try await ada.send([["text": "once"]], to: thread, key: "k1")
    #expect(first == again && first["message"]?["sequence"] == 1)
    #expect(try await grace.send([["text": "hers"]], to: thread, key: "k1")["message"]?["sequence"] == 2)
    let other = try await ada.run(
      #"mutation { createThread(input: {url: "https://a.example/", idempotencyKey: "k1"}) { userErrors { code } } }"#)
    #expect(other["createThread"]?["userErrors"] == [["code": "IDEMPOTENCY_KEY_REUSED"]])
    let create = """
      mutation { createThread(input: {url: "https://a.example/", title: "T", content: [{text: "x"}], idempotencyKey: "k2"}) {
        thread { id messageCount } message { id sequence } userErrors { code } } }
      """
    #expect(try await ada.run(create) == ada.run(create))
    #expect(try await server.count("threads") == 2)
    await server.service.fence()
    #expect(inbox.payloads.count == 2)
    await server.stop()
  }

  @Test("a transaction that fails after publishing leaves no event")
  func outbox() async throws {
    let logged = Mutexed<[String]>([])
    let server = try await TestServer(log: { line in logged.update { $0.append(line) } })
    let ada = try await server.login("ada")
    let (thread, _) = try await ada.makeThread()
    let inbox = try await ada.subscribe(Self.added, ["thread": .string(thread)])
    // The outbox is written last; a table that refuses it stands for any failure there.
    _ = try await server.database.write("break") { transaction in
      try transaction.execute(
        Query("break", "CREATE TRIGGER refuse BEFORE INSERT ON outbox BEGIN SELECT RAISE(ABORT, 'no'); END"))
    }
    let codes = try await ada.response(TestServer.quietSend, ["thread": .string(thread)])
    #expect(codes["errors"]?[0]?["extensions"]?["code"] == "INTERNAL")
    #expect(logged.value.count == 1)
    #expect(try await server.count("messages") == 0)
    _ = try await server.database.write("mend") { try $0.execute(Query("mend", "DROP TRIGGER refuse")) }
    #expect(try await ada.send([["text": "a"]], to: thread)["message"]?["sequence"] == 1)
    await server.service.fence()
    #expect(inbox.payloads.count == 1)
    await server.stop()
  }

  @Test("messages with authors and mentions cost the same number of statements, however many there are")
  func statements() async throws { try await Self.checkStatements(TestServer()) }

  static func checkStatements(_ server: TestServer) async throws {
    let people = try await ["ada", "grace", "linus"].asyncMap { try await server.login($0) }
    var counts: [JSON?] = []
    for size in [2, 50] {
      let (thread, _) = try await people[0].makeThread(url: "https://acme.example/\(size)")
      for index in 0..<size {
        let mention: JSON = ["mention": .string(people[(index + 1) % 3].id)]
        _ = try await people[index % 3].send([["text": "Hi "], mention], to: thread)
      }
      let response = try await people[0].response(
        """
        query($thread: ID!) {
          thread(id: $thread) { messages(first: 50) { edges { node {
            author { name } text mentions { name } content { text ... on MentionNode { user { name } } }
            thread { page { url } }
          } } } }
        }
        """, ["thread": .string(thread)], extensions: ["statements": true])
      #expect(response["data"]?["thread"]?["messages"]?["edges"]?.array?.count == size)
      counts.append(response["extensions"]?["statements"])
    }
    #expect(counts[0] == counts[1])
    #expect(try #require(counts[1]?.int) <= 8)
    await server.stop()
  }

  @Test("pages of a connection meet without a gap, forwards and backwards")
  func paging() async throws {
    let server = try await TestServer()
    let ada = try await server.login("ada")
    let (thread, _) = try await ada.makeThread()
    for index in 1...7 { _ = try await ada.send([["text": .string("\(index)")]], to: thread) }
    for (size, cursor, next, has) in [
      ("first", "after", "endCursor", "hasNextPage"), ("last", "before", "startCursor", "hasPreviousPage"),
    ] {
      var seen: [Int64] = []
      var position: JSON = .null
      var more = true
      while more {
        let data = try await ada.run(
          """
          query($thread: ID!, $position: String) { thread(id: $thread) { messages(\(size): 3, \(cursor): $position) {
            nodes { sequence } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } } }
          """, ["thread": .string(thread), "position": position])
        let messages = data["thread"]?["messages"]
        let page = messages?["nodes"]?.array?.compactMap { $0["sequence"]?.int } ?? []
        seen = size == "first" ? seen + page : page + seen
        position = messages?["pageInfo"]?[next] ?? .null
        more = messages?["pageInfo"]?[has] == true && seen.count < 10
      }
      #expect(seen == Array(1...7))
    }
    for arguments in ["first: 201", "first: -1", "first: 1, last: 1", "after: \"!\"", "last: 2, after: \"MQ\""] {
      let query = "query($thread: ID!) { thread(id: $thread) { messages(\(arguments)) { nodes { id } } } }"
      #expect(try await ada.codes(query, ["thread": .string(thread)]) == ["BAD_USER_INPUT"], "\(arguments)")
    }
    await server.stop()
  }

  @Test("lists of several parents are cut for each of them, in one statement")
  func nestedLists() async throws {
    let server = try await TestServer()
    let ada = try await server.login("ada")
    for page in ["a", "b"] {
      let url = "https://acme.example/\(page)"
      for title in 1...3 {
        _ = try await ada.run(
          """
          mutation($url: String!, $title: String!) {
            createThread(input: {url: $url, title: $title, content: [{text: "1"}, {code: {code: "x"}}]}) { thread { id } }
          }
          """, ["url": .string(url), "title": .string("\(page)\(title)")])
      }
    }
    let response = try await ada.response(
      """
      { a: page(url: "https://acme.example/a") { ...list } b: page(url: "https://acme.example/b") { ...list } }
      fragment list on Page { threads(first: 2) { nodes { title messages(last: 1) { nodes { text } } }
        pageInfo { hasNextPage } } }
      """, extensions: ["statements": true])
    func list(_ page: String) -> JSON {
      let nodes = (1...2).map { index -> JSON in
        ["title": .string("\(page)\(index)"), "messages": ["nodes": [["text": "1x"]]]]
      }
      return ["threads": ["nodes": .array(nodes), "pageInfo": ["hasNextPage": true]]]
    }
    #expect(response["data"] == ["a": list("a"), "b": list("b")])
    #expect(try #require(response["extensions"]?["statements"]?.int) <= 6)
    await server.stop()
  }

  @Test("an annotation reaches the page's subscribers with its place and a thread of its own")
  func annotation() async throws {
    let server = try await TestServer()
    let (ada, grace) = (try await server.login("ada"), try await server.login("grace"))
    let (_, page) = try await ada.makeThread()
    let inbox = try await grace.subscribe(
      "subscription($page: ID!) { annotationAdded(pageId: $page) { body x y selector quotedText author { name } thread { id } } }",
      ["page": .string(page)])
    let create = """
      mutation($x: Float!) { createAnnotation(input: {url: "https://acme.example/plan", selector: "#a", x: $x, y: 1,
        quotedText: "here", body: "Look"}) { annotation { thread { messageCount } } userErrors { code field } } }
      """
    let made = try await ada.run(create, ["x": 0.25])
    #expect(made["createAnnotation"]?["annotation"]?["thread"]?["messageCount"] == 0)
    let wrong = try await ada.run(create, ["x": 1.5])
    #expect(wrong["createAnnotation"]?["userErrors"] == [["code": "INVALID", "field": ["input", "x"]]])
    await server.service.fence()
    #expect(inbox.responses.count == 1)
    let seen = inbox.responses.first?["data"]?["annotationAdded"]
    #expect(seen?["body"] == "Look" && seen?["x"] == 0.25 && seen?["y"] == 1 && seen?["quotedText"] == "here")
    let list = try await ada.run(
      "query($page: ID!) { page(id: $page) { annotations { nodes { body } } threads { nodes { id } } } }",
      ["page": .string(page)])
    #expect(list["page"]?["annotations"] == ["nodes": [["body": "Look"]]])
    #expect(list["page"]?["threads"]?["nodes"]?.array?.count == 2)
    await server.stop()
  }

  @Test("pages are found by their location, whole or in part, in their own organization")
  func locations() async throws { try await Self.checkLocations(TestServer()) }

  static func checkLocations(_ server: TestServer) async throws {
    let (ada, eve) = (try await server.login("ada"), try await server.login("eve", of: "globex"))
    func place(_ path: String, _ location: JSON, by person: Person) async throws {
      let data = try await person.run(
        """
        mutation($url: String!, $location: Location) {
          ensurePage(input: {url: $url, location: $location}) { page { location } userErrors { code } }
        }
        """, ["url": .string("https://a.example/\(path)"), "location": location])
      #expect(data["ensurePage"] == ["page": ["location": location], "userErrors": []])
    }
    func find(_ location: JSON, _ match: String = "PARTIAL", first: Int = 20) async throws -> [JSON?] {
      let data = try await ada.run(
        "query($at: Location!) { pages(location: $at, match: \(match), first: \(first)) { nodes { url } } }",
        ["at": location])
      return data["pages"]?["nodes"]?.array?.map { $0["url"]?.string.map { .string(String($0.suffix(1))) } } ?? []
    }
    try await place("1", ["view": "report", "id": 7, "draft": true], by: ada)
    try await place("2", ["id": 7, "view": "report"], by: ada)
    try await place("3", ["view": "other"], by: ada)
    try await place("3", ["view": "report"], by: ada)
    try await place("4", ["view": "report", "id": 7], by: eve)
    #expect(try await find(["view": "report", "id": 7], "EXACT") == ["2"])
    #expect(try await find(["view": "report", "id": 7]) == ["1", "2"])
    #expect(try await find(["view": "report"]) == ["1", "2", "3"])
    #expect(try await find(["view": "report"], first: 2) == ["1", "2"])
    #expect(try await find(["view": "other"]).isEmpty)
    #expect(try await find(["id": "7"]).isEmpty)
    for nonsense in [[:], ["a": [1]], ["a": .null], "x", ["": 1]] as [JSON] {
      let query = "query($at: Location!) { pages(location: $at) { nodes { url } } }"
      #expect(try await ada.codes(query, ["at": nonsense]) == ["BAD_USER_INPUT"], "\(nonsense)")
    }
    await server.stop()
  }

  @Test("a page keeps its id, and takes a new title")
  func pages() async throws {
    let server = try await TestServer()
    let ada = try await server.login("ada")
    func ensure(_ title: String) async throws -> JSON? {
      try await ada.run(
        "mutation { ensurePage(input: {url: \"https://a.example/\", title: \(title)}) { page { id title } userErrors { code } } }"
      )["ensurePage"]
    }
    let first = try await ensure("\"One\"")
    let second = try await ensure("null")
    #expect(first == second)
    let third = try await ensure("\"Two\"")
    #expect(third?["page"]?["id"] == first?["page"]?["id"] && third?["page"]?["title"] == "Two")
    let bad = try await ada.run(
      #"mutation { ensurePage(input: {url: "ftp://a"}) { page { id } userErrors { code field } } }"#)
    #expect(bad["ensurePage"] == ["page": .null, "userErrors": [["code": "INVALID", "field": ["input", "url"]]]])
    await server.stop()
  }
}

extension TestServer {
  static let quietSend =
    #"mutation($thread: ID!) { sendMessage(input: {threadId: $thread, content: [{text: "x"}]}) { message { id } } }"#

  func count(_ table: String) async throws -> Int64? {
    try await database.read(Query("count", "SELECT count(*) FROM \(table)")).first?.int(0)
  }
}

extension Array where Element: Sendable {
  func asyncMap<T>(_ transform: (Element) async throws -> T) async rethrows -> [T] {
    var result: [T] = []
    for element in self { result.append(try await transform(element)) }
    return result
  }
}
