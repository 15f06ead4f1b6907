import Collaboration
import GraphQL
import JSON
import Testing

/// Every role by every field, mutation and subscription of the schema. The cells are made from the schema: a new field is
/// tested without being named here, a new type or a new argument that must be given fails until somebody says how to
/// reach it.
@Suite("Permission matrix") struct PermissionMatrixTests {
  enum Role: String, CaseIterable {
    case author, owner, colleague, guest, outsider, otherApplication, server, otherServer, anonymous, revoked, expired

    var isLoggedIn: Bool { isInside || isForeign }
    var isInside: Bool { self == .author || self == .owner || self == .colleague || self == .guest }
    var isServer: Bool { self == .server || self == .otherServer }
    var isForeign: Bool { self == .outsider || self == .otherApplication }
  }

  /// In everything that the author's organization has, so that a leak shows wherever it is.
  static let marker = "zq9secret"

  /// Somebody's things, the people who try to reach them, and what has been tried.
  final class Matrix {
    let server: TestServer
    let schema: Schema
    var people: [Role: Person] = [:]
    var ids: [String: String] = [:]
    /// `Type.field as role`
    var cells: Set<String> = []

    init(_ server: TestServer) async throws {
      self.server = server
      schema = try Schema.build(Collaboration.sources)
      people[.expired] = try await server.login("ada")
      server.clock.advance(by: .seconds(25 * 60 * 60))
      let ada = try await server.login("ada").onSocket()
      people[.author] = ada
      people[.colleague] = try await server.login("grace").onSocket()
      people[.owner] = try await server.login("olga", role: "OWNER").onSocket()
      people[.guest] = try await server.login("gast", role: "GUEST").onSocket()
      people[.outsider] = try await server.login("eve", of: "globex").onSocket()
      people[.otherApplication] = try await server.login("mallory", of: "initech").onSocket()
      people[.anonymous] = Person(
        server: server, id: "", token: nil, identity: try await server.service.authenticate(token: nil)
      ).onSocket()
      for (role, organization) in [(Role.server, "acme"), (.otherServer, "globex")] {
        let token = server.serverToken(of: organization)
        people[role] = Person(
          server: server, id: "", token: token, identity: try await server.service.authenticate(token: token))
      }
      people[.revoked] = try await server.login("ada")
      _ = try await people[.revoked]?.run("mutation { revokeSession { userErrors { code } } }")
      try await furnish(ada)
    }

    private func furnish(_ ada: Person) async throws {
      let grace = try #require(people[.colleague])
      func keep(_ name: String, _ id: JSON?) throws { ids[name] = try #require(id?.string) }
      ids["ada"] = ada.id
      ids["grace"] = grace.id
      let marker = PermissionMatrixTests.marker
      let page = try await ada.run(
        """
        mutation { ensurePage(input: {url: "https://\(marker).example/", title: "\(marker)", location: {at: "\(marker)"}}) {
          page { id } } }
        """)
      let group = try await #require(people[.server]).run(
        #"mutation { upsertGroups(input: {groups: [{externalId: "g", name: "\#(marker)", members: ["ada"]}]}) { groups { id } } }"#
      )
      try keep("group", group["upsertGroups"]?["groups"]?[0]?["id"])
      try keep("page", page["ensurePage"]?["page"]?["id"])
      let place = #"pageId: "\#(ids["page"] ?? "")""#
      let made = try await ada.run(
        """
        mutation {
          createThread(input: {\(place), title: "\(marker)", content: [{text: "before \(marker)"}]}) {
            thread { id } message { id } }
          createAnnotation(input: {\(place), selector: "\(marker)", x: 0, y: 0, quotedText: "\(marker)", body: "\(marker)"}) {
            annotation { id } }
        }
        """)
      try keep("thread", made["createThread"]?["thread"]?["id"])
      try keep("message", made["createThread"]?["message"]?["id"])
      try keep("annotation", made["createAnnotation"]?["annotation"]?["id"])
      let friend = try await server.login("frida")
      ids["friend"] = friend.id
      let secret = try await ada.run(
        """
        mutation { createThread(input: {\(place), title: "\(marker)", isPrivate: true, participants: ["\(grace.id)"]}) {
          thread { id } } }
        """)
      try keep("private", secret["createThread"]?["thread"]?["id"])
      let victim = try await ada.send([["text": .string(marker)]], to: ids["thread"] ?? "")
      try keep("victim", victim["message"]?["id"])
      let all = """
        [{text: "\(marker) "}, {mention: "\(grace.id)"}, {link: {url: "https://\(marker).example/"}}, {code: {code: "\(marker)"}}]
        """
      _ = try await ada.run(
        #"mutation { editMessage(input: {messageId: "\#(ids["message"] ?? "")", content: \#(all)}) { message { id } } }"#
      )
      _ = try await grace.run(
        #"mutation { addReaction(input: {messageId: "\#(ids["message"] ?? "")", emoji: "\#(marker)"}) { message { id } } }"#
      )
      _ = try await ada.run(
        #"mutation { enterPage(input: {\#(place), region: "\#(marker)"}) { page { id } } }"#)
      let file = try await ada.run(
        """
        mutation { createAttachment(input: {name: "\(marker)", contentType: "text/plain", data: "eA=="}) {
          attachment { id } } }
        """)
      try keep("attachment", file["createAttachment"]?["attachment"]?["id"])
      _ = try await ada.run(
        """
        mutation { sendMessage(input: {threadId: \(id("thread")), content: [{text: "\(marker)"}],
          attachmentIds: [\(id("attachment"))]}) { message { id } } }
        """)
      // Also lets what is told to other servers be told before anything is measured.
      _ = try await ada.run("{ page(id: \(id("page"))) { visitors { isPresent } } }")
      let viewer = try await ada.run("{ viewer { session { id } notifications { nodes { id } } organization { id } } }")
      try keep("notification", viewer["viewer"]?["notifications"]?["nodes"]?[0]?["id"])
      try keep("session", viewer["viewer"]?["session"]?["id"])
      try keep("organization", viewer["viewer"]?["organization"]?["id"])
      let spare = try await server.login("ada").run("{ viewer { session { id } } }")
      try keep("spare", spare["viewer"]?["session"]?["id"])
    }

    func id(_ name: String) -> String { "\"\(ids[name] ?? "")\"" }

    /// How to reach an object of a type: what comes before and after the field.
    func path(to type: String) -> String? {
      let (thread, page) = ("thread(id: \(id("thread")))", "page(id: \(id("page")))")
      let message = "message(id: \(id("message")))"
      let pages = "pages(location: {at: \"\(PermissionMatrixTests.marker)\"})"
      return switch type {
      case "Viewer": "{ viewer { # } }"
      case "Session": "{ viewer { session { # } } }"
      case "Organization": "{ viewer { organization { # } } }"
      case "UserConnection": "{ viewer { organization { users { # } } } }"
      case "UserEdge": "{ viewer { organization { users { edges { # } } } } }"
      case "NotificationConnection": "{ viewer { notifications { # } } }"
      case "NotificationEdge": "{ viewer { notifications { edges { # } } } }"
      case "NotificationPreference": "{ viewer { notificationPreferences { # } } }"
      case "Notification": "{ viewer { notifications { nodes { # } } } }"
      case "Group": "{ group(id: \(id("group"))) { # } }"
      case "GroupConnection": "{ viewer { organization { groups { # } } } }"
      case "GroupEdge": "{ viewer { organization { groups { edges { # } } } } }"
      case "User": "{ user(id: \(id("ada"))) { # } }"
      case "Page": "{ \(page) { # } }"
      case "PageConnection": "{ \(pages) { # } }"
      case "PageEdge": "{ \(pages) { edges { # } } }"
      case "ThreadConnection": "{ \(page) { threads { # } } }"
      case "ThreadEdge": "{ \(page) { threads { edges { # } } } }"
      case "Presence": "{ \(page) { presence { # } } }"
      case "Visitor": "{ \(page) { visitors { # } } }"
      case "AnnotationConnection": "{ \(page) { annotations { # } } }"
      case "AnnotationEdge": "{ \(page) { annotations { edges { # } } } }"
      case "Attachment": "{ attachment(id: \(id("attachment"))) { # } }"
      case "Reanchoring": "{ annotation(id: \(id("annotation"))) { reanchored { # } } }"
      case "Annotation": "{ annotation(id: \(id("annotation"))) { # } }"
      case "Thread": "{ \(thread) { # } }"
      case "ParticipantConnection": "{ \(thread) { participants { # } } }"
      case "ParticipantEdge": "{ \(thread) { participants { edges { # } } } }"
      case "Participant": "{ \(thread) { participants { nodes { # } } } }"
      case "MessageConnection": "{ \(thread) { messages { # } } }"
      case "MessageEdge": "{ \(thread) { messages { edges { # } } } }"
      case "PageInfo": "{ \(thread) { messages { pageInfo { # } } } }"
      case "Message": "{ \(message) { # } }"
      case "MessageEdit": "{ \(message) { history { # } } }"
      case "ReactionGroup": "{ \(message) { reactions { # } } }"
      case "TextNode", "MentionNode", "LinkNode", "CodeNode": "{ \(message) { content { ... on \(type) { # } } } }"
      default: nil
      }
    }

    /// The arguments of a root field.
    func arguments(of field: String) -> String? {
      let (thread, page) = ("threadId: \(id("thread"))", "pageId: \(id("page"))")
      let (message, content) = ("messageId: \(id("message"))", #"content: [{text: "x"}]"#)
      return switch field {
      case "viewer", "eventCursor", "notificationReceived", "notificationRetracted", "refreshSession",
        "markAllNotificationsRead":
        ""
      case "setNotificationPreference": "(input: {kind: REACTION, delivery: INBOX})"
      case "user": "(id: \(id("ada")))"
      case "page", "thread", "message", "annotation", "attachment", "group": "(id: \(id(field)))"
      case "pages": "(location: {at: \"\(PermissionMatrixTests.marker)\"})"
      case "searchMessages": "(query: \"\(PermissionMatrixTests.marker)\")"
      case "upsertUsers": #"(input: {users: [{externalId: "new", name: "New"}]})"#
      case "removeUsers": #"(input: {externalIds: ["new"]})"#
      case "upsertGroups": #"(input: {groups: [{externalId: "new", name: "New", members: []}]})"#
      case "createSession": #"(input: {clientToken: "x"})"#
      case "revokeSession": "(input: {sessionId: \(id("spare"))})"
      case "createAttachment": #"(input: {name: "n", contentType: "text/plain", data: "eA=="})"#
      case "ensurePage": #"(input: {url: "https://new.example/"})"#
      case "createThread", "enterPage", "leavePage": "(input: {\(page)})"
      case "createAnnotation": #"(input: {\#(page), selector: "p", x: 0, y: 0, body: "b"})"#
      case "sendMessage": "(input: {\(thread), \(content)})"
      case "editMessage": "(input: {\(message), \(content)})"
      case "deleteMessage": "(input: {messageId: \(id("victim"))})"
      case "addReaction", "removeReaction": #"(input: {\#(message), emoji: "+"})"#
      case "typing", "stopTyping", "subscribeToThread", "unsubscribeFromThread", "markThreadRead", "resolveThread",
        "reopenThread":
        "(input: {\(thread)})"
      case "addParticipants", "removeParticipants":
        "(input: {threadId: \(id("private")), userIds: [\(id("friend"))]})"
      case "markNotificationRead": "(input: {notificationId: \(id("notification"))})"
      case "messageAdded", "threadChanged", "typingChanged", "messagePreview": "(\(thread))"
      case "reportAnnotation": "(input: {annotationId: \(id("annotation")), state: ORPHANED})"
      case "annotationAdded", "annotationChanged", "presenceChanged": "(\(page))"
      default: nil
      }
    }

    /// A field and, where it needs one, the least selection under it.
    func selection(_ field: FieldDefinition) -> String {
      schema.type(of: field.type)?.isLeaf == true ? field.name : "\(field.name) { __typename }"
    }

    /// Counts a cell, and looks for what must not be in an answer to somebody.
    func check(_ response: JSON, _ coordinates: [String], _ role: Role) {
      cells.formUnion(coordinates.map { "\($0) as \(role)" })
      guard !role.isInside, role != .server else { return }
      let text = response.text
      let leaked = ids.values.contains { text.contains($0) } || text.contains(PermissionMatrixTests.marker)
      #expect(!leaked, "\(coordinates[0]) as \(role): \(text)")
    }
  }

  static func codes(_ response: JSON) -> [String] {
    (response["errors"]?.array ?? []).map { $0["extensions"]?["code"]?.string ?? "" }
  }

  @Test("each role sees, by each field, exactly what its rule says")
  func matrix() async throws {
    let server = try await TestServer()
    let matrix = try await Matrix(server)
    try await checkFields(matrix)
    try await checkMutations(matrix)
    try await checkSubscriptions(matrix)
    let all = FieldRules.coordinates(of: matrix.schema).flatMap { field in
      Role.allCases.map { "\(field) as \($0)" }
    }
    #expect(Set(all).subtracting(matrix.cells).isEmpty)
    print("permission matrix: \(all.count) cells, \(Role.allCases.count) roles")
    await server.stop()
  }

  private func checkFields(_ matrix: Matrix) async throws {
    for type in matrix.schema.types where !type.isIntrospection && !type.isAbstract {
      if type.name == "Query" {
        for field in type.fields where !field.name.hasPrefix("__") {
          let arguments = try #require(matrix.arguments(of: field.name), "how is \(field.name) asked?")
          let query = "{ \(matrix.selection(field)) }".replacingFirst(field.name, field.name + arguments)
          try await checkField(matrix, "Query.\(field.name)", query)
        }
      } else if let path = matrix.path(to: type.name) {
        for field in type.fields where !field.name.hasPrefix("__") {
          try await checkField(
            matrix, "\(type.name).\(field.name)", path.replacingFirst("#", matrix.selection(field)))
        }
      }
    }
  }

  private func checkField(_ matrix: Matrix, _ coordinate: String, _ query: String) async throws {
    for role in Role.allCases {
      let person = try #require(matrix.people[role])
      let response = try await person.response(query)
      matrix.check(response, [coordinate], role)
      if !role.isLoggedIn {
        #expect(Self.codes(response) == ["UNAUTHENTICATED"], "\(coordinate) as \(role)")
        continue
      }
      if role == .guest, isForMembers(query) {
        #expect(Self.codes(response) == ["FORBIDDEN"], "\(coordinate) as \(role): \(response)")
        continue
      }
      #expect(response["errors"] == nil, "\(coordinate) as \(role): \(response)")
      let value = response["data"]?.object?.members.first?.value
      let isOfRow =
        !query.hasPrefix("{ viewer") && !query.hasPrefix("{ pages") && !query.hasPrefix("{ searchMessages")
        && !query.hasPrefix("{ eventCursor")
      #expect((value == .null) == (isOfRow && role.isForeign), "\(coordinate) as \(role): \(response)")
    }
  }

  /// Whether a query goes through a field that is not for guests.
  private func isForMembers(_ query: String) -> Bool {
    let fields = ["{ organization { users", "{ organization { groups", "{ group(", "{ pages(", "{ searchMessages("]
    return fields.contains { query.contains($0) }
  }

  private func checkMutations(_ matrix: Matrix) async throws {
    for mutation in try #require(matrix.schema.mutationType).fields {
      let coordinate = "Mutation.\(mutation.name)"
      let rule = try #require(FieldRules.all[coordinate])
      let arguments = try #require(matrix.arguments(of: mutation.name), "how is \(mutation.name) asked?")
      let payload = try #require(matrix.schema.type(of: mutation.type))
      for field in payload.fields where !field.name.hasPrefix("__") {
        let selection = "\(matrix.selection(field)) userErrors { code message field }"
        for role in Role.allCases {
          let response = try await #require(matrix.people[role]).response(
            "mutation { \(mutation.name)\(arguments) { \(selection) } }")
          let shown = ["\(payload.name).\(field.name)", "UserError.code", "UserError.message", "UserError.field"]
          matrix.check(response, [coordinate] + shown, role)
          guard rule == .open || (rule == .server ? role.isServer : role.isLoggedIn) else {
            let expected = rule == .server && role.isLoggedIn ? "FORBIDDEN" : "UNAUTHENTICATED"
            #expect(Self.codes(response) == [expected], "\(coordinate) as \(role)")
            continue
          }
          let errors = response["data"]?[mutation.name]?["userErrors"]?.array?.compactMap { $0["code"] }
          let expected: [JSON] =
            switch (rule, role) {
            case (.open, _): ["TOKEN_MALFORMED"]
            case (.member, .guest): ["FORBIDDEN"]
            case (.session, _), (.server, _), (_, .author),
              (.row, _) where role.isInside || rule != .row:
              []
            case (.member, _) where role.isInside || mutation.name == "ensurePage": []
            case (.participant, .colleague): []
            case (.author, .owner) where mutation.name == "deleteMessage": []
            case (.author, _) where role.isInside: ["FORBIDDEN"]
            default: ["NOT_FOUND"]
            }
          #expect(errors == expected, "\(coordinate) as \(role): \(response)")
        }
      }
    }
  }

  private func checkSubscriptions(_ matrix: Matrix) async throws {
    var inboxes: [(name: String, rule: FieldRule?, role: Role, inbox: Inbox)] = []
    for subscription in try #require(matrix.schema.subscriptionType).fields {
      let coordinate = "Subscription.\(subscription.name)"
      let arguments = try #require(matrix.arguments(of: subscription.name), "how is \(subscription.name) asked?")
      let type = try #require(matrix.schema.type(of: subscription.type))
      let fields = type.fields.filter { !$0.name.hasPrefix("__") }
      let selection = fields.map { matrix.selection($0) }.joined(separator: " ")
      let shown = fields.map { "\(type.name).\($0.name)" }
      for role in Role.allCases {
        let inbox = try await #require(matrix.people[role]).subscribe(
          "subscription { \(subscription.name)\(arguments) { \(selection) } }")
        matrix.check(inbox.refusal.value ?? .null, [coordinate] + shown, role)
        let rule = FieldRules.all[coordinate]
        let expected = !role.isLoggedIn ? "UNAUTHENTICATED" : rule == .row && role.isForeign ? "NOT_FOUND" : nil
        #expect(inbox.refusalCode == expected, "\(coordinate) as \(role)")
        inboxes.append((subscription.name, rule, role, inbox))
      }
    }
    let ada = try #require(matrix.people[.author])
    let thread = matrix.ids["thread"] ?? ""
    let sent = try await ada.send([["mention": .string(matrix.ids["grace"] ?? "")]], to: thread)
    _ = try await ada.run(
      #"mutation { sendMessage(input: {threadId: "\#(thread)", content: [{text: "x"}], preview: BEFORE}) { message { id } } }"#
    )
    _ = try await ada.run(
      #"mutation { deleteMessage(input: {messageId: "\#(sent["message"]?["id"]?.string ?? "")"}) { message { id } } }"#)
    _ = try await ada.run(
      "mutation { createAnnotation\(matrix.arguments(of: "createAnnotation") ?? "") { annotation { id } } }")
    _ = try await ada.run(
      #"mutation { reportAnnotation(input: {annotationId: \#(matrix.id("annotation")), state: ANCHORED}) { annotation { id } } }"#
    )
    await matrix.server.service.fence()
    for (name, rule, role, inbox) in inboxes {
      for response in inbox.responses {
        matrix.check(response, ["Subscription.\(name)"], role)
        #expect(response["errors"] == nil, "\(name) as \(role): \(response)")
      }
      let isConcerned = rule == .row ? role.isInside : role == .colleague
      #expect(inbox.payloads.isEmpty != isConcerned, "\(name) as \(role)")
    }
  }

  @Test("a schema with a field that has no rule, and a rule that has no field, are named")
  func missingRule() throws {
    let sources = Collaboration.sources.map { source in
      guard source.name == "accounts.graphqls" else { return source }
      return Source(name: source.name, text: source.text.replacingFirst("externalId: String!", "nickname: String"))
    }
    let schema = try Schema.build(sources)
    #expect {
      try FieldRules.check(schema)
    } throws: { error in
      let mismatch = error as? RuleMismatch
      return mismatch?.fieldsWithoutRule == ["User.nickname"] && mismatch?.rulesWithoutField == ["User.externalId"]
    }
  }
}

extension String {
  /// With the first occurrence of a text replaced.
  func replacingFirst(_ old: String, _ new: String) -> String {
    guard let index = indices.first(where: { self[$0...].hasPrefix(old) }) else { return self }
    return String(self[..<index]) + new + self[index...].dropFirst(old.count)
  }
}
