package import Database
package import World

/// A customer.
package struct OrganizationRecord: Record, Hashable {
  package static let id = Column<OrganizationRecord, ID>("id", .key) { $0.id }
  static let slug = Column<OrganizationRecord, String>("slug") { $0.slug }
  static let name = Column<OrganizationRecord, String>("name") { $0.name }
  static let secret = Column<OrganizationRecord, [UInt8]>("secret") { $0.secret }
  static let createdAt = Column<OrganizationRecord, WallTime>("created_at") { $0.createdAt }
  static let application = Column<OrganizationRecord, ID?>("application_id") { $0.application }
  package static let table = Table("organizations", id, slug, name, secret, createdAt, application)

  package let id: ID
  package let slug: String
  package let name: String
  /// Signs client tokens that name no key; empty when there are none such.
  let secret: [UInt8]
  let createdAt: WallTime
  /// Whose keys may sign client tokens too.
  let application: ID?

  init(id: ID, slug: String, name: String, secret: [UInt8], createdAt: WallTime, application: ID? = nil) {
    self.id = id
    self.slug = slug
    self.name = name
    self.secret = secret
    self.createdAt = createdAt
    self.application = application
  }

  package init(from row: inout RowReader) throws(DatabaseError) {
    id = try row.next()
    slug = try row.next()
    name = try row.next()
    secret = try row.next()
    createdAt = try row.next()
    application = try row.next()
  }
}

/// A person of an organization.
package struct UserRecord: Record, Hashable {
  static let id = Column<UserRecord, ID>("id", .key) { $0.id }
  static let organization = Column<UserRecord, ID>("organization_id") { $0.organization }
  static let externalID = Column<UserRecord, String>("external_id") { $0.externalID }
  static let name = Column<UserRecord, String>("name") { $0.name }
  static let email = Column<UserRecord, String?>("email") { $0.email }
  static let createdAt = Column<UserRecord, WallTime>("created_at") { $0.createdAt }
  static let removedAt = Column<UserRecord, WallTime?>("removed_at") { $0.removedAt }
  static let role = Column<UserRecord, Role>("role") { $0.role }
  package static let table = Table("users", id, organization, externalID, name, email, createdAt, removedAt, role)

  package let id: ID
  package let organization: ID
  /// The name by which the organization's own server knows them.
  package let externalID: String
  package let name: String
  let email: String?
  let createdAt: WallTime
  /// `nil` while they belong to the organization.
  var removedAt: WallTime?
  let role: Role

  init(
    id: ID, organization: ID, externalID: String, name: String, email: String?, createdAt: WallTime,
    role: Role = .member
  ) {
    self.role = role
    self.id = id
    self.organization = organization
    self.externalID = externalID
    self.name = name
    self.email = email
    self.createdAt = createdAt
  }

  package init(from row: inout RowReader) throws(DatabaseError) {
    id = try row.next()
    organization = try row.next()
    externalID = try row.next()
    name = try row.next()
    email = try row.next()
    createdAt = try row.next()
    removedAt = try row.next()
    role = try row.next()
  }
}

/// A login. The token itself is nowhere, only its hash.
struct SessionRecord: Record, Hashable {
  static let id = Column<SessionRecord, ID>("id", .key) { $0.id }
  static let organization = Column<SessionRecord, ID>("organization_id") { $0.organization }
  static let user = Column<SessionRecord, ID>("user_id") { $0.user }
  static let tokenHash = Column<SessionRecord, [UInt8]>("token_hash") { $0.tokenHash }
  static let createdAt = Column<SessionRecord, WallTime>("created_at") { $0.createdAt }
  static let expiresAt = Column<SessionRecord, WallTime>("expires_at") { $0.expiresAt }
  static let revokedAt = Column<SessionRecord, WallTime?>("revoked_at") { $0.revokedAt }
  static let previousHash = Column<SessionRecord, [UInt8]?>("previous_hash") { $0.previousHash }
  static let previousUntil = Column<SessionRecord, WallTime?>("previous_until") { $0.previousUntil }
  static let role = Column<SessionRecord, Role>("role") { $0.role }
  static let table = Table(
    "sessions", id, organization, user, tokenHash, createdAt, expiresAt, revokedAt, previousHash, previousUntil,
    role)

  let id: ID
  let organization: ID
  let user: ID
  var tokenHash: [UInt8]
  let createdAt: WallTime
  var expiresAt: WallTime
  var revokedAt: WallTime?
  /// Of the token before the last refresh, which is let in a little longer: the answer with the new one may get lost.
  var previousHash: [UInt8]?
  var previousUntil: WallTime?
  /// The user's; when that changes the session ends.
  let role: Role

  init(
    id: ID, organization: ID, user: ID, tokenHash: [UInt8], createdAt: WallTime, expiresAt: WallTime,
    role: Role, revokedAt: WallTime? = nil
  ) {
    self.id = id
    self.organization = organization
    self.user = user
    self.tokenHash = tokenHash
    self.createdAt = createdAt
    self.expiresAt = expiresAt
    self.revokedAt = revokedAt
    self.role = role
  }

  init(from row: inout RowReader) throws(DatabaseError) {
    id = try row.next()
    organization = try row.next()
    user = try row.next()
    tokenHash = try row.next()
    createdAt = try row.next()
    expiresAt = try row.next()
    revokedAt = try row.next()
    previousHash = try row.next()
    previousUntil = try row.next()
    role = try row.next()
  }
}
