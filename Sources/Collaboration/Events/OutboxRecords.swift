internal import Database
internal import World

/// An event on its way into the outbox: the database gives it its offset.
struct OutboxEntry: Record, Hashable {
  static let id = Column<OutboxEntry, ID>("id", .key) { $0.id }
  static let organization = Column<OutboxEntry, ID>("organization_id") { $0.organization }
  static let topic = Column<OutboxEntry, String>("topic") { $0.topic }
  static let kind = Column<OutboxEntry, String>("kind") { $0.kind }
  static let subject = Column<OutboxEntry, ID>("subject_id") { $0.subject }
  static let createdAt = Column<OutboxEntry, WallTime>("created_at") { $0.createdAt }
  static let audience = Column<OutboxEntry, EventAudience?>("audience") { $0.audience }
  static let table = Table("outbox", id, organization, topic, kind, subject, createdAt, audience)

  let id: ID
  let organization: ID
  let topic: String
  let kind: String
  let subject: ID
  let createdAt: WallTime
  let audience: EventAudience?

  init(
    id: ID, organization: ID, topic: Topic, kind: DurableEvent.Kind, subject: ID, createdAt: WallTime,
    audience: EventAudience?
  ) {
    self.id = id
    self.organization = organization
    self.topic = topic.name
    self.kind = kind.rawValue
    self.subject = subject
    self.createdAt = createdAt
    self.audience = audience
  }

  init(from row: inout RowReader) throws(DatabaseError) {
    id = try row.next()
    organization = try row.next()
    topic = try row.next()
    kind = try row.next()
    subject = try row.next()
    createdAt = try row.next()
    audience = try row.next()
  }
}

/// An event of the outbox in its place.
struct OutboxRecord: Record, Hashable {
  static let offset = Column<OutboxRecord, Int64>("event_offset", .key) { $0.offset }
  static let organization = Column<OutboxRecord, ID>("organization_id") { $0.organization }
  static let topic = Column<OutboxRecord, String>("topic") { $0.topic }
  static let kind = Column<OutboxRecord, String>("kind") { $0.kind }
  static let subject = Column<OutboxRecord, ID>("subject_id") { $0.subject }
  static let audience = Column<OutboxRecord, EventAudience?>("audience") { $0.audience }
  static let table = Table("outbox", offset, organization, topic, kind, subject, audience)

  let offset: Int64
  let organization: ID
  let topic: String
  let kind: String
  let subject: ID
  let audience: EventAudience?

  init(from row: inout RowReader) throws(DatabaseError) {
    offset = try row.next()
    organization = try row.next()
    topic = try row.next()
    kind = try row.next()
    subject = try row.next()
    audience = try row.next()
  }
}

/// The name of this outbox's sequence of offsets; one row.
struct EpochRecord: Record, Hashable {
  static let one = Column<EpochRecord, Int64>("one", .key) { _ in 1 }
  static let epoch = Column<EpochRecord, ID>("epoch") { $0.epoch }
  static let trimmedThrough = Column<EpochRecord, Int64>("trimmed_through") { $0.trimmedThrough }
  static let table = Table("outbox_epoch", one, epoch, trimmedThrough)

  let epoch: ID
  /// The last offset whose event was deleted for its age.
  let trimmedThrough: Int64

  init(epoch: ID) {
    self.epoch = epoch
    self.trimmedThrough = 0
  }

  init(from row: inout RowReader) throws(DatabaseError) {
    _ = try row.next(Int64.self)
    epoch = try row.next()
    trimmedThrough = try row.next()
  }
}

/// How old an event of the outbox is.
struct OutboxAge: Record, Hashable {
  static let offset = Column<OutboxAge, Int64>("event_offset", .key) { $0.offset }
  static let createdAt = Column<OutboxAge, WallTime>("created_at") { $0.createdAt }
  static let table = Table("outbox", offset, createdAt)

  let offset: Int64
  let createdAt: WallTime

  init(from row: inout RowReader) throws(DatabaseError) {
    offset = try row.next()
    createdAt = try row.next()
  }
}
