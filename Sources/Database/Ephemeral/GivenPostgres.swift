internal import Glibc
internal import Synchronization
internal import World

/// Databases of our own on a Postgres server that somebody else has started. It goes on without us, so all of them bear the
/// name of this run, and a run that died is recognised: the session of that name, which each run keeps open, is gone.
package final class GivenPostgres: EphemeralDatabases {
  private static let living = Mutex<[String: GivenPostgres]>([:])
  /// `DROP DATABASE … WITH (FORCE)` came with this version.
  private static let oldestVersion = 13
  /// The names of runs: 32 hexadecimal digits. What is kept is called otherwise, and stays.
  private static let pattern = "^rehearsal_[0-9a-f]{32}"
  private static let patternLength = 42
  /// How often it is tried to remove everything at once.
  private static let removalLimit = 50

  private let run: String
  private let url: PostgresURL
  private let clones: PostgresClones
  /// Held open until the databases are gone.
  private let beacon = Mutex<PostgresBeacon?>(nil)

  package let dialect = Dialect.postgres

  /// Connects, sweeps away the databases of runs that died, and makes an empty template.
  /// - Throws: `EphemeralError` that says what to do, for a server that cannot be reached, is too old, or lets us make no
  ///   databases.
  package static func start(_ url: PostgresURL) async throws -> GivenPostgres {
    let shown = url.withoutPassword.text
    do {
      let administration = try PostgresAdministration(url.text)
      try await check(administration, shown)
      let server = try GivenPostgres(url)
      try await server.show()
      living.withLock { $0[server.run] = server }
      do {
        try await server.begin()
        return server
      } catch {
        await server.stop()
        throw error
      }
    } catch let error as DatabaseError {
      throw EphemeralError("The Postgres server at \(shown) cannot be used: \(error.message)")
    }
  }

  private init(_ url: PostgresURL) throws(DatabaseError) {
    let run = Self.runName()
    self.url = url
    self.run = run
    // The first 12 digits are the time.
    let kept = "rehearsal_kept_\(run.dropFirst("rehearsal_".count).prefix(12))_"
    clones = try PostgresClones(
      prefix: "\(run)_", keptPrefix: kept, template: "\(run)_template", home: url.calling(run).text,
      location: { url.naming($0).text })
  }

  private static func check(_ administration: PostgresAdministration, _ shown: String) async throws {
    let facts = try await administration.run(
      "SELECT current_setting('server_version_num'), rolname, rolcreatedb OR rolsuper FROM pg_roles "
        + "WHERE rolname = current_user")
    guard let row = facts.first, row.count == 3, let version = Int(row[0]) else { return }
    guard version / 10_000 >= oldestVersion else {
      throw EphemeralError("The Postgres server at \(shown) is version \(version / 10_000); \(oldestVersion) is needed")
    }
    guard row[2] == "t" else {
      throw EphemeralError(
        "The user '\(row[1])' may make no databases at \(shown): an administrator allows it by "
          + "ALTER ROLE \"\(row[1])\" CREATEDB")
    }
  }

  private func show() async throws {
    let beacon = try await clones.administration.beacon()
    self.beacon.withLock { $0 = beacon }
  }

  private func begin() async throws {
    // Before those who live: one that begins meanwhile has no database yet.
    let found = try await names(like: Self.pattern)
    let sessions = try await clones.administration.run(
      "SELECT application_name FROM pg_stat_activity WHERE application_name ~ '\(Self.pattern)$'")
    let runs = Set(sessions.compactMap(\.first))
    for name in found where !runs.contains(String(name.prefix(Self.patternLength))) {
      try await clones.administration.run(PostgresClones.drop(name))
    }
    // The same order of texts as on a cluster of our own, whatever the server's is.
    try await clones.administration.run(
      "CREATE DATABASE \(run)_template TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C'")
  }

  package func makeTemplate(_ prepare: @Sendable (any Database) async throws -> Void) async throws {
    try await clones.makeTemplate(prepare)
  }

  package func clone() async throws -> EphemeralDatabase { try await clones.clone() }

  package func stop() async {
    // What cannot be dropped now is dropped when the next run begins.
    for name in (try? await names(like: "^\(run)_")) ?? [] {
      _ = try? await clones.administration.run(PostgresClones.drop(name))
    }
    forget()
  }

  package func stop(keepingIn folder: String) async throws -> KeptDatabases {
    await stop()
    return KeptDatabases { [url] in url.withoutPassword.naming($0).text }
  }

  package func removeNow() {
    // What is just being made would be there afterwards; who makes it goes on until the template is gone.
    let ending =
      "SELECT pg_terminate_backend(pid), pg_sleep(0.02) FROM pg_stat_activity WHERE application_name = "
      + "'\(run)' AND pid <> pg_backend_pid()"
    for _ in 0..<Self.removalLimit {
      let ended = try? clones.administration.runNow(ending)
      guard let names = try? clones.administration.runNow(Self.query(like: "^\(run)_")) else { break }
      if names.isEmpty, ended?.isEmpty ?? true { break }
      for name in names.compactMap(\.first) { _ = try? clones.administration.runNow(PostgresClones.drop(name)) }
    }
    forget()
  }

  /// What the handler of Ctrl-C calls.
  static func removeAllNow() {
    for server in living.withLock({ Array($0.values) }) { server.removeNow() }
  }

  private func forget() {
    beacon.withLock { $0 = nil }
    _ = Self.living.withLock { $0.removeValue(forKey: run) }
  }

  private func names(like pattern: String) async throws -> [String] {
    try await clones.administration.run(Self.query(like: pattern)).compactMap(\.first)
  }

  /// Databases of ours alone: another user's runs are for that user.
  private static func query(like pattern: String) -> String {
    "SELECT datname FROM pg_database WHERE datname ~ '\(pattern)' AND pg_get_userbyid(datdba) = current_user ORDER BY 1"
  }

  /// A name that no other run has, on whatever machine.
  private static func runName() -> String {
    let world = World.live(seed: World.freshSeed() << 22 ^ UInt64(getpid()))
    return "rehearsal_\(world.ids.next().description.filter { $0 != "-" })"
  }
}
