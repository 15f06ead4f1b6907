internal import Database
internal import World

/// What calls for somebody's attention; at most one for a person and a message.
struct NotificationRecord: Record, Hashable {
  enum Kind: String, Hashable, DatabaseValue {
    case mention = "MENTION"
  }

  static let id = Column<NotificationRecord, ID>("id", .key) { $0.id }
  static let organization = Column<NotificationRecord, ID>("organization_id") { $0.organization }
  static let user = Column<NotificationRecord, ID>("user_id") { $0.user }
  static let kind = Column<NotificationRecord, Kind>("kind") { $0.kind }
  static let message = Column<NotificationRecord, ID>("message_id") { $0.message }
  static let actor = Column<NotificationRecord, ID>("actor_id") { $0.actor }
  static let createdAt = Column<NotificationRecord, WallTime>("created_at") { $0.createdAt }
  static let readAt = Column<NotificationRecord, WallTime?>("read_at") { $0.readAt }
  static let table = Table("notifications", id, organization, user, kind, message, actor, createdAt, readAt)

  let id: ID
  let organization: ID
  /// Whose attention.
  let user: ID
  let kind: Kind
  let message: ID
  /// Who caused it.
  let actor: ID
  let createdAt: WallTime
  var readAt: WallTime?

  init(id: ID, organization: ID, user: ID, kind: Kind, message: ID, actor: ID, createdAt: WallTime) {
    self.id = id
    self.organization = organization
    self.user = user
    self.kind = kind
    self.message = message
    self.actor = actor
    self.createdAt = createdAt
  }

  init(from row: inout RowReader) throws(DatabaseError) {
    id = try row.next()
    organization = try row.next()
    user = try row.next()
    kind = try row.next()
    message = try row.next()
    actor = try row.next()
    createdAt = try row.next()
    readAt = try row.next()
  }
}
