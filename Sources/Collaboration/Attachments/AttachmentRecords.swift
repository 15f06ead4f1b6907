internal import Database
internal import World

/// A file that somebody has brought. Until it is sent it is theirs alone; then whoever may see the thread may have it.
struct AttachmentRecord: Record, Hashable {
  static let id = Column<AttachmentRecord, ID>("id", .key) { $0.id }
  static let organization = Column<AttachmentRecord, ID>("organization_id") { $0.organization }
  static let uploader = Column<AttachmentRecord, ID>("uploader_id") { $0.uploader }
  static let name = Column<AttachmentRecord, String>("name") { $0.name }
  static let contentType = Column<AttachmentRecord, String>("content_type") { $0.contentType }
  static let digest = Column<AttachmentRecord, String?>("digest") { $0.digest }
  static let size = Column<AttachmentRecord, Int64?>("size") { $0.size }
  static let createdAt = Column<AttachmentRecord, WallTime>("created_at") { $0.createdAt }
  static let thread = Column<AttachmentRecord, ID?>("thread_id") { $0.thread }
  static let message = Column<AttachmentRecord, ID?>("message_id") { $0.message }
  static let annotation = Column<AttachmentRecord, ID?>("annotation_id") { $0.annotation }
  static let isPrivate = Column<AttachmentRecord, Bool>("is_private") { $0.isPrivate }
  static let table = Table(
    "attachments", id, organization, uploader, name, contentType, digest, size, createdAt, thread, message, annotation,
    isPrivate)

  let id: ID
  let organization: ID
  let uploader: ID
  let name: String
  let contentType: String
  /// SHA-256 of the bytes, in hexadecimal digits; `nil` while they have not come.
  let digest: String?
  let size: Int64?
  let createdAt: WallTime
  /// `nil` until it is sent.
  let thread: ID?
  let message: ID?
  let annotation: ID?
  /// As its thread.
  let isPrivate: Bool

  init(id: ID, organization: ID, uploader: ID, name: String, contentType: String, createdAt: WallTime) {
    self.id = id
    self.organization = organization
    self.uploader = uploader
    self.name = name
    self.contentType = contentType
    self.digest = nil
    self.size = nil
    self.createdAt = createdAt
    self.thread = nil
    self.message = nil
    self.annotation = nil
    self.isPrivate = false
  }

  init(from row: inout RowReader) throws(DatabaseError) {
    id = try row.next()
    organization = try row.next()
    uploader = try row.next()
    name = try row.next()
    contentType = try row.next()
    digest = try row.next()
    size = try row.next()
    createdAt = try row.next()
    thread = try row.next()
    message = try row.next()
    annotation = try row.next()
    isPrivate = try row.next()
  }
}

extension AttachmentRecord: Guarded {
  func isReadable(by viewer: Viewer) -> Bool {
    organization == viewer.organization && (thread != nil || uploader == viewer.user)
  }
  static func readable(by viewer: Viewer) -> Predicate<Self> {
    let isTheirs = thread.isNull && uploader == viewer.user
    let isSent = thread.isNotNull && Privacy.isOpen(isPrivate, thread: thread, to: viewer)
    return Self.organization == viewer.organization && (isTheirs || isSent)
  }
  static func lookup(_ ids: [ID]) -> Lookup<Self>? { Lookup(id, ids) { $0.id } }
}

/// Content that the store has, or may have: told before it is stored, so that nothing is there unknown.
struct BlobRecord: Record, Hashable {
  static let digest = Column<BlobRecord, String>("digest", .key) { $0.digest }
  static let unusedSince = Column<BlobRecord, WallTime?>("unused_since") { $0.unusedSince }
  static let isRemoving = Column<BlobRecord, Bool>("is_removing") { $0.isRemoving }
  static let table = Table("attachment_blobs", digest, unusedSince, isRemoving)

  let digest: String
  /// `nil` while attachments have it, as far as anybody has looked.
  let unusedSince: WallTime?
  /// It is being deleted from the store; nobody may take it up again before it is gone.
  let isRemoving: Bool

  init(digest: String, unusedSince: WallTime) {
    self.digest = digest
    self.unusedSince = unusedSince
    self.isRemoving = false
  }

  init(from row: inout RowReader) throws(DatabaseError) {
    digest = try row.next()
    unusedSince = try row.next()
    isRemoving = try row.next()
  }
}
