// Harness: puts a system under test together (database, server, network), plays scenarios on it, and writes the run's
// files.

internal import Collaboration
internal import Database
internal import Scenario
internal import Server
internal import World

/// The collaboration server on a database of its own, with a scenario's organizations and users in it. What carries its
/// bytes, real sockets or simulated ones, is put around it.
struct Product: Sendable {
  let collaboration: Collaboration
  let core: ServerCore
  let tokens: ClientTokens

  /// Starts the server on a migrated database.
  static func start(on database: any Database, for scenario: Scenario, world: World) async throws -> Product {
    var settings = Collaboration.Settings()
    if let lease = scenario.server.presenceLease { settings.presenceLease = lease }
    let collaboration = try await Collaboration(
      database: database, world: world, settings: settings, build: Build.version)
    var secrets: [String: [UInt8]] = [:]
    var random = world.random("organization secrets")
    for organization in scenario.organizations {
      let secret = (0..<4).flatMap { _ in withUnsafeBytes(of: random.next()) { Array($0) } }
      let record = try await collaboration.createOrganization(
        name: organization.name, slug: organization.name, secret: secret)
      try await Collaboration.createUsers(
        organization: record.id, externalIDs: organization.users, in: database, world: world)
      secrets[organization.name] = secret
    }
    var configuration = ServerConfiguration()
    if let lease = scenario.server.presenceLease {
      // The transport's own limit on silence must not be what ends a presence that the lease should end.
      configuration.silenceLimit = max(configuration.silenceLimit, lease * 2)
    }
    let core = ServerCore(service: collaboration, world: world, configuration: configuration)
    return Product(collaboration: collaboration, core: core, tokens: ClientTokens(secrets: secrets))
  }
}
