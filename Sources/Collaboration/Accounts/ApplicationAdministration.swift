package import Database
package import World

/// What operators see of an application and its keys; the keys' material is not among it.
package struct ApplicationSummary: Hashable, Sendable {
  package struct Key: Hashable, Sendable {
    package let kid: String
    package let algorithm: TokenAlgorithm
    package let createdAt: WallTime
    package let revokedAt: WallTime?
  }

  package let name: String
  /// The slugs of the organizations that it owns.
  package let organizations: [String]
  /// The oldest first.
  package let keys: [Key]
}

extension Collaboration {
  /// Every application, by name.
  package static func applications(in database: any Database) async throws -> [ApplicationSummary] {
    var summaries: [ApplicationSummary] = []
    for application in try await database.select(ApplicationRecord.all.order(by: ApplicationRecord.name.ascending)) {
      let organizations = try await database.select(
        OrganizationRecord.where(OrganizationRecord.application == application.id)
          .order(by: OrganizationRecord.slug.ascending))
      let keys = try await database.select(
        ApplicationKeyRecord.where(ApplicationKeyRecord.application == application.id)
          .order(by: ApplicationKeyRecord.createdAt.ascending))
      summaries.append(
        ApplicationSummary(
          name: application.name, organizations: organizations.map(\.slug),
          keys: keys.map { record in
            ApplicationSummary.Key(
              kid: record.kid, algorithm: record.key.algorithm, createdAt: record.createdAt,
              revokedAt: record.revokedAt)
          }))
    }
    return summaries
  }

  /// The application of that name; made when it is not there.
  /// - Throws: ``SeedError`` for a name that is none; `DatabaseError`.
  package static func ensureApplication(
    name: String, in database: any Database, world: World
  ) async throws -> ApplicationRecord {
    guard TextRule(limit: ClientToken.nameLimit).accepts(name) else {
      throw SeedError(description: "an application's name must have 1 to \(ClientToken.nameLimit) characters")
    }
    let fresh = ApplicationRecord(id: world.ids.next(), name: name, createdAt: world.clock.wall)
    return try await database.write("ensure application") { transaction in
      // Names have no constraint of their own: two operators at once must not make two.
      try transaction.lock("applications")
      if let known = try transaction.first(ApplicationRecord.where(ApplicationRecord.name == name)) { return known }
      try transaction.insert(fresh)
      return fresh
    }
  }

  /// The application of that name.
  /// - Throws: ``SeedError`` when there is none; `DatabaseError`.
  package static func application(named name: String, in database: any Database) async throws -> ApplicationRecord {
    guard let known = try await database.first(ApplicationRecord.where(ApplicationRecord.name == name)) else {
      throw SeedError(description: "there is no application '\(name)'")
    }
    return known
  }

  /// Lets an application's keys sign for an organization, in the place of any other application's.
  /// - Throws: ``SeedError`` when there is no such organization; `DatabaseError`.
  package static func assign(
    organization slug: String, to application: ID, in database: any Database
  ) async throws {
    let count = try await database.write("assign organization") { transaction in
      try transaction.update(
        OrganizationRecord.self, set: OrganizationRecord.application.to(application),
        where: OrganizationRecord.slug == slug)
    }
    guard count > 0 else { throw SeedError(description: "there is no organization '\(slug)'") }
  }
}
