import Collaboration
import Database
import GraphQL
import JSON
import Testing

/// What only some people of an organization may see.
@Suite("Private threads") struct PrivateThreadTests {
  static let marker = "zq9private"
  static let added = """
    subscription($thread: ID!, $after: String) { messageAdded(threadId: $thread, after: $after) { text } }
    """
  static let changed = """
    subscription($thread: ID!) { threadChanged(threadId: $thread) { kind message { text } participant { name } } }
    """
  static let members = """
    mutation($thread: ID!, $people: [ID!]!) {
      #Participants(input: {threadId: $thread, userIds: $people}) { thread { id } userErrors { code message field } }
    }
    """

  static func change(_ what: String, _ people: [String], of thread: String, by person: Person) async throws -> JSON? {
    let people = JSON.array(people.map(JSON.string))
    return try await person.run(
      members.replacingFirst("#", what), ["thread": .string(thread), "people": people])["\(what)Participants"]
  }

  static func begin(by person: Person, with others: [Person], text: String = "first") async throws -> (
    thread: String, page: String
  ) {
    let data = try await person.run(
      """
      mutation($people: [ID!], $text: String!) {
        createThread(input: {url: "https://acme.example/plan", isPrivate: true, participants: $people, content: [{text: $text}]}) {
          thread { id isPrivate page { id } } userErrors { code }
        }
      }
      """, ["people": .array(others.map { .string($0.id) }), "text": .string(text)])["createThread"]
    #expect(data?["thread"]?["isPrivate"] == true)
    return (
      try #require(data?["thread"]?["id"]?.string), try #require(data?["thread"]?["page"]?["id"]?.string)
    )
  }

  @Test("no field, mutation, list, count or search shows a private thread to who is not in it, or changes it")
  func hidden() async throws { try await Self.checkHidden(TestServer()) }

  static func checkHidden(_ server: TestServer) async throws {
    let matrix = try await PermissionMatrixTests.Matrix(server)
    let (ada, grace) = (try #require(matrix.people[.author]), try #require(matrix.people[.colleague]))
    let text = #"content: [{text: "\#(marker) "}, {mention: "\#(grace.id)"}, {code: {code: "\#(marker)"}}]"#
    let place = "pageId: \(matrix.id("page")), isPrivate: true, participants: [\"\(grace.id)\"]"
    let made = try await ada.run(
      """
      mutation {
        createThread(input: {\(place), title: "\(marker)", \(text)}) { thread { id } message { id } }
        createAnnotation(input: {\(place), selector: "\(marker)", x: 0, y: 0, quotedText: "\(marker)", body: "\(marker)"}) {
          annotation { id thread { id } } }
      }
      """)
    let ids = [
      "thread": made["createThread"]?["thread"]?["id"], "message": made["createThread"]?["message"]?["id"],
      "annotation": made["createAnnotation"]?["annotation"]?["id"],
    ].compactMapValues { $0?.string }
    for (name, id) in ids { matrix.ids[name] = id }
    let message = "messageId: \(matrix.id("message"))"
    _ = try await ada.run("mutation { editMessage(input: {\(message), \(text)}) { message { id } } }")
    _ = try await grace.run(
      "mutation { addReaction(input: {\(message), emoji: \"\(marker)\"}) { message { id } } }")
    matrix.ids["victim"] = ids["message"]
    let file = try await ada.run(
      """
      mutation { createAttachment(input: {name: "\(marker)", contentType: "text/plain", data: "eA=="}) { attachment { id } } }
      """)
    matrix.ids["attachment"] = try #require(file["createAttachment"]?["attachment"]?["id"]?.string)
    _ = try await ada.run(
      """
      mutation { sendMessage(input: {threadId: \(matrix.id("thread")), content: [{text: "x"}], attachmentIds: [\(matrix.id("attachment"))]}) {
        message { id } } }
      """)
    let deep = [
      "{ page(id: \(matrix.id("page"))) { threads { nodes { id title messages { nodes { text } } } } annotations { nodes { id body } } } }",
      "{ searchMessages(query: \"\(marker)\") { nodes { id text } } }",
      "{ attachment(id: \(matrix.id("attachment"))) { name data } }",
      "{ viewer { unreadMessageCount notifications { nodes { id thread { title } message { text } } } } }",
    ]
    for query in deep { #expect(try await grace.run(query).text.contains(marker), "\(query)") }
    let secrets = [marker, matrix.ids["attachment"] ?? ""] + ids.values
    let state =
      "{ thread(id: \(matrix.id("thread"))) { title messageCount resolvedAt participants { nodes { user { id } } } messages { nodes { text version reactions { count } } } } }"
    let before = try await ada.run(state)
    for role in [PermissionMatrixTests.Role.owner, .guest, .outsider, .anonymous] {
      let person = try #require(matrix.people[role])
      // Asking for the marker gives it back in nothing but the question.
      for operation in try matrix.operations() + deep {
        let answer = try await person.response(operation).text
        #expect(!secrets.contains { answer.contains($0) }, "\(operation) as \(role): \(answer)")
      }
      for field in try #require(matrix.schema.subscriptionType).fields {
        let arguments = try #require(matrix.arguments(of: field.name))
        guard arguments.contains("threadId") else { continue }
        let inbox = try await person.subscribe("subscription { \(field.name)\(arguments) { __typename } }")
        #expect(inbox.refusalCode == (role.isLoggedIn ? "NOT_FOUND" : "UNAUTHENTICATED"), "\(field.name) as \(role)")
      }
    }
    // Within the organization too it is as if there were none.
    let owner = try #require(matrix.people[.owner])
    for operation in PermissionTests.queries + PermissionTests.mutations {
      let expected = try await owner.response(operation.text, operation.variables)
      for id in [matrix.ids["attachment"] ?? ""] + ids.values {
        let answer = try await owner.response(operation.text, ["id": .string(id)])
        #expect(answer == expected, "\(operation.text)")
      }
    }
    #expect(try await ada.run(state) == before)
    await server.stop()
  }

  @Test("who is taken out loses the subscriptions to the thread there and then, and no others, and everything about it")
  func accessLost() async throws { try await Self.checkAccessLost(TestServer()) }

  static func checkAccessLost(_ server: TestServer) async throws {
    let (ada, grace, linus) = (
      try await server.login("ada"), try await server.login("grace").onSocket(), try await server.login("linus")
    )
    let (thread, page) = try await begin(by: ada, with: [grace])
    let head = try #require(try await ada.run("{ eventCursor }")["eventCursor"])
    let variables: JSONObject = ["thread": .string(thread)]
    let lost = [try await grace.subscribe(added, variables), try await grace.subscribe(changed, variables)]
    for inbox in lost { inbox.mayFail.update { $0 = true } }
    let kept = try await grace.subscribe(
      "subscription($page: ID!) { annotationAdded(pageId: $page) { body } }", ["page": .string(page)])
    let adas = try await ada.subscribe(changed, variables)
    _ = try await ada.send([["text": "before"]], to: thread)
    _ = try await ada.send([["mention": .string(grace.id)]], to: thread)
    let counts = "{ viewer { unreadMessageCount unreadNotificationCount notifications { nodes { kind } } } }"
    #expect(try await grace.run(counts)["viewer"]?["unreadMessageCount"] == 3)
    #expect(try await change("add", [linus.id], of: thread, by: grace)?["userErrors"] == [])
    #expect(try await change("remove", [grace.id], of: thread, by: linus)?["userErrors"] == [])
    _ = try await ada.send([["text": "after"]], to: thread)
    let annotate =
      #"mutation { createAnnotation(input: {url: "https://acme.example/plan", selector: "p", x: 0, y: 0, body: "\#("b")"}) { annotation { id } } }"#
    _ = try await ada.run(annotate)
    await server.service.fence()
    #expect(lost.map { $0.failures.value } == [["ACCESS_LOST"], ["ACCESS_LOST"]])
    #expect(lost[0].responses.count == 2 && lost[1].responses.count == 3)
    #expect(kept.responses.count == 1 && kept.failures.value.isEmpty)
    let kinds = adas.responses.map { $0["data"]?["threadChanged"]?["kind"]?.string ?? "" }
    #expect(
      kinds == ["MESSAGE_ADDED", "MESSAGE_ADDED", "PARTICIPANT_ADDED", "PARTICIPANT_REMOVED", "MESSAGE_ADDED"])
    // Older sessions get no further than strangers do.
    #expect(
      try await grace.run(counts)["viewer"]
        == ["unreadMessageCount": 0, "unreadNotificationCount": 0, "notifications": ["nodes": []]])
    let expected: JSON = [["code": "NOT_FOUND", "field": ["input", "threadId"]]]
    #expect(try await grace.send([["text": "again"]], to: thread)["userErrors"] == expected)
    #expect(try await grace.subscribe(added, variables).refusalCode == "NOT_FOUND")
    for field in ["markThreadRead", "subscribeToThread"] {
      let answer = try await grace.run(
        "mutation { \(field)(input: {threadId: \"\(thread)\"}) { userErrors { code } } }")
      #expect(answer[field]?["userErrors"] == [["code": "NOT_FOUND"]])
    }
    // Let in again, a stream does not go over what happened meanwhile.
    #expect(try await change("add", [grace.id], of: thread, by: ada)?["userErrors"] == [])
    let resumed = try await grace.subscribe(added, ["thread": .string(thread), "after": head])
    #expect(resumed.refusal.value?["errors"]?[0]?["extensions"]?["reason"] == "ACCESS_LOST")
    #expect(try await grace.subscribe(added, variables).refusal.value == nil)
    await server.stop()
  }

  @Test(
    "while others write, who is taken out gets every message before that and none after, on whatever they subscribe to")
  func race() async throws {
    let folder = try TemporaryFolder()
    try await Self.checkRace(TestServer(on: SQLiteDatabase.open(.file("\(folder.path)/test.db"))))
  }

  static func checkRace(_ server: TestServer) async throws {
    let (ada, grace, linus) = (
      try await server.login("ada"), try await server.login("grace"), try await server.login("linus")
    )
    let (thread, _) = try await begin(by: ada, with: [grace, linus])
    let witness = try await ada.subscribe(
      "subscription($thread: ID!) { threadChanged(threadId: $thread) { kind message { id } } }",
      ["thread": .string(thread)])
    let added = "subscription($thread: ID!) { messageAdded(threadId: $thread) { id } }"
    let first = Inbox()
    first.mayFail.update { $0 = true }
    try await grace.subscribe(added, ["thread": .string(thread)], into: first)
    let inboxes = Mutexed([first])
    try await withThrowingTaskGroup(of: Void.self) { group in
      for person in [ada, linus, grace] {
        group.addTask { for _ in 0..<20 { _ = try await person.send([["text": "x"]], to: thread) } }
      }
      group.addTask {
        for _ in 0..<20 {
          let inbox = Inbox()
          inbox.mayFail.update { $0 = true }
          try await grace.subscribe(added, ["thread": .string(thread)], into: inbox)
          inboxes.update { $0.append(inbox) }
        }
      }
      group.addTask {
        await first.arrival(of: 10)
        _ = try await change("remove", [grace.id], of: thread, by: linus)
      }
      try await group.waitForAll()
    }
    await server.service.fence()
    let events = witness.responses.map { $0["data"]?["threadChanged"] }
    let end = try #require(events.firstIndex { $0?["kind"] == "PARTICIPANT_REMOVED" })
    let before = events[..<end].compactMap { $0?["message"]?["id"] }
    #expect(first.responses.compactMap { $0["data"]?["messageAdded"]?["id"] } == before)
    #expect(first.failures.value == ["ACCESS_LOST"])
    for inbox in inboxes.value {
      let seen = inbox.responses.compactMap { $0["data"]?["messageAdded"]?["id"] }
      #expect(before.suffix(seen.count) == seen[...])
      #expect(inbox.refusalCode != nil || inbox.failures.value == ["ACCESS_LOST"])
    }
    await server.stop()
  }

  @Test("in a private thread only those in it can be mentioned; others and nobody get one answer")
  func mentions() async throws {
    let server = try await TestServer()
    let (ada, grace, linus) = (
      try await server.login("ada"), try await server.login("grace"), try await server.login("linus")
    )
    let (thread, _) = try await Self.begin(by: ada, with: [grace])
    let inbox = try await linus.subscribe("subscription { notificationReceived { id } }")
    var answers: [JSON] = []
    for person in [linus.id, "00000000-0000-7000-8000-000000000000"] {
      answers.append(try await ada.send([["mention": .string(person)]], to: thread))
    }
    #expect(answers[0] == answers[1])
    #expect(answers[0]["userErrors"]?[0]?["code"] == "CANNOT_MENTION")
    let sent = try await ada.send([["mention": .string(grace.id)]], to: thread)
    let edited = try await ada.run(
      "mutation($id: ID!, $to: ID!) { editMessage(input: {messageId: $id, content: [{mention: $to}]}) { userErrors { code } } }",
      ["id": sent["message"]?["id"] ?? .null, "to": .string(linus.id)])
    #expect(edited["editMessage"]?["userErrors"] == [["code": "CANNOT_MENTION"]])
    await server.service.fence()
    #expect(inbox.payloads.isEmpty)
    await server.stop()
  }

  @Test("an annotation in a private thread reaches those in it, also who comes later, and nobody else on the page")
  func annotations() async throws {
    let server = try await TestServer()
    let (ada, grace, linus) = (
      try await server.login("ada"), try await server.login("grace"), try await server.login("linus")
    )
    let (_, page) = try await ada.makeThread()
    let subscription =
      "subscription($page: ID!) { annotationAdded(pageId: $page) { body page { annotations { nodes { body } } } } }"
    // Grace's comes first and is in one group with Linus' as far as the operation goes.
    let inboxes = [
      try await grace.subscribe(subscription, ["page": .string(page)]),
      try await linus.subscribe(subscription, ["page": .string(page)]),
    ]
    let made = try await ada.run(
      """
      mutation($page: ID!, $people: [ID!]) {
        createAnnotation(input: {pageId: $page, selector: "p", x: 0, y: 0, body: "private", isPrivate: true, participants: $people}) {
          annotation { thread { id } } } }
      """, ["page": .string(page), "people": [.string(grace.id)]])
    let thread = try #require(made["createAnnotation"]?["annotation"]?["thread"]?["id"]?.string)
    _ = try await ada.run(
      #"mutation($page: ID!) { createAnnotation(input: {pageId: $page, selector: "p", x: 0, y: 0, body: "public"}) { annotation { id } } }"#,
      ["page": .string(page)])
    await server.service.fence()
    func bodies(_ inbox: Inbox) -> [JSON?] { inbox.responses.map { $0["data"]?["annotationAdded"]?["body"] } }
    #expect(bodies(inboxes[0]) == ["private", "public"])
    #expect(bodies(inboxes[1]) == ["public"])
    #expect(
      inboxes[1].responses[0]["data"]?["annotationAdded"]?["page"]?["annotations"]?["nodes"] == [["body": "public"]])
    _ = try await Self.change("add", [linus.id], of: thread, by: grace)
    await server.service.fence()
    #expect(bodies(inboxes[1]) == ["public", "private"])
    await server.stop()
  }

  @Test("people are added and removed by those in it; strangers, the last one and public threads are refused")
  func refusals() async throws {
    let server = try await TestServer()
    let (ada, grace, guest) = (
      try await server.login("ada"), try await server.login("grace"), try await server.login("gast", role: "GUEST")
    )
    let eve = try await server.login("eve", of: "globex")
    let (thread, _) = try await Self.begin(by: ada, with: [guest])
    let (open, _) = try await ada.makeThread()
    func code(_ what: String, _ people: [String], _ thread: String, _ person: Person) async throws -> JSON? {
      try await Self.change(what, people, of: thread, by: person)?["userErrors"]?[0]?["code"]
    }
    #expect(try await code("add", [eve.id], thread, ada) == "NOT_FOUND")
    #expect(try await code("add", [grace.id], thread, grace) == "NOT_FOUND")
    #expect(try await code("add", [grace.id], thread, guest) == "FORBIDDEN")
    #expect(try await code("add", [grace.id], open, ada) == "INVALID")
    #expect(try await code("remove", [ada.id, guest.id], thread, ada) == "CONFLICT")
    #expect(try await code("remove", [guest.id], thread, guest) == nil)
    #expect(try await code("remove", [ada.id], thread, ada) == "CONFLICT")
    let needs = try await ada.run(
      #"mutation($people: [ID!]) { createThread(input: {url: "https://a.example/", participants: $people}) { userErrors { code field } } }"#,
      ["people": [.string(grace.id)]])
    #expect(
      needs["createThread"]?["userErrors"] == [["code": "INVALID", "field": ["input", "participants"]]])
    await server.stop()
  }

  @Test("who is removed from the organization is in no private thread any more, also after coming back")
  func removedFromOrganization() async throws {
    let server = try await TestServer()
    let (ada, grace) = (try await server.login("ada"), try await server.login("grace"))
    let (thread, _) = try await Self.begin(by: ada, with: [grace])
    let token = server.serverToken(of: "acme")
    let acme = Person(
      server: server, id: "", token: token, identity: try await server.service.authenticate(token: token))
    _ = try await acme.run(#"mutation { removeUsers(input: {externalIds: ["grace"]}) { users { id } } }"#)
    _ = try await acme.run(
      #"mutation { upsertUsers(input: {users: [{externalId: "grace", name: "G"}]}) { users { id } } }"#)
    let back = try await server.login("grace")
    #expect(back.id == grace.id)
    #expect(try await back.run("{ thread(id: \"\(thread)\") { id } }") == ["thread": .null])
    await server.stop()
  }
}
