internal import Database
internal import World

/// A server that told others who is where, and that it lives.
struct PresenceNodeRecord: Record, Hashable {
  static let id = Column<PresenceNodeRecord, ID>("id", .key) { $0.id }
  static let beat = Column<PresenceNodeRecord, Int64>("beat") { $0.beat }
  static let beatenAt = Column<PresenceNodeRecord, WallTime>("beaten_at") { $0.beatenAt }
  static let version = Column<PresenceNodeRecord, Int64>("version") { $0.version }
  static let trimmedThrough = Column<PresenceNodeRecord, Int64>("trimmed_through") { $0.trimmedThrough }
  static let table = Table("presence_nodes", id, beat, beatenAt, version, trimmedThrough)

  let id: ID
  /// Grows as long as the server lives and has somebody.
  var beat: Int64
  /// By the server's own clock.
  var beatenAt: WallTime
  /// Of its last announcement.
  var version: Int64
  /// Departures up to this version are not kept any more.
  var trimmedThrough: Int64

  init(id: ID, beat: Int64, beatenAt: WallTime, version: Int64, trimmedThrough: Int64) {
    self.id = id
    self.beat = beat
    self.beatenAt = beatenAt
    self.version = version
    self.trimmedThrough = trimmedThrough
  }

  init(from row: inout RowReader) throws(DatabaseError) {
    id = try row.next()
    beat = try row.next()
    beatenAt = try row.next()
    version = try row.next()
    trimmedThrough = try row.next()
  }
}

/// What a server told of one user on one page: that they are there, or, for a while, that they left.
struct PresenceRecord: Record, Hashable {
  static let node = Column<PresenceRecord, ID>("node_id", .key) { $0.node }
  static let page = Column<PresenceRecord, ID>("page_id", .key) { $0.page }
  static let user = Column<PresenceRecord, ID>("user_id", .key) { $0.user }
  static let organization = Column<PresenceRecord, ID>("organization_id") { $0.stay.organization }
  static let region = Column<PresenceRecord, String?>("region") { $0.stay.region }
  static let exclusiveWithin = Column<PresenceRecord, String?>("exclusive_within") { $0.stay.exclusiveWithin }
  static let since = Column<PresenceRecord, WallTime>("since") { $0.stay.since }
  static let enteredAt = Column<PresenceRecord, WallTime>("entered_at") { $0.stay.enteredAt }
  static let isPresent = Column<PresenceRecord, Bool>("is_present") { $0.isPresent }
  static let version = Column<PresenceRecord, Int64>("version") { $0.version }
  static let table = Table(
    "presences", node, page, user, organization, region, exclusiveWithin, since, enteredAt, isPresent, version)

  let node: ID
  let page: ID
  let user: ID
  let stay: PresenceState.Stay
  let isPresent: Bool
  let version: Int64

  init(_ announcement: PresenceState.Announcement, by node: ID, version: Int64) {
    self.node = node
    self.page = announcement.place.page
    self.user = announcement.place.user
    self.stay = announcement.stay
    self.isPresent = announcement.isPresent
    self.version = version
  }

  init(from row: inout RowReader) throws(DatabaseError) {
    node = try row.next()
    page = try row.next()
    user = try row.next()
    let organization: ID = try row.next()
    let region: String? = try row.next()
    let exclusiveWithin: String? = try row.next()
    let since: WallTime = try row.next()
    let enteredAt: WallTime = try row.next()
    stay = PresenceState.Stay(
      organization: organization, region: region, exclusiveWithin: exclusiveWithin, since: since, enteredAt: enteredAt)
    isPresent = try row.next()
    version = try row.next()
  }

  var announcement: PresenceState.Announcement {
    PresenceState.Announcement(
      place: PresenceState.Place(page: page, user: user), stay: stay, isPresent: isPresent)
  }
}

/// When somebody was last on a page, as far as is stored: of who is there, when they came.
struct VisitRecord: Record, Hashable {
  static let page = Column<VisitRecord, ID>("page_id", .key) { $0.page }
  static let user = Column<VisitRecord, ID>("user_id", .key) { $0.user }
  static let organization = Column<VisitRecord, ID>("organization_id") { $0.organization }
  static let seenAt = Column<VisitRecord, WallTime>("seen_at") { $0.seenAt }
  static let table = Table("page_visits", page, user, organization, seenAt)

  let page: ID
  let user: ID
  let organization: ID
  let seenAt: WallTime

  init(_ place: PresenceState.Place, organization: ID, seenAt: WallTime) {
    self.page = place.page
    self.user = place.user
    self.organization = organization
    self.seenAt = seenAt
  }

  init(from row: inout RowReader) throws(DatabaseError) {
    page = try row.next()
    user = try row.next()
    organization = try row.next()
    seenAt = try row.next()
  }
}

extension VisitRecord: Guarded {
  /// Everybody who may know of the page.
  func isReadable(by viewer: Viewer) -> Bool { organization == viewer.organization }
  static func readable(by viewer: Viewer) -> Predicate<Self> { Self.organization == viewer.organization }
}
