internal import Database
internal import GraphQL
internal import JSON
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
  static let isPrivate = Column<AnnotationRecord, Bool>("is_private") { $0.isPrivate }
  static let state = Column<AnnotationRecord, State>("state") { $0.state }
  static let stateChangedAt = Column<AnnotationRecord, WallTime?>("state_changed_at") { $0.stateChangedAt }
  static let elementIDs = Column<AnnotationRecord, ElementIDs>("element_ids") { $0.place.elementIDs }
  static let width = Column<AnnotationRecord, Double?>("width") { $0.place.width }
  static let height = Column<AnnotationRecord, Double?>("height") { $0.place.height }
  static let textBefore = Column<AnnotationRecord, String?>("text_before") { $0.place.textBefore }
  static let textAfter = Column<AnnotationRecord, String?>("text_after") { $0.place.textAfter }
  static let table = Table(
    "annotations", id, organization, page, thread, author, selector, x, y, quotedText, body, createdAt, isPrivate,
    state, stateChangedAt, elementIDs, width, height, textBefore, textAfter)

  /// Whether its place was found on the page as it is, as far as somebody has looked.
  enum State: String, Hashable, DatabaseValue, GraphQLInput {
    case anchored = "ANCHORED"
    case moved = "MOVED"
    case orphaned = "ORPHANED"
  }

  /// Where on the page.
  struct Place: Hashable, Sendable {
    /// A CSS selector of the element.
    var selector: String
    /// 0 to 1 across and down the element.
    var x: Double
    var y: Double
    /// How much of the element was marked, from there; `nil` for a point.
    var width: Double?
    var height: Double?
    /// What identified the element to the application, the surest first.
    var elementIDs: ElementIDs
    /// What was highlighted, and the text around it.
    let quotedText: String?
    let textBefore: String?
    let textAfter: String?

    var anchor: Anchor {
      var anchor = Anchor(selector: selector)
      anchor.ids = elementIDs.ids
      anchor.quotedText = quotedText
      anchor.textBefore = textBefore
      anchor.textAfter = textAfter
      return anchor
    }
  }

  /// Stored as a JSON array.
  struct ElementIDs: Hashable, DatabaseValue {
    let ids: [String]
    static var columnType: ColumnType { .text }
    static func read(_ value: Value) -> ElementIDs? {
      guard case .text(let text) = value, let array = (try? JSON.parse(text))?.array else { return nil }
      return ElementIDs(ids: array.compactMap(\.string))
    }
    var databaseValue: Value { .text(JSON.array(ids.map(JSON.string)).text) }
  }

  let id: ID
  let organization: ID
  let page: ID
  let thread: ID
  let author: ID
  var place: Place
  let body: String
  let createdAt: WallTime
  /// As its thread.
  let isPrivate: Bool
  var state = State.anchored
  /// `nil` while nobody has said anything but that it is anchored.
  var stateChangedAt: WallTime?

  init(id: ID, with thread: ThreadRecord, place: Place, body: String, createdAt: WallTime) {
    self.id = id
    self.organization = thread.organization
    self.page = thread.page
    self.thread = thread.id
    self.author = thread.creator
    self.isPrivate = thread.isPrivate
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
    let selector: String = try row.next()
    let (x, y): (Double, Double) = (try row.next(), try row.next())
    let quotedText: String? = try row.next()
    body = try row.next()
    createdAt = try row.next()
    isPrivate = try row.next()
    state = try row.next()
    stateChangedAt = try row.next()
    let elementIDs: ElementIDs = try row.next()
    let (width, height): (Double?, Double?) = (try row.next(), try row.next())
    place = Place(
      selector: selector, x: x, y: y, width: width, height: height, elementIDs: elementIDs, quotedText: quotedText,
      textBefore: try row.next(), textAfter: try row.next())
  }
}
