internal import Database
internal import JSON
internal import World

/// What happens to a message after it was sent.
enum MessageChangeService {
  static let emojiLimit = 32
  /// Most reactions of one message.
  static let reactionLimit = 200

  private static let field = ["input", "messageId"]

  static func edit(_ input: JSON, _ context: RequestContext) async throws -> MessageRecord {
    var reader = InputReader(input)
    let id = reader.id("messageId")
    let content = Content(reader["content"], into: &reader)
    let expected = reader["expectedVersion"]?.int
    let key = reader.optionalText("idempotencyKey", limit: IdempotencyRecord.keyLimit)
    try reader.finish()
    guard let content else { throw Refusal(.invalid, "'content' is missing.", field: ["input", "content"]) }
    return try await context.mutate("edit message") { unit in
      var message = try locked(id, unit)
      if try unit.claim(key, for: "editMessage", input: input, result: message.id) != nil { return message }
      if let expected, expected != message.version {
        throw Refusal(
          .conflict, "The message is at version \(message.version).", field: ["input", "expectedVersion"])
      }
      guard content != message.content else { return message }
      let people = try ConversationService.checkMentions(
        content, thread: message.thread, isPrivate: message.isPrivate, unit)
      try unit.transaction.insert(MessageEditRecord(of: message, replacedAt: unit.now))
      let before = message.content.mentionedUsers
      let after = content.mentionedUsers
      message.content = content
      message.version += 1
      message.editedAt = unit.now
      try unit.transaction.update(message)
      unit.publish(.messageEdited, on: .messages(inThread: message.thread), subject: message.id)
      try unit.transaction.upsert(MessageTextRecord(of: message, people: people))
      let added = after.filter { !before.contains($0) }
      let removed = before.filter { !after.contains($0) }
      if !removed.isEmpty {
        try unit.transaction.delete(
          MentionRecord.self, where: MentionRecord.message == message.id && MentionRecord.user.isIn(removed))
        try NotificationService.mentionsRemoved(removed, from: message, &unit)
      }
      if !added.isEmpty {
        try unit.transaction.insert(
          added.map { MentionRecord(message: message.id, user: $0, organization: message.organization) })
        try NotificationService.mentionsAdded(added, to: message, &unit)
      }
      return message
    }
  }

  static func delete(_ input: JSON, _ context: RequestContext) async throws -> MessageRecord {
    let id = InputReader(input).id("messageId")
    return try await context.mutate("delete message") { unit in
      var message = try locked(id, unit, forDeletion: true)
      guard message.deletedAt == nil else { return message }
      message.deletedAt = unit.now
      try unit.transaction.update(message)
      unit.publish(.messageDeleted, on: .messages(inThread: message.thread), subject: message.id)
      try unit.transaction.delete(MessageTextRecord.self, where: MessageTextRecord.message == message.id)
      try unit.transaction.delete(MentionRecord.self, where: MentionRecord.message == message.id)
      _ = try AttachmentService.delete(AttachmentRecord.message == message.id, now: unit.now, unit.transaction)
      try NotificationService.retract(NotificationRecord.message == message.id, &unit)
      return message
    }
  }

  static func react(_ input: JSON, _ context: RequestContext) async throws -> MessageRecord {
    let (id, emoji) = try reaction(input)
    return try await context.mutate("add reaction") { unit in
      let message = try readable(id, unit)
      let reaction = ReactionRecord(message: message, user: unit.viewer.user, emoji: emoji, createdAt: unit.now)
      guard try unit.transaction.insertIfAbsent(reaction) else { return message }
      let count = try unit.transaction.count(ReactionRecord.where(ReactionRecord.message == message.id))
      guard count <= reactionLimit else {
        throw Refusal(.tooLarge, "A message may have at most \(reactionLimit) reactions.", field: field)
      }
      unit.publish(.reactionsChanged, on: .messages(inThread: message.thread), subject: message.id)
      if message.author != unit.viewer.user { try NotificationService.reactionAdded(to: message, &unit) }
      return message
    }
  }

  static func unreact(_ input: JSON, _ context: RequestContext) async throws -> MessageRecord {
    let (id, emoji) = try reaction(input)
    return try await context.mutate("remove reaction") { unit in
      let message = try readable(id, unit)
      let isOwn = ReactionRecord.message == message.id && ReactionRecord.user == unit.viewer.user
      guard
        try unit.transaction.delete(ReactionRecord.self, where: isOwn && ReactionRecord.emoji == emoji) > 0
      else { return message }
      unit.publish(.reactionsChanged, on: .messages(inThread: message.thread), subject: message.id)
      let others = ReactionRecord.message == message.id && ReactionRecord.user != message.author
      if try unit.transaction.first(ReactionRecord.where(others)) == nil {
        let isOfReaction = NotificationRecord.message == message.id && NotificationRecord.kind == .reaction
        try NotificationService.retract(isOfReaction, &unit)
      }
      return message
    }
  }

  private static func reaction(_ input: JSON) throws -> (ID?, String) {
    var reader = InputReader(input)
    let emoji = reader.text("emoji", limit: emojiLimit)
    try reader.finish()
    return (reader.id("messageId"), emoji)
  }

  private static func readable(_ id: ID?, _ unit: WorkUnit) throws -> MessageRecord {
    guard let message = try unit.find(MessageRecord.self, id) else { throw Refusal.notFound("message", field: field) }
    guard message.deletedAt == nil else { throw deleted }
    return message
  }

  /// The message, for its author, or for an owner who deletes it, locked until the commit: changes of one message come one after the other.
  private static func locked(_ id: ID?, _ unit: WorkUnit, forDeletion: Bool = false) throws -> MessageRecord {
    guard let id, let message = try unit.first(MessageRecord.where(MessageRecord.id == id).forUpdate) else {
      throw Refusal.notFound("message", field: field)
    }
    guard message.author == unit.viewer.user || forDeletion && unit.viewer.role == .owner else {
      throw Refusal(.forbidden, "Only its author may change a message.", field: field)
    }
    guard forDeletion || message.deletedAt == nil else { throw deleted }
    return message
  }

  private static let deleted = Refusal(.deleted, "The message was deleted.", field: field)
}
