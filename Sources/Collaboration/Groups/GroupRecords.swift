internal import Database
internal import World

/// People of an organization under one name.
struct GroupRecord: Record, Hashable {
  static let id = Column<GroupRecord, ID>("id", .key) { $0.id }
  static let organization = Column<GroupRecord, ID>("organization_id") { $0.organization }
  static let externalID = Column<GroupRecord, String>("external_id") { $0.externalID }
  static let name = Column<GroupRecord, String>("name") { $0.name }
  static let createdAt = Column<GroupRecord, WallTime>("created_at") { $0.createdAt }
  static let table = Table("groups", id, organization, externalID, name, createdAt)

  let id: ID
  let organization: ID
  /// The name by which the organization's own server knows it.
  let externalID: String
  let name: String
  let createdAt: WallTime

  init(id: ID, organization: ID, externalID: String, name: String, createdAt: WallTime) {
    self.id = id
    self.organization = organization
    self.externalID = externalID
    self.name = name
    self.createdAt = createdAt
  }

  init(from row: inout RowReader) throws(DatabaseError) {
    id = try row.next()
    organization = try row.next()
    externalID = try row.next()
    name = try row.next()
    createdAt = try row.next()
  }
}

/// That somebody is in a group.
struct GroupMemberRecord: Record, Hashable {
  static let group = Column<GroupMemberRecord, ID>("group_id", .key) { $0.group }
  static let user = Column<GroupMemberRecord, ID>("user_id", .key) { $0.user }
  static let organization = Column<GroupMemberRecord, ID>("organization_id") { $0.organization }
  static let table = Table("group_members", group, user, organization)

  let group: ID
  let user: ID
  let organization: ID

  init(group: GroupRecord, user: ID) {
    self.group = group.id
    self.user = user
    self.organization = group.organization
  }

  init(from row: inout RowReader) throws(DatabaseError) {
    group = try row.next()
    user = try row.next()
    organization = try row.next()
  }
}
