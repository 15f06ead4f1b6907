internal import Database
internal import World

/// What calls for somebody's attention; at most one for a person and a message, and one that is about a whole thread.
struct NotificationRecord: Record, Hashable {
  enum Kind: String, Hashable, CaseIterable, DatabaseValue {
    case mention = "MENTION"
    case reply = "REPLY"
    case reaction = "REACTION"
    case threadResolved = "THREAD_RESOLVED"
    case threadReopened = "THREAD_REOPENED"
    case threadAdded = "THREAD_ADDED"

    /// Of the event that tells of one.
    var event: DurableEvent.Kind {
      switch self {
      case .mention: .notificationReceived
      case .reply: .replyReceived
      case .reaction: .reactionReceived
      case .threadResolved: .resolutionReceived
      case .threadReopened: .reopeningReceived
      case .threadAdded: .additionReceived
      }
    }
  }

  static let id = Column<NotificationRecord, ID>("id", .key) { $0.id }
  static let organization = Column<NotificationRecord, ID>("organization_id") { $0.organization }
  static let user = Column<NotificationRecord, ID>("user_id") { $0.user }
  static let kind = Column<NotificationRecord, Kind>("kind") { $0.kind }
  static let message = Column<NotificationRecord, ID?>("message_id") { $0.message }
  static let actor = Column<NotificationRecord, ID>("actor_id") { $0.actor }
  static let createdAt = Column<NotificationRecord, WallTime>("created_at") { $0.createdAt }
  static let readAt = Column<NotificationRecord, WallTime?>("read_at") { $0.readAt }
  static let thread = Column<NotificationRecord, ID>("thread_id") { $0.thread }
  static let retractedAt = Column<NotificationRecord, WallTime?>("retracted_at") { $0.retractedAt }
  static let table = Table(
    "notifications", id, organization, user, kind, message, actor, createdAt, readAt, thread, retractedAt)

  let id: ID
  let organization: ID
  /// Whose attention.
  let user: ID
  var kind: Kind
  /// `nil` when it is about the thread.
  let message: ID?
  /// Who caused it.
  var actor: ID
  let createdAt: WallTime
  var readAt: WallTime?
  let thread: ID
  /// When what it was about went away; it is in no list any more.
  var retractedAt: WallTime?

  init(
    id: ID, user: ID, kind: Kind, thread: ID, message: ID?, actor: ID, organization: ID, createdAt: WallTime
  ) {
    self.id = id
    self.organization = organization
    self.user = user
    self.kind = kind
    self.thread = thread
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
    thread = try row.next()
    retractedAt = try row.next()
  }
}
