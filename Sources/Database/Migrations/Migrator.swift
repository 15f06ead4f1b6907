package import World

/// Applies and unapplies migrations, each step in one transaction, one runner at a time.
package struct Migrator: Sendable {
  /// What `schema_migrations` says of a step.
  package struct Applied: Hashable, Sendable {
    package let number: Int
    package let name: String
    package let checksum: String
    package let at: WallTime
  }

  package struct Status: Sendable {
    /// In the order of their numbers.
    package let applied: [Applied]
    package let pending: [Migration]
    /// The highest step that is applied; 0 for an empty database.
    package var head: Int { applied.last?.number ?? 0 }
  }

  private let database: any Database
  private let migrations: [Migration]
  private let world: World

  /// - Throws: `MigrationError` when the numbers of the steps do not ascend. Gaps are allowed: branches that are worked on
  ///   at the same time take ranges of their own.
  package init(database: any Database, migrations: [Migration], world: World) throws(MigrationError) {
    var last = 0
    for migration in migrations {
      guard migration.number > last else {
        throw MigrationError(
          .invalidSteps, "migration \(migration.name) has number \(migration.number), but comes after number \(last)")
      }
      last = migration.number
    }
    self.database = database
    self.migrations = migrations
    self.world = world
  }

  /// The highest number of the steps.
  private var last: Int { migrations.last?.number ?? 0 }

  /// What is applied and what is not.
  /// - Throws: `MigrationError` when the database does not fit the steps; `DatabaseError`.
  package func status() async throws -> Status {
    let ledger = Ledger(database.dialect)
    let exists = try await database.read(ledger.exists).first?.bool(0) ?? false
    let applied = exists ? try ledger.applied(try await database.read(ledger.list)) : []
    try verify(applied)
    return Status(applied: applied, pending: Array(migrations.dropFirst(applied.count)))
  }

  /// Applies what is pending, up to step `target`, or all.
  /// - Returns: the steps that were applied.
  /// - Throws: `MigrationError`, `DatabaseError`.
  @discardableResult
  package func up(to target: Int? = nil) async throws -> [Migration] {
    let target = target ?? last
    try checkTarget(target)
    return try await run { ledger, transaction, applied, time in
      guard let migration = migrations.dropFirst(applied.count).first, migration.number <= target else { return nil }
      try apply(migration, migration.up, "up", transaction)
      try transaction.execute(ledger.insert(migration, time))
      return migration
    }
  }

  /// Unapplies all steps after `target`, the newest first; 0 for all.
  /// - Returns: the steps that were unapplied.
  /// - Throws: `MigrationError`, `DatabaseError`.
  @discardableResult
  package func down(to target: Int) async throws -> [Migration] {
    try checkTarget(target)
    return try await run { ledger, transaction, applied, _ in
      guard let migration = migrations.prefix(applied.count).last, migration.number > target else { return nil }
      try apply(migration, migration.down, "down", transaction)
      try transaction.execute(ledger.delete(migration))
      return migration
    }
  }

  /// Takes one step after the other until there is none. What is applied is looked up under the lock, so that two
  /// runners share the work instead of doing it twice.
  private func run(
    _ step: @escaping @Sendable (Ledger, any Transaction, [Applied], WallTime) throws -> Migration?
  ) async throws -> [Migration] {
    let ledger = Ledger(database.dialect)
    var done: [Migration] = []
    while true {
      let time = world.clock.wall
      let taken = try await database.write("migrate") { transaction in
        try transaction.lock(Ledger.lockName)
        try transaction.execute(ledger.create)
        let applied = try ledger.applied(try transaction.query(ledger.list))
        try verify(applied)
        return try step(ledger, transaction, applied, time)
      }
      guard let taken else { return done }
      done.append(taken)
    }
  }

  private func apply(
    _ migration: Migration, _ script: Migration.Script, _ direction: String, _ transaction: any Transaction
  ) throws {
    let statements = SQLScript.statements(script.text(transaction.dialect))
    for (index, statement) in statements.enumerated() {
      var query = Query("migration \(migration.number)", statement)
      query.isReusable = false
      do { try transaction.execute(query) } catch {
        // A deadlock is for the driver to try again; it looks at the transaction, not at this error.
        throw MigrationError(
          .failed(migration.number),
          """
          migration \(migration.number) \(migration.name) (\(direction), \(transaction.dialect.rawValue)) failed in \
          statement \(index + 1) of \(statements.count): \(error.message)
          \(statement)
          Nothing of this step was kept. Correct the step, then run the migration again.
          """)
      }
    }
  }

  private func verify(_ applied: [Applied]) throws(MigrationError) {
    for (index, step) in applied.enumerated() {
      guard migrations.contains(where: { $0.number == step.number }) else {
        throw MigrationError(
          .unknown(step.number),
          """
          the database has step \(step.number) \(step.name), which this build does not know (its last is \
          \(last)): run a newer build, or migrate down to \(last) with the build that has it
          """)
      }
      let expected = migrations[index]
      guard step.number == expected.number else {
        throw MigrationError(
          .missing(expected.number),
          """
          the database has step \(step.number) \(step.name) but not step \(expected.number) \(expected.name): \
          restore it from a backup
          """)
      }
      guard step.checksum == expected.checksum(database.dialect) else {
        throw MigrationError(
          .changed(step.number),
          """
          migration \(step.number) \(step.name) was changed after it had been applied: restore its text and put the \
          change into a new step, or migrate down to \(step.number - 1) with the build that applied it
          """)
      }
    }
  }

  private func checkTarget(_ target: Int) throws(MigrationError) {
    guard target == 0 || migrations.contains(where: { $0.number == target }) else {
      throw MigrationError(.noSuchStep(target), "there is no step \(target): the last is \(last)")
    }
  }
}

/// The statements about `schema_migrations`.
private struct Ledger: Sendable {
  static let lockName = "schema_migrations"
  let dialect: Dialect

  init(_ dialect: Dialect) { self.dialect = dialect }

  let create = Query(
    "create schema_migrations",
    """
    CREATE TABLE IF NOT EXISTS schema_migrations (
      number bigint NOT NULL PRIMARY KEY, name text NOT NULL, checksum text NOT NULL, applied_at bigint NOT NULL)
    """)

  let list = Query(
    "list schema_migrations", "SELECT number, name, checksum, applied_at FROM schema_migrations ORDER BY number")

  let exists = Query(
    "find schema_migrations",
    postgres: "SELECT to_regclass('schema_migrations') IS NOT NULL",
    sqlite: "SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = 'schema_migrations'")

  func insert(_ migration: Migration, _ time: WallTime) -> Query {
    Query(
      "insert schema_migrations", "INSERT INTO schema_migrations VALUES ($1, $2, $3, $4)",
      [
        .int(Int64(migration.number)), .text(migration.name), .text(migration.checksum(dialect)),
        .int(time.milliseconds),
      ])
  }

  func delete(_ migration: Migration) -> Query {
    Query(
      "delete schema_migrations", "DELETE FROM schema_migrations WHERE number = $1", [.int(Int64(migration.number))])
  }

  func applied(_ rows: [Row]) throws(DatabaseError) -> [Migrator.Applied] {
    var applied: [Migrator.Applied] = []
    for row in rows {
      applied.append(
        Migrator.Applied(
          number: try row.get(0), name: try row.text(1), checksum: try row.text(2), at: try row.get(3)))
    }
    return applied
  }
}
