internal import Collaboration
internal import Database
internal import World

/// The schema of a database of the person's own: what `rehearse migrate` does.
package enum SchemaMigration {
  package enum Direction: Sendable {
    /// To this step; `nil` is the newest.
    case up(to: Int?)
    /// To this step; 0 is before the first.
    case down(to: Int)
    case status
  }

  /// Moves the schema and says what was done, a line a step.
  /// - Parameter choice: `postgres://…` or `sqlite:PATH`; one that is ephemeral has no schema to move.
  /// - Throws: ``HarnessError``; ``InputError`` for a step that there is not.
  package static func perform(_ direction: Direction, at choice: DatabaseChoice) async throws -> String {
    guard case .url(let location) = choice else {
      throw InputError("'\(choice.name)' is made and removed by each run; name a database by its URL.")
    }
    let world = World.live(seed: 0)
    let makesIt = if case .up = direction { true } else { false }
    let database = try await open(location, makesIt: makesIt)
    do {
      let text =
        switch direction {
        case .up(let number): try await up(database, to: number, world: world)
        case .down(let number): try await down(database, to: number, world: world)
        case .status: try await status(database, world: world)
        }
      await database.close()
      return text
    } catch {
      await database.close()
      if let error = error as? MigrationError, case .noSuchStep = error.kind { throw InputError("\(error.message).") }
      throw HarnessError("\(error)")
    }
  }

  /// - Parameter makesIt: whether a SQLite file that is not there is made; else a slip in a path is an error.
  /// - Throws: ``HarnessError`` when it cannot be opened.
  static func open(_ location: String, makesIt: Bool) async throws -> any Database {
    let path = String(location.dropFirst("sqlite:".count))
    if !makesIt, location.hasPrefix("sqlite:"), path != ":memory:", !RunFolder.exists(path) {
      throw HarnessError(
        "There is no database at \(path).", hint: "'rehearse migrate up --database \(location)' makes one.")
    }
    do { return try await openDatabase(location) } catch {
      throw HarnessError("The database cannot be opened: \(error).")
    }
  }

  static func up(_ database: any Database, to number: Int?, world: World) async throws -> String {
    let steps = try await migrator(database, world).up(to: number)
    return steps.isEmpty
      ? "nothing to do\n" : steps.map { "up   \($0.number)-\($0.name)\n" }.joined()
  }

  private static func down(_ database: any Database, to number: Int, world: World) async throws -> String {
    let steps = try await migrator(database, world).down(to: number)
    return steps.isEmpty
      ? "nothing to do\n" : steps.map { "down \($0.number)-\($0.name)\n" }.joined()
  }

  private static func status(_ database: any Database, world: World) async throws -> String {
    let status = try await migrator(database, world).status()
    let applied = status.applied.map { step in
      "applied \(step.number)-\(step.name)  \(step.at.rfc3339)  \(step.checksum.prefix(12))\n"
    }
    return (applied + status.pending.map { "pending \($0.number)-\($0.name)\n" }).joined()
  }

  private static func migrator(_ database: any Database, _ world: World) throws -> Migrator {
    try Migrator(database: database, migrations: Collaboration.migrations, world: world)
  }
}
