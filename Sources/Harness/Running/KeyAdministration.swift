internal import Collaboration
internal import Database
internal import World

/// Applications and the keys that sign their organizations' tokens: what `rehearse serve keys` does, on the database and
/// so on every server of it at once.
package enum KeyAdministration {
  package enum Material: Sendable {
    /// The path of a file that holds a secret of at least 32 bytes (HS256).
    case secret(file: String)
    /// The path of a file that holds a PEM public key (RS256, EdDSA).
    case publicKey(file: String)
  }

  package enum Deed: Sendable {
    case list
    /// Makes the application too when it is not there.
    case add(application: String, kid: String, Material)
    case revoke(application: String, kid: String)
    case assign(application: String, organization: String)
  }

  /// Does it, and says what was done.
  /// - Parameter configuration: names a database at a URL, at this build's step of the schema.
  /// - Throws: ``InputError`` for names that there are not and keys that cannot be used; ``HarnessError``.
  package static func perform(_ deed: Deed, at configuration: ServeConfiguration) async throws -> String {
    guard case .url(let location) = configuration.options.database else {
      throw InputError(
        "'\(configuration.options.database.name)' is made and removed by each run; name a database by its URL.")
    }
    let world = World.live(seed: World.freshSeed())
    let database = try await SchemaMigration.open(location, makesIt: false)
    do {
      let text = try await perform(deed, on: database, world)
      await database.close()
      return text
    } catch {
      await database.close()
      if let error = error as? SeedError { throw InputError("\(error).") }
      if error is InputError { throw error }
      throw HarnessError("\(error)")
    }
  }

  private static func perform(_ deed: Deed, on database: any Database, _ world: World) async throws -> String {
    switch deed {
    case .list: return list(try await Collaboration.applications(in: database))
    case .add(let name, let kid, let material):
      let key = try key(material)
      let application = try await Collaboration.ensureApplication(name: name, in: database, world: world)
      try await Collaboration.addKey(key, called: kid, to: application.id, in: database, world: world)
      return "added key '\(kid)' (\(key.algorithm.rawValue)) to application '\(name)'\n"
    case .revoke(let name, let kid):
      let application = try await Collaboration.application(named: name, in: database)
      guard try await Collaboration.revokeKey(called: kid, of: application.id, in: database, world: world) else {
        throw InputError("application '\(name)' has no key '\(kid)' that could be revoked.")
      }
      return "revoked key '\(kid)' of application '\(name)'\n"
    case .assign(let name, let slug):
      let application = try await Collaboration.application(named: name, in: database)
      try await Collaboration.assign(organization: slug, to: application.id, in: database)
      return "organization '\(slug)' is of application '\(name)'\n"
    }
  }

  private static func key(_ material: Material) throws -> TokenKey {
    switch material {
    case .secret(let file):
      guard let secret = SettingText.secret("@\(file)") else { throw InputError("\(file) cannot be read.") }
      return TokenKey(algorithm: .hs256, material: Array(secret.utf8))
    case .publicKey(let file):
      guard let bytes = try? RunFolder.read(file) else { throw InputError("\(file) cannot be read.") }
      return try TokenKey(publicKey: String(decoding: bytes, as: UTF8.self))
    }
  }

  private static func list(_ applications: [ApplicationSummary]) -> String {
    guard !applications.isEmpty else { return "no applications\n" }
    return applications.map { application in
      let keys = application.keys.map { key in
        let end = key.revokedAt.map { "  revoked \($0.rfc3339)" } ?? ""
        return "  key \(key.kid)  \(key.algorithm.rawValue)  added \(key.createdAt.rfc3339)\(end)\n"
      }
      let organizations = application.organizations.map { "  organization \($0)\n" }
      return "\(application.name)\n" + (organizations + keys).joined()
    }.joined()
  }
}
