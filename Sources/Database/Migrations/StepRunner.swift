internal import World

/// Takes one step in one direction, under the lock of the one runner that may work.
struct StepRunner: Sendable {
  enum Outcome: Sendable {
    case took(Migration)
    /// Nothing is left to do.
    case finished
    /// Another runner is at work.
    case locked
    /// The step must be taken outside of a transaction.
    case concurrent(Migration)
  }

  let ledger: Ledger
  let direction: Migration.Direction
  let limits: Migrator.Limits
  let time: WallTime
  /// Checks what is applied and gives the next step, or `nil` when there is none.
  let next: @Sendable ([Migrator.Applied]) throws -> Migration?

  /// What is applied is looked up under the lock, so that two runners share the work instead of doing it twice.
  func take(in transaction: any StatementRunner) throws -> Outcome {
    guard try transaction.query(ledger.tryLock(.transaction)).first?.bool(0) == true else { return .locked }
    guard let migration = try nextStep(transaction) else { return .finished }
    if transaction.dialect == .postgres {
      if case .indexes = migration.work { return .concurrent(migration) }
      try limitLocks(limits.lockTimeout, "SET LOCAL", transaction)
    }
    let statements = migration.statements(up: direction == .up, transaction.dialect)
    for (index, statement) in statements.enumerated() {
      do { _ = try transaction.query(query(migration, statement)) } catch {
        // A deadlock is for the driver to try again; it looks at the transaction, not at this error.
        throw failure(
          migration, statement, "\(index + 1) of \(statements.count)", error, kept: "Nothing of this step was kept.")
      }
    }
    try record(migration, transaction)
    return .took(migration)
  }

  /// The step as it was found to be next; `.locked` also when another runner took it in the meantime.
  func takeConcurrently(_ migration: Migration, on connection: any StatementRunner) throws -> Outcome {
    guard try connection.query(ledger.tryLock(.connection)).first?.bool(0) == true else { return .locked }
    guard try nextStep(connection)?.number == migration.number, case .indexes(let all) = migration.work else {
      return .locked
    }
    let indexes = all.filter { $0.dialects.contains(.postgres) }
    try limitLocks(limits.concurrentLockTimeout, "SET", connection)
    for (number, index) in indexes.enumerated() {
      let statement = direction == .up ? index.create(.postgres) : index.drop(.postgres)
      do {
        // A runner that was killed leaves an index that is not valid, or one that is and was not recorded.
        let found = try connection.query(validity(of: index)).first?.bool(0)
        if direction == .up, found == true { continue }
        if direction == .up, found == false { _ = try connection.query(query(migration, index.drop(.postgres))) }
        _ = try connection.query(query(migration, statement))
      } catch {
        throw failure(
          migration, statement, "\(number + 1) of \(indexes.count)", error,
          kept: "An index that is not valid may be left: it answers no query, and the next run replaces it.")
      }
    }
    try record(migration, connection)
    return .took(migration)
  }

  private func nextStep(_ runner: any StatementRunner) throws -> Migration? {
    _ = try runner.query(ledger.create)
    return try next(try ledger.applied(try runner.query(ledger.list)))
  }

  private func record(_ migration: Migration, _ runner: any StatementRunner) throws {
    _ = try runner.query(direction == .up ? ledger.insert(migration, time) : ledger.delete(migration))
  }

  private func limitLocks(_ limit: Duration, _ set: String, _ runner: any StatementRunner) throws {
    _ = try runner.query(Query("lock timeout", "\(set) lock_timeout = \(limit.wholeNanoseconds / 1_000_000)"))
  }

  private func query(_ migration: Migration, _ sql: String) -> Query {
    var query = Query("migration \(migration.number)", sql)
    query.isReusable = false
    return query
  }

  private func validity(of index: ConcurrentIndex) -> Query {
    Query("index validity", "SELECT indisvalid FROM pg_index WHERE indexrelid = to_regclass($1)", [.text(index.name)])
  }

  private func failure(
    _ migration: Migration, _ statement: String, _ place: String, _ error: DatabaseError, kept: String
  ) -> MigrationError {
    let step = "migration \(migration.number) \(migration.name) (\(direction.rawValue), \(ledger.dialect.rawValue))"
    guard error.kind != .busy else {
      return MigrationError(
        .busy(migration.number),
        """
        \(step) could not lock what it changes in statement \(place): \(error.message)
        \(statement)
        \(kept) Others hold it in a long transaction (pg_stat_activity shows which): end that, or run the migration \
        again at a quieter time.
        """)
    }
    return MigrationError(
      .failed(migration.number),
      """
      \(step) failed in statement \(place): \(error.message)
      \(statement)
      \(kept) Correct the step, or the rows that it does not like, then run the migration again.
      """)
  }
}
