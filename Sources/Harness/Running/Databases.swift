internal import Collaboration
internal import Database
internal import World

/// Fresh databases for scenarios, each a migrated one of its own.
struct Databases: Sendable {
  /// A database and the way to be rid of it.
  struct Opened: Sendable {
    let opened: any Database
    let ephemeral: EphemeralDatabase
    let keep: RunFolder?

    /// Ends its use, and puts it into the folder of databases that are kept when there is one.
    /// - Parameter name: a path within the run's folder.
    /// - Throws: ``HarnessError`` when it cannot be kept.
    func end(keepAs name: String) async throws {
      // The last connection's end moves the write-ahead log into the file.
      await opened.close()
      if let keep, ephemeral.location.hasPrefix("sqlite:") {
        try keep.write(try RunFolder.read(String(ephemeral.location.dropFirst("sqlite:".count))), as: name)
      }
      await ephemeral.remove()
    }

    func remove() async {
      await opened.close()
      await ephemeral.remove()
    }
  }

  private let ephemeral: any EphemeralDatabases
  private let keep: RunFolder?

  /// - Parameter keep: the run folder that databases are kept in; `nil` keeps none.
  /// - Throws: ``HarnessError`` when the database will not start.
  static func start(_ choice: DatabaseChoice, keep: RunFolder? = nil, world: World) async throws -> Databases {
    let dialect: Dialect
    switch choice {
    case .sqlite: dialect = .sqlite
    case .postgres: dialect = .postgres
    case .url:
      throw HarnessError(
        "Scenarios are played on fresh databases only, and there is no way yet to make them at a URL.",
        hint: "Use --database sqlite or --database postgres.")
    }
    do {
      let ephemeral = try await startEphemeral(dialect, world: world)
      do {
        try await ephemeral.makeTemplate { database in
          try await Migrator(database: database, migrations: Collaboration.migrations, world: world).up()
        }
      } catch {
        await ephemeral.stop()
        throw error
      }
      return Databases(ephemeral: ephemeral, keep: keep)
    } catch let error as EphemeralError {
      throw HarnessError(error.message)
    } catch {
      throw HarnessError("The \(choice.name) database would not start: \(error).")
    }
  }

  /// A fresh one.
  func make(_ world: World) async throws -> Opened {
    let database = try await ephemeral.clone()
    do { return Opened(opened: try await database.open(), ephemeral: database, keep: keep) } catch {
      await database.remove()
      throw error
    }
  }

  func stop() async { await ephemeral.stop() }
}
