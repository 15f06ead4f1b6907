package import Database
package import World

/// Why an organization cannot be made.
package struct SeedError: Error, Hashable, Sendable, CustomStringConvertible {
  package let description: String
}

/// What operators do without a viewer: making the organizations that customers' tokens name.
extension Collaboration {
  /// Shortest secret: RFC 7518, section 3.2 wants as many bits as the hash has.
  package static let secretMinimum = 32
  /// Longest name of a key.
  package static let kidLimit = 100

  /// Makes an organization, or finds the one that has this slug and this secret.
  /// - Parameters:
  ///   - slug: names it in client tokens; 1 to 63 of `a`-`z`, `0`-`9` and `-`.
  ///   - secret: signs client tokens (HS256); at least ``secretMinimum`` bytes.
  /// - Throws: ``SeedError``, also when the slug is taken with another secret; `DatabaseError`.
  package func createOrganization(name: String, slug: String, secret: [UInt8]) async throws -> OrganizationRecord {
    try await Self.createOrganization(name: name, slug: slug, secret: secret, in: database, world: world)
  }

  /// Makes an application, whose keys may sign the tokens of its organizations.
  package static func createApplication(
    name: String, in database: any Database, world: World
  ) async throws -> ApplicationRecord {
    let application = ApplicationRecord(id: world.ids.next(), name: name, createdAt: world.clock.wall)
    try await database.write("create application") { try $0.insert(application) }
    return application
  }

  /// Gives an application one more key. Those it has stay valid, so that a key can be replaced without a pause: add the
  /// new one, sign with it, revoke the old one.
  /// - Throws: ``SeedError``, also when the name is taken, which stays so after a revocation.
  package static func addKey(
    _ key: TokenKey, called kid: String, to application: ID, in database: any Database, world: World
  ) async throws {
    guard TextRule(limit: kidLimit).accepts(kid) else {
      throw SeedError(description: "the name of a key must have 1 to \(kidLimit) characters")
    }
    guard key.algorithm != .hs256 || key.material.count >= secretMinimum else {
      throw SeedError(description: "the secret '\(kid)' must have at least \(secretMinimum) bytes")
    }
    let record = ApplicationKeyRecord(application: application, kid: kid, key: key, createdAt: world.clock.wall)
    let isNew = try await database.write("add key") { try $0.insertIfAbsent(record) }
    guard isNew else { throw SeedError(description: "the application has a key '\(kid)' already") }
  }

  /// Ends a key: no token that it signed is taken any more. Sessions that began with one go on.
  /// - Returns: whether there was such a key.
  package static func revokeKey(
    called kid: String, of application: ID, in database: any Database, world: World
  ) async throws -> Bool {
    let now = world.clock.wall
    return try await database.write("revoke key") { transaction in
      try transaction.update(
        ApplicationKeyRecord.self, set: ApplicationKeyRecord.revokedAt.to(now),
        where: ApplicationKeyRecord.application == application && ApplicationKeyRecord.kid == kid
          && ApplicationKeyRecord.revokedAt.isNull)
    } > 0
  }

  /// The same before a server stands, to prepare a database that servers are then started on.
  package static func createOrganization(
    name: String, slug: String, secret: [UInt8], application: ID? = nil, in database: any Database, world: World
  ) async throws -> OrganizationRecord {
    try checkOrganization(slug: slug, secret: secret)
    guard TextRule(limit: ClientToken.nameLimit).accepts(name) else {
      throw SeedError(description: "the name of '\(slug)' must have 1 to \(ClientToken.nameLimit) characters")
    }
    let organization = OrganizationRecord(
      id: world.ids.next(), slug: slug, name: name, secret: secret, createdAt: world.clock.wall,
      application: application)
    return try await database.write("create organization") { transaction in
      if try transaction.insertIfAbsent(organization) { return organization }
      // A server that starts again is given what it was given before.
      let known = try transaction.first(OrganizationRecord.where(OrganizationRecord.slug == slug))
      guard let known, known.secret == secret else {
        throw SeedError(description: "there is an organization '\(slug)' already, with another secret")
      }
      return known
    }
  }

  /// What an organization's slug and secret must be.
  package static func checkOrganization(slug: String, secret: [UInt8]) throws(SeedError) {
    let isSlug = slug.utf8.allSatisfy { byte in
      (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
        || byte == UInt8(ascii: "-")
    }
    guard isSlug, (1...63).contains(slug.utf8.count) else {
      throw SeedError(description: "'\(slug)' is no slug: 1 to 63 of a-z, 0-9 and '-'")
    }
    guard secret.count >= secretMinimum else {
      throw SeedError(description: "the secret of '\(slug)' must have at least \(secretMinimum) bytes")
    }
  }

  /// Makes users of an organization that has none of these external ids, all in one transaction.
  /// - Parameter externalIDs: each is the user's name, too.
  /// - Throws: ``SeedError`` when one of them is taken; `DatabaseError`.
  package static func createUsers(
    organization: ID, externalIDs: [String], in database: any Database, world: World
  ) async throws {
    let now = world.clock.wall
    let users = externalIDs.map { externalID in
      UserRecord(
        id: world.ids.next(), organization: organization, externalID: externalID, name: externalID, email: nil,
        createdAt: now)
    }
    let inserted = try await database.write("create users") { try $0.insertIfAbsent(users) }
    guard inserted == users.count else {
      throw SeedError(description: "\(users.count - inserted) of \(users.count) users were there already")
    }
  }
}
