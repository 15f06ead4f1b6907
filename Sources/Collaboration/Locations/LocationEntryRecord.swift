internal import Database
internal import World

/// That a page's location has an entry: what parts of locations are found by.
struct LocationEntryRecord: Record, Hashable {
  static let page = Column<LocationEntryRecord, ID>("page_id", .key) { $0.page }
  static let entry = Column<LocationEntryRecord, String>("entry", .key) { $0.entry }
  static let organization = Column<LocationEntryRecord, ID>("organization_id") { $0.organization }
  static let table = Table("page_location_entries", page, entry, organization)

  let page: ID
  let entry: String
  let organization: ID

  init(page: PageRecord, entry: String) {
    self.page = page.id
    self.entry = entry
    self.organization = page.organization
  }

  init(from row: inout RowReader) throws(DatabaseError) {
    page = try row.next()
    entry = try row.next()
    organization = try row.next()
  }
}
