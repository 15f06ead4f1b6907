internal import Database
internal import World

/// A page of a customer's application.
struct PageRecord: Record, Hashable {
  static let id = Column<PageRecord, ID>("id", .key) { $0.id }
  static let organization = Column<PageRecord, ID>("organization_id") { $0.organization }
  static let url = Column<PageRecord, String>("url") { $0.url }
  static let title = Column<PageRecord, String?>("title") { $0.title }
  static let createdAt = Column<PageRecord, WallTime>("created_at") { $0.createdAt }
  static let location = Column<PageRecord, Location?>("location") { $0.location }
  static let table = Table("pages", id, organization, url, title, createdAt, location)

  let id: ID
  let organization: ID
  let url: String
  var title: String?
  let createdAt: WallTime
  /// Where it is in the application's own terms.
  var location: Location?

  init(id: ID, organization: ID, url: String, title: String?, createdAt: WallTime) {
    self.id = id
    self.organization = organization
    self.url = url
    self.title = title
    self.createdAt = createdAt
  }

  init(from row: inout RowReader) throws(DatabaseError) {
    id = try row.next()
    organization = try row.next()
    url = try row.next()
    title = try row.next()
    createdAt = try row.next()
    location = try row.next()
  }
}

/// A conversation on a page.
struct ThreadRecord: Record, Hashable {
  static let id = Column<ThreadRecord, ID>("id", .key) { $0.id }
  static let organization = Column<ThreadRecord, ID>("organization_id") { $0.organization }
  static let page = Column<ThreadRecord, ID>("page_id") { $0.page }
  static let title = Column<ThreadRecord, String?>("title") { $0.title }
  static let creator = Column<ThreadRecord, ID>("created_by") { $0.creator }
  static let createdAt = Column<ThreadRecord, WallTime>("created_at") { $0.createdAt }
  static let lastSequence = Column<ThreadRecord, Int64>("last_sequence") { $0.lastSequence }
  static let resolvedAt = Column<ThreadRecord, WallTime?>("resolved_at") { $0.resolvedAt }
  static let resolvedBy = Column<ThreadRecord, ID?>("resolved_by") { $0.resolvedBy }
  static let isPrivate = Column<ThreadRecord, Bool>("is_private") { $0.isPrivate }
  static let table = Table(
    "threads", id, organization, page, title, creator, createdAt, lastSequence, resolvedAt, resolvedBy, isPrivate)

  let id: ID
  let organization: ID
  let page: ID
  let title: String?
  let creator: ID
  let createdAt: WallTime
  /// The sequence number of the last message; 0 while there is none.
  let lastSequence: Int64
  /// `nil` while it is open.
  let resolvedAt: WallTime?
  let resolvedBy: ID?
  /// Only participants may see it. It stays so: what is in it says the same.
  let isPrivate: Bool

  init(
    id: ID, organization: ID, page: ID, title: String?, creator: ID, createdAt: WallTime, isPrivate: Bool
  ) {
    self.isPrivate = isPrivate
    self.id = id
    self.organization = organization
    self.page = page
    self.title = title
    self.creator = creator
    self.createdAt = createdAt
    self.lastSequence = 0
    self.resolvedAt = nil
    self.resolvedBy = nil
  }

  init(from row: inout RowReader) throws(DatabaseError) {
    id = try row.next()
    organization = try row.next()
    page = try row.next()
    title = try row.next()
    creator = try row.next()
    createdAt = try row.next()
    lastSequence = try row.next()
    resolvedAt = try row.next()
    resolvedBy = try row.next()
    isPrivate = try row.next()
  }
}

/// What somebody said in a thread.
struct MessageRecord: Record, Hashable {
  static let id = Column<MessageRecord, ID>("id", .key) { $0.id }
  static let organization = Column<MessageRecord, ID>("organization_id") { $0.organization }
  static let thread = Column<MessageRecord, ID>("thread_id") { $0.thread }
  static let sequence = Column<MessageRecord, Int64>("sequence") { $0.sequence }
  static let author = Column<MessageRecord, ID>("author_id") { $0.author }
  static let content = Column<MessageRecord, String>("content") { $0.content.stored }
  static let createdAt = Column<MessageRecord, WallTime>("created_at") { $0.createdAt }
  static let version = Column<MessageRecord, Int64>("version") { $0.version }
  static let editedAt = Column<MessageRecord, WallTime?>("edited_at") { $0.editedAt }
  static let deletedAt = Column<MessageRecord, WallTime?>("deleted_at") { $0.deletedAt }
  static let isPrivate = Column<MessageRecord, Bool>("is_private") { $0.isPrivate }
  static let table = Table(
    "messages", id, organization, thread, sequence, author, content, createdAt, version, editedAt, deletedAt,
    isPrivate)

  let id: ID
  let organization: ID
  let thread: ID
  let sequence: Int64
  let author: ID
  /// What was said last, also when it is deleted.
  var content: Content
  let createdAt: WallTime
  var version: Int64
  var editedAt: WallTime?
  var deletedAt: WallTime?
  /// As its thread.
  let isPrivate: Bool

  /// What there is to see.
  var visibleContent: Content { deletedAt == nil ? content : Content(nodes: []) }

  /// The thread's next message, which it has counted already.
  init(id: ID, in thread: ThreadRecord, author: ID, content: Content, createdAt: WallTime) {
    self.id = id
    self.organization = thread.organization
    self.thread = thread.id
    self.sequence = thread.lastSequence
    self.isPrivate = thread.isPrivate
    self.author = author
    self.content = content
    self.createdAt = createdAt
    self.version = 1
  }

  init(from row: inout RowReader) throws(DatabaseError) {
    id = try row.next()
    organization = try row.next()
    thread = try row.next()
    sequence = try row.next()
    author = try row.next()
    content = Content(stored: try row.next())
    createdAt = try row.next()
    version = try row.next()
    editedAt = try row.next()
    deletedAt = try row.next()
    isPrivate = try row.next()
  }
}

/// That a message mentions somebody.
struct MentionRecord: Record, Hashable {
  static let message = Column<MentionRecord, ID>("message_id", .key) { $0.message }
  static let user = Column<MentionRecord, ID>("user_id", .key) { $0.user }
  static let organization = Column<MentionRecord, ID>("organization_id") { $0.organization }
  static let table = Table("mentions", message, user, organization)

  let message: ID
  let user: ID
  let organization: ID

  init(message: ID, user: ID, organization: ID) {
    self.message = message
    self.user = user
    self.organization = organization
  }

  init(from row: inout RowReader) throws(DatabaseError) {
    message = try row.next()
    user = try row.next()
    organization = try row.next()
  }
}
