internal import Database
internal import World

/// A remark on a place of a page.
struct AnnotationRecord: Record, Hashable {
  static let id = Column<AnnotationRecord, ID>("id", .key) { $0.id }
  static let organization = Column<AnnotationRecord, ID>("organization_id") { $0.organization }
  static let page = Column<AnnotationRecord, ID>("page_id") { $0.page }
  static let thread = Column<AnnotationRecord, ID>("thread_id") { $0.thread }
  static let author = Column<AnnotationRecord, ID>("author_id") { $0.author }
  static let selector = Column<AnnotationRecord, String>("selector") { $0.place.selector }
  static let x = Column<AnnotationRecord, Double>("x") { $0.place.x }
  static let y = Column<AnnotationRecord, Double>("y") { $0.place.y }
  static let quotedText = Column<AnnotationRecord, String?>("quoted_text") { $0.place.quotedText }
  static let body = Column<AnnotationRecord, String>("body") { $0.body }
  static let createdAt = Column<AnnotationRecord, WallTime>("created_at") { $0.createdAt }
  static let table = Table(
    "annotations", id, organization, page, thread, author, selector, x, y, quotedText, body, createdAt)

  /// Where on the page.
  struct Place: Hashable, Sendable {
    /// A CSS selector of the element.
    let selector: String
    /// 0 to 1 across and down the element.
    let x: Double
    let y: Double
    /// What was highlighted.
    let quotedText: String?
  }

  let id: ID
  let organization: ID
  let page: ID
  let thread: ID
  let author: ID
  let place: Place
  let body: String
  let createdAt: WallTime

  init(
    id: ID, organization: ID, page: ID, thread: ID, author: ID, place: Place, body: String, createdAt: WallTime
  ) {
    self.id = id
    self.organization = organization
    self.page = page
    self.thread = thread
    self.author = author
    self.place = place
    self.body = body
    self.createdAt = createdAt
  }

  init(from row: inout RowReader) throws(DatabaseError) {
    id = try row.next()
    organization = try row.next()
    page = try row.next()
    thread = try row.next()
    author = try row.next()
    place = Place(
      selector: try row.next(), x: try row.next(), y: try row.next(), quotedText: try row.next())
    body = try row.next()
    createdAt = try row.next()
  }
}
