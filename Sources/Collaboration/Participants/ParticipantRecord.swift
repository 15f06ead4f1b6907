internal import Database
internal import World

/// What somebody has to do with a thread.
struct ParticipantRecord: Record, Hashable {
  static let thread = Column<ParticipantRecord, ID>("thread_id", .key) { $0.thread }
  static let user = Column<ParticipantRecord, ID>("user_id", .key) { $0.user }
  static let organization = Column<ParticipantRecord, ID>("organization_id") { $0.organization }
  static let lastRead = Column<ParticipantRecord, Int64>("last_read") { $0.lastRead }
  static let isSubscribed = Column<ParticipantRecord, Bool>("is_subscribed") { $0.isSubscribed }
  static let joinedAt = Column<ParticipantRecord, WallTime>("joined_at") { $0.joinedAt }
  static let table = Table("participants", thread, user, organization, lastRead, isSubscribed, joinedAt)

  let thread: ID
  let user: ID
  let organization: ID
  /// The sequence number up to which they have read.
  let lastRead: Int64
  /// Whether they are told of every reply.
  let isSubscribed: Bool
  let joinedAt: WallTime

  init(thread: ThreadRecord, user: ID, lastRead: Int64, isSubscribed: Bool, joinedAt: WallTime) {
    self.thread = thread.id
    self.user = user
    self.organization = thread.organization
    self.lastRead = lastRead
    self.isSubscribed = isSubscribed
    self.joinedAt = joinedAt
  }

  init(from row: inout RowReader) throws(DatabaseError) {
    thread = try row.next()
    user = try row.next()
    organization = try row.next()
    lastRead = try row.next()
    isSubscribed = try row.next()
    joinedAt = try row.next()
  }
}
