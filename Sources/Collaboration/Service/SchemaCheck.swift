internal import Database
internal import World

/// The database is at another step of the schema than this build needs.
package struct SchemaMismatch: Error, Hashable, Sendable, CustomStringConvertible {
  package let description: String
  /// Steps are missing: `rehearse migrate up` helps.
  package var isBehind = false
}

extension Collaboration {
  /// - Throws: ``SchemaMismatch`` unless all steps of this build, and no others, were applied.
  static func checkSchema(of database: any Database, world: World) async throws {
    let status: Migrator.Status
    do {
      status = try await Migrator(database: database, migrations: migrations, world: world).status()
    } catch let error as MigrationError {
      throw SchemaMismatch(description: "the database does not fit this build: \(error.message)")
    }
    guard status.pending.isEmpty else {
      let needed = migrations.last?.number ?? 0
      let behind = "the database's schema is at step \(status.head), this build needs step \(needed)"
      throw SchemaMismatch(description: behind, isBehind: true)
    }
  }
}
