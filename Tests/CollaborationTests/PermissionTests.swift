import Collaboration
import GraphQL
import JSON
import Testing

/// What belongs to one organization is, to another's people, exactly as if it did not exist.
@Suite("Permissions") struct PermissionTests {
  struct Operation: Sendable {
    let text: String
    var variables: JSONObject = [:]
  }

  /// Every query and mutation but `createSession`, with ids that nobody has.
  static let nowhere: JSON = "00000000-0000-7000-8000-000000000000"
  static let text: JSON = [["text": "hi"]]
  static let queries = [
    Operation(text: "query($id: ID!) { user(id: $id) { name } }", variables: ["id": nowhere]),
    Operation(text: "query($id: ID!) { group(id: $id) { name } }", variables: ["id": nowhere]),
    Operation(text: "query($id: ID!) { page(id: $id) { url } }", variables: ["id": nowhere]),
    Operation(text: "query($id: ID!) { thread(id: $id) { title } }", variables: ["id": nowhere]),
    Operation(text: "query($id: ID!) { message(id: $id) { text } }", variables: ["id": nowhere]),
    Operation(text: "query($id: ID!) { attachment(id: $id) { name } }", variables: ["id": nowhere]),
    Operation(text: "query($id: ID!) { annotation(id: $id) { body } }", variables: ["id": nowhere]),
  ]
  static let mutations = [
    Operation(
      text:
        "mutation($id: ID!) { revokeSession(input: {sessionId: $id}) { session { id } userErrors { code message field } } }",
      variables: ["id": nowhere]),
    Operation(
      text:
        "mutation($id: ID!) { createThread(input: {pageId: $id}) { thread { id } userErrors { code message field } } }",
      variables: ["id": nowhere]),
    Operation(
      text: """
        mutation($id: ID!) {
          sendMessage(input: {threadId: $id, content: [{text: "x"}]}) { message { id } userErrors { code message field } }
        }
        """, variables: ["id": nowhere]),
    Operation(
      text: """
        mutation($id: ID!) {
          createAnnotation(input: {pageId: $id, selector: "p", x: 0, y: 1, body: "x"}) {
            annotation { id } userErrors { code message field }
          }
        }
        """, variables: ["id": nowhere]),
    Operation(
      text: """
        mutation($id: ID!) {
          markNotificationRead(input: {notificationId: $id}) { notification { id } userErrors { code message field } }
        }
        """, variables: ["id": nowhere]),
    Operation(
      text: """
        mutation($id: ID!) {
          editMessage(input: {messageId: $id, content: [{text: "x"}]}) { message { id } userErrors { code message field } }
        }
        """, variables: ["id": nowhere]),
    Operation(
      text:
        "mutation($id: ID!) { deleteMessage(input: {messageId: $id}) { message { id } userErrors { code message field } } }",
      variables: ["id": nowhere]),
    Operation(
      text: """
        mutation($id: ID!) {
          reportAnnotation(input: {annotationId: $id, state: ORPHANED}) { annotation { id } userErrors { code message field } }
        }
        """, variables: ["id": nowhere]),
    Operation(text: typing("typing"), variables: ["id": nowhere]),
    Operation(text: typing("stopTyping"), variables: ["id": nowhere]),
    Operation(text: onPeople("addParticipants"), variables: ["id": nowhere]),
    Operation(text: onPeople("removeParticipants"), variables: ["id": nowhere]),
    onMessage("addReaction"), onMessage("removeReaction"), onThread("subscribeToThread"),
    onThread("unsubscribeFromThread"), onThread("markThreadRead"), onThread("resolveThread"), onThread("reopenThread"),
    Operation(
      text: "mutation($id: ID!) { enterPage(input: {pageId: $id}) { page { id } userErrors { code message field } } }",
      variables: ["id": nowhere]),
    Operation(
      text: "mutation($id: ID!) { leavePage(input: {pageId: $id}) { page { id } userErrors { code message field } } }",
      variables: ["id": nowhere]),
  ]
  private static func typing(_ name: String) -> String {
    "mutation($id: ID!) { \(name)(input: {threadId: $id}) { expiresAt userErrors { code message field } } }"
  }
  private static func onPeople(_ name: String) -> String {
    """
    mutation($id: ID!) {
      \(name)(input: {threadId: $id, userIds: [$id]}) { thread { id } userErrors { code message field } }
    }
    """
  }
  private static func onThread(_ name: String) -> Operation {
    Operation(
      text:
        "mutation($id: ID!) { \(name)(input: {threadId: $id}) { thread { id } userErrors { code message field } } }",
      variables: ["id": nowhere])
  }
  private static func onMessage(_ name: String) -> Operation {
    Operation(
      text: """
        mutation($id: ID!) {
          \(name)(input: {messageId: $id, emoji: "+1"}) { message { id } userErrors { code message field } }
        }
        """, variables: ["id": nowhere])
  }
  static let subscriptions = [
    Operation(text: "subscription($id: ID!) { threadChanged(threadId: $id) { kind } }", variables: ["id": nowhere]),
    Operation(text: "subscription { notificationRetracted { id } }"),
    Operation(text: "subscription($id: ID!) { messageAdded(threadId: $id) { id } }", variables: ["id": nowhere]),
    Operation(text: "subscription($id: ID!) { annotationAdded(pageId: $id) { id } }", variables: ["id": nowhere]),
    Operation(text: "subscription($id: ID!) { presenceChanged(pageId: $id) { kind } }", variables: ["id": nowhere]),
    Operation(text: "subscription($id: ID!) { annotationChanged(pageId: $id) { id } }", variables: ["id": nowhere]),
    Operation(text: "subscription($id: ID!) { typingChanged(threadId: $id) { kind } }", variables: ["id": nowhere]),
    Operation(text: "subscription($id: ID!) { messagePreview(threadId: $id) { kind } }", variables: ["id": nowhere]),
    Operation(text: "subscription { notificationReceived { id } }"),
  ]
  static let everything =
    [
      Operation(text: "{ viewer { id } }"), Operation(text: "{ eventCursor }"),
      Operation(
        text: #"mutation { createAttachment(input: {name: "n", contentType: "text/plain"}) { attachment { id } } }"#),
      Operation(text: #"{ searchMessages(query: "a") { nodes { id } } }"#),
      Operation(text: #"{ pages(location: {a: 1}) { nodes { id } } }"#),
      Operation(text: #"mutation { upsertUsers(input: {users: []}) { users { id } } }"#),
      Operation(text: #"mutation { removeUsers(input: {externalIds: []}) { users { id } } }"#),
      Operation(text: #"mutation { upsertGroups(input: {groups: []}) { groups { id } } }"#),
      Operation(text: "mutation { refreshSession { userErrors { code } } }"),
      Operation(text: "mutation { markAllNotificationsRead { count } }"),
      Operation(
        text: """
          mutation { setNotificationPreference(input: {kind: REPLY, delivery: INBOX}) { userErrors { code } } }
          """),
      Operation(text: #"{ page(url: "https://a.example/") { id } }"#),
    ] + queries
    + mutations + [
      Operation(text: #"mutation { ensurePage(input: {url: "https://a.example/"}) { page { id } } }"#)
    ]

  @Test("every root field of the schema is in one of these lists")
  func complete() throws {
    let schema = try Schema.build(Collaboration.sources)
    let texts = (Self.everything + Self.subscriptions).map(\.text).joined(separator: "\n") + " createSession("
    for kind in [OperationKind.query, .mutation, .subscription] {
      for field in try #require(schema.rootType(kind)).fields where !field.name.hasPrefix("__") {
        #expect(
          texts.contains("\(field.name)(") || texts.contains("\(field.name) {") || texts.contains("{ \(field.name) }"),
          "\(field.name)")
      }
    }
  }

  @Test("a stranger's ids answer as ids that nobody has, in every query, mutation and subscription")
  func strangers() async throws { try await Self.checkStrangers(TestServer()) }

  static func checkStrangers(_ server: TestServer) async throws {
    let ada = try await server.login("ada")
    let grace = try await server.login("grace")
    let eve = try await server.login("eve", of: "globex").onSocket()
    let (thread, page) = try await ada.makeThread()
    let sent = try await ada.send([["text": "secret "], ["mention": .string(grace.id)]], to: thread)
    let annotation = try await ada.run(
      """
      mutation($page: ID!) {
        createAnnotation(input: {pageId: $page, selector: "p", x: 0.5, y: 0.5, body: "here"}) { annotation { id } }
      }
      """, ["page": .string(page)])
    let inbox = try await grace.run("{ viewer { notifications { nodes { id } } session { id } } }")
    let ids: [JSON] = [
      .string(ada.id), .string(page), .string(thread), try #require(sent["message"]?["id"]),
      try #require(annotation["createAnnotation"]?["annotation"]?["id"]),
      try #require(inbox["viewer"]?["notifications"]?["nodes"]?[0]?["id"]),
      try #require(inbox["viewer"]?["session"]?["id"]), "not an id",
    ]
    for operation in Self.queries + Self.mutations {
      let expected = try await eve.response(operation.text, operation.variables)
      for id in ids {
        let answer = try await eve.response(operation.text, ["id": id])
        #expect(answer == expected, "\(operation.text)")
      }
    }
    for operation in Self.queries {
      let data = try await eve.run(operation.text, operation.variables)
      #expect(data.object?.members.first?.value == .null, "\(operation.text)")
    }
    for operation in Self.mutations {
      let payload = try await eve.run(operation.text, operation.variables).object?.members.first?.value
      #expect(payload?["userErrors"]?[0]?["code"] == "NOT_FOUND", "\(operation.text)")
    }
    for operation in Self.subscriptions where !operation.variables.isEmpty {
      let expected = try await eve.subscribe(operation.text, operation.variables).refusal.value
      #expect(expected?["errors"]?[0]?["extensions"]?["code"] == "NOT_FOUND")
      for id in ids {
        #expect(try await eve.subscribe(operation.text, ["id": id]).refusal.value == expected, "\(operation.text)")
      }
    }
    await server.stop()
  }

  @Test("one URL is a page of its own in each organization")
  func urls() async throws {
    let server = try await TestServer()
    let ada = try await server.login("ada")
    let eve = try await server.login("eve", of: "globex").onSocket()
    let (_, page) = try await ada.makeThread(url: "https://shared.example/")
    let query = #"{ page(url: "https://shared.example/") { id threads { nodes { id } } presence { region } } }"#
    #expect(try await eve.run(query) == ["page": .null])
    _ = try await eve.run(#"mutation { enterPage(input: {url: "https://shared.example/"}) { page { id } } }"#)
    let theirs = try await eve.run(query)
    #expect(theirs["page"]?["threads"] == ["nodes": []])
    #expect(theirs["page"]?["id"] != .string(page))
    #expect(try await ada.run(query)["page"]?["presence"] == [])
    await server.stop()
  }

  @Test("nobody sees another's notifications or sessions, in their own organization either")
  func own() async throws {
    let server = try await TestServer()
    let (ada, grace) = (try await server.login("ada"), try await server.login("grace"))
    let (thread, _) = try await ada.makeThread()
    _ = try await ada.send([["mention": .string(grace.id)]], to: thread)
    let hers = try await grace.run("{ viewer { notifications { nodes { id } } session { id } } }")
    let notification = try #require(hers["viewer"]?["notifications"]?["nodes"]?[0]?["id"])
    let session = try #require(hers["viewer"]?["session"]?["id"])
    for (operation, id) in [(Self.mutations[4], notification), (Self.mutations[0], session)] {
      let payload = try await ada.run(operation.text, ["id": id]).object?.members.first?.value
      #expect(payload?["userErrors"]?[0]?["code"] == "NOT_FOUND")
    }
    #expect(
      try await ada.run("{ viewer { notifications { nodes { id } } } }")["viewer"]?["notifications"] == ["nodes": []])
    await server.stop()
  }
}
