internal import Collaboration
internal import Database
internal import Report
internal import World

/// Fresh databases for scenarios, each a migrated one of its own.
struct Databases: Sendable {
  /// A database and the way to be rid of it.
  struct Opened: Sendable {
    let opened: any Database
    fileprivate let ephemeral: EphemeralDatabase
    fileprivate let kept: KeptList?

    /// Ends its use. It stays where that was asked for.
    /// - Throws: ``HarnessError`` when it cannot.
    func end(_ result: ScenarioResult, _ turn: KeptList.Turn) async throws {
      // The last connection's end moves the write-ahead log into the file.
      await opened.close()
      if let kept, kept.wants(result.status) {
        do { try await kept.keep(ephemeral, turn) } catch {
          await ephemeral.remove()
          throw HarnessError("The database of \(turn.file) cannot be kept: \(error).")
        }
      } else {
        await ephemeral.remove()
      }
    }

    func remove() async {
      await opened.close()
      await ephemeral.remove()
    }
  }

  private let ephemeral: any EphemeralDatabases
  private let kept: KeptList?

  /// - Throws: ``InputError`` for a place where no fresh databases can be made.
  static func check(_ choice: DatabaseChoice) throws(InputError) {
    guard case .url(let url) = choice else { return }
    if url.hasPrefix("sqlite:") {
      // A file holds what somebody has put there, and is one database; whoever names it may mean to look at it afterwards,
      // to choose the disk, or to play on what it holds.
      throw InputError(
        "--database \(url): each scenario is played on a fresh database, and a file is one. Use --database sqlite, which "
          + "makes a file for each (under TMPDIR; --keep keeps them), or serve this one and play with --target.")
    }
    do throws(DatabaseError) { _ = try PostgresURL(url) } catch {
      // The text may hold a password.
      throw InputError(
        "--database: this is no URL of a Postgres server; it has the form postgres://user@host:5432/name.")
    }
  }

  /// - Parameter kept: what is to know of databases that stay; `nil` keeps none.
  /// - Throws: ``HarnessError`` when the database will not start.
  static func start(_ choice: DatabaseChoice, kept: KeptList? = nil, world: World) async throws -> Databases {
    do {
      let ephemeral: any EphemeralDatabases =
        switch choice {
        case .sqlite: try await startEphemeral(.sqlite, world: world)
        case .postgres: try await startEphemeral(.postgres, world: world)
        case .url(let url): try await GivenPostgres.start(try PostgresURL(url))
        }
      do {
        try await ephemeral.makeTemplate { database in
          try await Migrator(database: database, migrations: Collaboration.migrations, world: world).up()
        }
      } catch {
        await ephemeral.stop()
        throw error
      }
      return Databases(ephemeral: ephemeral, kept: kept)
    } catch let error as EphemeralError {
      throw HarnessError("\(error.message).")
    } catch {
      throw HarnessError("The \(choice.name) database would not start: \(error).")
    }
  }

  /// A fresh one.
  func make(_ world: World) async throws -> Opened {
    let database = try await ephemeral.clone()
    do { return Opened(opened: try await database.open(), ephemeral: database, kept: kept) } catch {
      await database.remove()
      throw error
    }
  }

  /// Removes them but for those that stay.
  /// - Returns: how to reach those; empty when there are none.
  /// - Throws: ``HarnessError`` when they cannot stay.
  @discardableResult
  func stop() async throws -> String {
    guard let kept, !kept.isEmpty else {
      await ephemeral.stop()
      return ""
    }
    do { return try kept.describe(try await ephemeral.stop(keepingIn: kept.folder)) } catch let error as EphemeralError
    {
      throw HarnessError("The databases cannot be kept: \(error.message).")
    }
  }
}
