internal import Database
internal import World

/// What a message said before an edit.
struct MessageEditRecord: Record, Hashable {
  static let message = Column<MessageEditRecord, ID>("message_id", .key) { $0.message }
  static let version = Column<MessageEditRecord, Int64>("version", .key) { $0.version }
  static let organization = Column<MessageEditRecord, ID>("organization_id") { $0.organization }
  static let content = Column<MessageEditRecord, String>("content") { $0.content.stored }
  static let replacedAt = Column<MessageEditRecord, WallTime>("replaced_at") { $0.replacedAt }
  static let table = Table("message_edits", message, version, organization, content, replacedAt)

  let message: ID
  /// 1 for what it said at first.
  let version: Int64
  let organization: ID
  let content: Content
  let replacedAt: WallTime

  /// What `message` says now, before it says something else.
  init(of message: MessageRecord, replacedAt: WallTime) {
    self.message = message.id
    self.version = message.version
    self.organization = message.organization
    self.content = message.content
    self.replacedAt = replacedAt
  }

  init(from row: inout RowReader) throws(DatabaseError) {
    message = try row.next()
    version = try row.next()
    organization = try row.next()
    content = Content(stored: try row.next())
    replacedAt = try row.next()
  }
}

/// That somebody reacted to a message.
struct ReactionRecord: Record, Hashable {
  static let message = Column<ReactionRecord, ID>("message_id", .key) { $0.message }
  static let user = Column<ReactionRecord, ID>("user_id", .key) { $0.user }
  static let emoji = Column<ReactionRecord, String>("emoji", .key) { $0.emoji }
  static let organization = Column<ReactionRecord, ID>("organization_id") { $0.organization }
  static let createdAt = Column<ReactionRecord, WallTime>("created_at") { $0.createdAt }
  static let table = Table("reactions", message, user, emoji, organization, createdAt)

  let message: ID
  let user: ID
  let emoji: String
  let organization: ID
  let createdAt: WallTime

  init(message: MessageRecord, user: ID, emoji: String, createdAt: WallTime) {
    self.message = message.id
    self.user = user
    self.emoji = emoji
    self.organization = message.organization
    self.createdAt = createdAt
  }

  init(from row: inout RowReader) throws(DatabaseError) {
    message = try row.next()
    user = try row.next()
    emoji = try row.next()
    organization = try row.next()
    createdAt = try row.next()
  }
}
