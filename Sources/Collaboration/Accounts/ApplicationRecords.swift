package import Database
package import World

/// A customer's application, which may own several organizations.
package struct ApplicationRecord: Record, Hashable {
  static let id = Column<ApplicationRecord, ID>("id", .key) { $0.id }
  static let name = Column<ApplicationRecord, String>("name") { $0.name }
  static let createdAt = Column<ApplicationRecord, WallTime>("created_at") { $0.createdAt }
  package static let table = Table("applications", id, name, createdAt)

  package let id: ID
  package let name: String
  let createdAt: WallTime

  init(id: ID, name: String, createdAt: WallTime) {
    self.id = id
    self.name = name
    self.createdAt = createdAt
  }

  package init(from row: inout RowReader) throws(DatabaseError) {
    id = try row.next()
    name = try row.next()
    createdAt = try row.next()
  }
}

/// One of the keys that an application's tokens may be signed with; several are valid while one replaces another.
struct ApplicationKeyRecord: Record, Hashable {
  static let application = Column<ApplicationKeyRecord, ID>("application_id", .key) { $0.application }
  static let kid = Column<ApplicationKeyRecord, String>("kid", .key) { $0.kid }
  static let algorithm = Column<ApplicationKeyRecord, TokenAlgorithm>("algorithm") { $0.key.algorithm }
  static let material = Column<ApplicationKeyRecord, [UInt8]>("material") { $0.key.material }
  static let createdAt = Column<ApplicationKeyRecord, WallTime>("created_at") { $0.createdAt }
  static let revokedAt = Column<ApplicationKeyRecord, WallTime?>("revoked_at") { $0.revokedAt }
  static let table = Table("application_keys", application, kid, algorithm, material, createdAt, revokedAt)

  let application: ID
  /// RFC 7515, section 4.1.4.
  let kid: String
  let key: TokenKey
  let createdAt: WallTime
  let revokedAt: WallTime?

  init(application: ID, kid: String, key: TokenKey, createdAt: WallTime) {
    self.application = application
    self.kid = kid
    self.key = key
    self.createdAt = createdAt
    self.revokedAt = nil
  }

  init(from row: inout RowReader) throws(DatabaseError) {
    application = try row.next()
    kid = try row.next()
    key = TokenKey(algorithm: try row.next(), material: try row.next())
    createdAt = try row.next()
    revokedAt = try row.next()
  }
}

/// That a client token that may be used once has been used.
struct UsedTokenRecord: Record, Hashable {
  static let organization = Column<UsedTokenRecord, ID>("organization_id", .key) { $0.organization }
  static let jti = Column<UsedTokenRecord, String>("jti", .key) { $0.jti }
  static let expiresAt = Column<UsedTokenRecord, WallTime>("expires_at") { $0.expiresAt }
  static let table = Table("used_tokens", organization, jti, expiresAt)

  let organization: ID
  /// RFC 7519, section 4.1.7.
  let jti: String
  /// When the token could not be used any more anyway.
  let expiresAt: WallTime

  init(organization: ID, jti: String, expiresAt: WallTime) {
    self.organization = organization
    self.jti = jti
    self.expiresAt = expiresAt
  }

  init(from row: inout RowReader) throws(DatabaseError) {
    organization = try row.next()
    jti = try row.next()
    expiresAt = try row.next()
  }
}
