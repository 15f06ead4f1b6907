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

  /// The same, but what ``EphemeralDatabase/keep(as:)`` has kept stays.
  /// - Parameter folder: a folder that is there, where what is a file is put.
  /// - Throws: `EphemeralError` when something cannot be put there.
  func stop(keepingIn folder: String) async throws -> KeptDatabases

  /// The same at once and without waiting for tasks: for the handler of Ctrl-C. Safe to call more than once.
  func removeNow()
}

/// One database of ``EphemeralDatabases``.
package struct EphemeralDatabase: Sendable {
  /// What ``openDatabase(_:)`` opens, in this process or in another one.
  package let location: String
  private let onRemove: @Sendable () async -> Void
  private let onKeep: @Sendable (_ path: String) async throws -> String

  init(
    location: String, onRemove: @escaping @Sendable () async -> Void,
    onKeep: @escaping @Sendable (_ path: String) async throws -> String
  ) {
    self.location = location
    self.onRemove = onRemove
    self.onKeep = onKeep
  }

  package func open() async throws(DatabaseError) -> any Database { try await openDatabase(location) }

  /// Removes it; close it first.
  package func remove() async { await onRemove() }

  /// Lets it stay when the others go; close it first.
  /// - Parameter path: says what it is of. A database that is a file is put there, in a folder that is there.
  /// - Returns: the name by which ``KeptDatabases/url(of:)`` knows it.
  /// - Throws: `EphemeralError` or `DatabaseError` when it cannot stay.
  package func keep(as path: String) async throws -> String { try await onKeep(path) }
}

/// Databases that stayed when the run that made them had ended.
package struct KeptDatabases: Sendable {
  /// The shell commands that start their server, and that end it; `nil` where that is not for us.
  package var start: String?
  package var end: String?
  private let location: @Sendable (_ name: String) -> String

  init(location: @escaping @Sendable (_ name: String) -> String) { self.location = location }

  /// What ``openDatabase(_:)`` opens; without a password.
  package func url(of name: String) -> String { location(name) }
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
  GivenPostgres.removeAllNow()
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
