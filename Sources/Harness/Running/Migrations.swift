internal import Collaboration
package import Database
internal import World

/// The schema of a database of the person's own.
package enum Migrations {
  /// - Throws: ``HarnessError`` when it cannot be opened.
  package static func open(_ location: String) async throws -> any Database {
    do { return try await openDatabase(location) } catch {
      throw HarnessError("The database cannot be opened: \(error).")
    }
  }

  static func migrator(_ database: any Database, world: World) -> Migrator {
    Migrator(database: database, migrations: Collaboration.migrations, world: world)
  }

  static func up(_ database: any Database, to number: Int?, world: World) async throws {
    do { try await migrator(database, world: world).up(to: number) } catch { throw HarnessError("\(error)") }
  }

  static func down(_ database: any Database, to number: Int, world: World) async throws {
    do { try await migrator(database, world: world).down(to: number) } catch { throw HarnessError("\(error)") }
  }
}
