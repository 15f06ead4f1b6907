package import GraphQL

/// Who gets a value from a field.
package enum FieldRule: Hashable, Sendable {
  /// Everybody, without a session.
  case open
  /// Whoever has a session.
  case session
  /// Whoever may know of the row that the arguments name (``Guarded``); to others there is none.
  case row
  /// The same, but no guests.
  case member
  /// Of a row that others may know of too, its author; to delete it also an owner.
  case author
  /// The viewer, of what is theirs alone.
  case own
  /// The organization's own server.
  case server
  /// Of a private thread, whoever is in it and no guest; to others there is none.
  case participant
  /// Whoever was given the object.
  case parent
  /// Whoever was given the object; each gets a value of their own, so that bytes with it are not shared.
  case personal
}

/// The fields of the schema that nobody has said a rule for, and rules for fields that are not there. The product does
/// not start with them.
package struct RuleMismatch: Error, Hashable, Sendable, CustomStringConvertible {
  package let fieldsWithoutRule: [String]
  package let rulesWithoutField: [String]

  package var description: String {
    var lines = fieldsWithoutRule.map { "field '\($0)' has no permission rule: add one to FieldRules" }
    lines += rulesWithoutField.map { "there is a permission rule for '\($0)', but no such field" }
    return lines.joined(separator: "\n")
  }
}

/// The rule of every field of every object type: what the permission matrix is tested against.
package enum FieldRules {
  private static let table: [String: [FieldRule: String]] = [
    "Annotation": [
      .parent: "id page thread author createdAt selector x y quotedText body state stateChangedAt elementIds width "
        + "height textBefore textAfter reanchored screenshot"
    ],
    "Attachment": [.parent: "id name contentType size digest createdAt uploadedBy path data"],
    "AnnotationConnection": [.parent: "edges nodes pageInfo"],
    "AnnotationEdge": [.parent: "cursor node"],
    "ChangeMessagePayload": [.parent: "message userErrors"],
    "ChangeThreadPayload": [.parent: "thread userErrors"],
    "CodeNode": [.parent: "text code language"],
    "CreateAnnotationPayload": [.parent: "annotation userErrors"],
    "CreateAttachmentPayload": [.parent: "attachment userErrors"],
    "CreateSessionPayload": [.parent: "token expiresAt viewer session userErrors"],
    "CreateThreadPayload": [.parent: "thread message userErrors"],
    "EnsurePagePayload": [.parent: "page userErrors"],
    "EnterPagePayload": [.parent: "page userErrors"],
    "LeavePagePayload": [.parent: "page userErrors"],
    "LinkNode": [.parent: "text url"],
    "MarkAllNotificationsReadPayload": [.parent: "count userErrors"],
    "MarkNotificationReadPayload": [.parent: "notification userErrors"],
    "MentionNode": [.parent: "text user"],
    "Message": [
      .parent: "id thread sequence author createdAt content text mentions version editedAt deletedAt "
        + "history reactions attachments"
    ],
    "MessagePreview": [.parent: "kind threadId messageId author text expiresAt"],
    "MessageConnection": [.parent: "edges nodes pageInfo"],
    "MessageEdge": [.parent: "cursor node"],
    "MessageEdit": [.parent: "version content text replacedAt"],
    "Mutation": [
      .open: "createSession",
      .member: "ensurePage createThread createAnnotation",
      .session: "refreshSession setNotificationPreference markAllNotificationsRead createAttachment",
      .server: "upsertUsers removeUsers upsertGroups",
      .own: "revokeSession markNotificationRead",
      .author: "editMessage deleteMessage",
      .participant: "addParticipants removeParticipants",
      .row: "typing stopTyping reportAnnotation sendMessage addReaction removeReaction subscribeToThread "
        + "unsubscribeFromThread markThreadRead resolveThread reopenThread enterPage leavePage",
    ],
    "Notification": [.own: "id kind actor thread message createdAt readAt retractedAt"],
    "NotificationConnection": [.own: "edges nodes pageInfo"],
    "NotificationPreference": [.own: "kind delivery"],
    "NotificationEdge": [.own: "cursor node"],
    "Group": [.parent: "id externalId name members"],
    "GroupConnection": [.parent: "edges nodes pageInfo"],
    "GroupEdge": [.parent: "cursor node"],
    "ManageGroupsPayload": [.parent: "groups userErrors"],
    "ManageUsersPayload": [.parent: "users userErrors"],
    "Organization": [.parent: "id name slug", .member: "users groups"],
    "Page": [
      .parent: "id url title createdAt location presence visitors",
      // Without the private ones that the viewer is not in.
      .personal: "annotations threads",
    ],
    "PageConnection": [.parent: "edges nodes pageInfo"],
    "PageEdge": [.parent: "cursor node"],
    "PageInfo": [.open: "hasNextPage hasPreviousPage startCursor endCursor"],
    "Participant": [.parent: "user isSubscribed lastRead joinedAt"],
    "ParticipantConnection": [.parent: "edges nodes pageInfo"],
    "ParticipantEdge": [.parent: "cursor node"],
    "Presence": [.parent: "user region since"],
    "PresenceEvent": [.parent: "kind pageId user region present"],
    "Query": [
      .session: "viewer eventCursor",
      .row: "user annotation attachment page thread message",
      .member: "group pages searchMessages",
    ],
    "ReactionGroup": [.parent: "emoji count users"],
    "Reanchoring": [.parent: "state selector"],
    "ReportAnnotationPayload": [.parent: "annotation userErrors"],
    "RefreshSessionPayload": [.parent: "token session userErrors"],
    "RevokeSessionPayload": [.parent: "session userErrors"],
    "SetNotificationPreferencePayload": [.parent: "preference userErrors"],
    "SendMessagePayload": [.parent: "message userErrors"],
    "Session": [
      .own: "id createdAt expiresAt revokedAt",
      .personal: "isCurrent",
    ],
    "Subscription": [
      .own: "notificationReceived notificationRetracted",
      .row: "annotationAdded annotationChanged typingChanged messagePreview messageAdded threadChanged presenceChanged",
    ],
    "TextNode": [.parent: "text"],
    "Thread": [
      .parent: "id page title createdBy createdAt messageCount messages participants resolvedAt resolvedBy isPrivate",
      .personal: "isSubscribed lastRead unreadCount",
    ],
    "ThreadConnection": [.parent: "edges nodes pageInfo"],
    "ThreadEdge": [.parent: "cursor node"],
    "ThreadEvent": [.parent: "kind thread message participant"],
    "User": [.parent: "id externalId name email removedAt role"],
    "UserConnection": [.parent: "edges nodes pageInfo"],
    "UserEdge": [.parent: "cursor node"],
    "TypingEvent": [.parent: "kind threadId user typing"],
    "TypingPayload": [.parent: "expiresAt userErrors"],
    "UserError": [.open: "code message field"],
    "Visitor": [.parent: "user lastSeenAt isPresent"],
    "Viewer": [
      .own: "id externalId name email user organization session sessions notifications notificationPreferences "
        + "unreadNotificationCount unreadMessageCount"
    ],
  ]

  /// By `Type.field`.
  package static let all: [String: FieldRule] = {
    var rules: [String: FieldRule] = [:]
    for (type, fields) in table {
      for (rule, names) in fields {
        for name in names.split(separator: " ") { rules["\(type).\(name)"] = rule }
      }
    }
    return rules
  }()

  /// Fields whose values depend on who asks beyond whether they may ask.
  static let personal = Set(all.filter { $0.value == .personal }.keys)

  /// - Throws: ``RuleMismatch`` unless every field of every object type has a rule, and every rule a field.
  package static func check(_ schema: Schema) throws(RuleMismatch) {
    let fields = coordinates(of: schema)
    let missing = fields.filter { all[$0] == nil }
    let known = Set(fields)
    let stale = all.keys.filter { !known.contains($0) }.sorted()
    guard missing.isEmpty, stale.isEmpty else {
      throw RuleMismatch(fieldsWithoutRule: missing, rulesWithoutField: stale)
    }
  }

  /// Every field of every object type, in the schema's order.
  package static func coordinates(of schema: Schema) -> [String] {
    schema.types.filter { !$0.isIntrospection && !$0.isAbstract }.flatMap { type in
      type.fields.filter { !$0.name.hasPrefix("__") }.map { "\(type.name).\($0.name)" }
    }
  }
}
