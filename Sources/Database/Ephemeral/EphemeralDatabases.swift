package import World

/// Databases that live as long as a run: a template that is made once, and copies of it, one for each scenario.
package protocol EphemeralDatabases: Sendable {
  var dialect: Dialect { get }

  /// Makes the template that ``clone()`` copies, from an empty database; once, before the first clone.
  func makeTemplate(_ prepare: @Sendable (any Database) async throws -> Void) async throws

  /// A new database, equal to the template.
  /// - Throws: `EphemeralError`.
  func clone() async throws -> EphemeralDatabase

  /// Removes everything: processes, files.
  func stop() async

  /// The same at once and without waiting for tasks: for the handler of Ctrl-C. Safe to call more than once.
  func removeNow()
}

/// One database of ``EphemeralDatabases``.
package struct EphemeralDatabase: Sendable {
  /// What ``openDatabase(_:)`` opens, in this process or in another one.
  package let location: String
  private let onRemove: @Sendable () async -> Void

  init(location: String, onRemove: @escaping @Sendable () async -> Void) {
    self.location = location
    self.onRemove = onRemove
  }

  package func open() async throws(DatabaseError) -> any Database { try await openDatabase(location) }

  /// Removes it; close it first.
  package func remove() async { await onRemove() }
}

/// Starts ephemeral databases of a dialect, after sweeping away what killed processes left.
/// - Throws: `EphemeralError`, for instance when Postgres is not installed.
package func startEphemeral(_ dialect: Dialect, world: World) async throws -> any EphemeralDatabases {
  switch dialect {
  case .sqlite: try EphemeralSQLite.start()
  case .postgres: try await EphemeralPostgres.start(world: world)
  }
}

/// Removes all ephemeral databases of this process at once, also those that are just being started: for the handler of
/// Ctrl-C, before the process ends.
package func removeEphemeralDatabasesNow() {
  let paths = RunFolder.ours
  for path in paths { Postmaster.endAbandoned("\(path)/data") }
  // What still copies or starts would write into a folder that is being removed.
  SystemProcesses.endAll()
  for path in paths { Files.remove(path) }
}

/// Opens the database at a location: `sqlite:PATH`, `sqlite::memory:`, or what libpq understands (`postgres://…`).
package func openDatabase(_ location: String) async throws(DatabaseError) -> any Database {
  guard location.hasPrefix("sqlite:") else { return try await PostgresDatabase.connect(location) }
  let path = String(location.dropFirst("sqlite:".count))
  return try SQLiteDatabase.open(path == ":memory:" ? .memory : .file(path))
}
