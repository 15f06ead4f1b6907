package import World

/// Applies and unapplies migrations, one runner at a time. A step and its record are one transaction, so that a runner that
/// is killed leaves the database at a step; a step of concurrent indexes is resumed instead.
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

  /// How long a runner waits for others.
  package struct Limits: Sendable {
    /// How long a statement may wait for a lock in Postgres. Everybody who wants the same table waits behind it.
    package var lockTimeout: Duration = .seconds(3)
    /// The same while an index is built concurrently, behind which nobody waits.
    package var concurrentLockTimeout: Duration = .seconds(600)
    /// How often a step is tried at most when others hold what it changes.
    package var lockAttempts = 5
    /// How long others may go on between two such attempts.
    package var lockPause: Duration = .seconds(1)
    /// How long another runner may be at work.
    package var runnerWait: Duration = .seconds(60)
    /// How often it is looked whether it still is.
    package var runnerPoll: Duration = .milliseconds(50)

    package init() {}
  }

  private let limits: Limits
  private let database: any Database
  private let migrations: [Migration]
  private let world: World

  /// - Throws: `MigrationError` when the numbers of the steps do not ascend. Gaps are allowed: branches that are worked on
  ///   at the same time take ranges of their own.
  package init(
    database: any Database, migrations: [Migration], world: World, limits: Limits = Limits()
  ) throws(MigrationError) {
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
    self.limits = limits
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
    return try await run(.up) { applied in
      migrations.dropFirst(applied.count).first.flatMap { $0.number <= target ? $0 : nil }
    }
  }

  /// Unapplies all steps after `target`, the newest first; 0 for all.
  /// - Returns: the steps that were unapplied.
  /// - Throws: `MigrationError`, `DatabaseError`.
  @discardableResult
  package func down(to target: Int) async throws -> [Migration] {
    try checkTarget(target)
    return try await run(.down) { applied in
      migrations.prefix(applied.count).last.flatMap { $0.number > target ? $0 : nil }
    }
  }

  /// Takes one step after the other until there is none. Waits for another runner, and comes back when others hold what
  /// a step changes: as long as it waits for a lock, everybody who wants the same table waits behind it.
  private func run(
    _ direction: Migration.Direction, _ next: @escaping @Sendable ([Applied]) -> Migration?
  ) async throws -> [Migration] {
    var done: [Migration] = []
    var busy = 0
    var waitingSince: Instant?
    while true {
      let outcome: StepRunner.Outcome
      do { outcome = try await take(direction, next) } catch let error as MigrationError {
        guard case .busy = error.kind else { throw error }
        busy += 1
        guard busy < limits.lockAttempts else { throw error }
        try await world.sleep(for: limits.lockPause)
        continue
      } catch let error as DatabaseError where error.kind == .busy {
        outcome = .locked
      }
      switch outcome {
      case .took(let migration):
        done.append(migration)
        busy = 0
        waitingSince = nil
      case .finished: return done
      case .locked, .concurrent:
        let since = waitingSince ?? world.clock.now
        waitingSince = since
        guard since + limits.runnerWait > world.clock.now else {
          throw MigrationError(
            .locked,
            """
            another runner is migrating this database, or holds it, for longer than \(limits.runnerWait): see what it \
            does, then run the migration again; it goes on where the other one ended
            """)
        }
        try await world.sleep(for: limits.runnerPoll)
      }
    }
  }

  private func take(
    _ direction: Migration.Direction, _ next: @escaping @Sendable ([Applied]) -> Migration?
  ) async throws -> StepRunner.Outcome {
    let step = StepRunner(
      ledger: Ledger(database.dialect), direction: direction, limits: limits, time: world.clock.wall
    ) { applied in
      try verify(applied)
      return next(applied)
    }
    let outcome = try await database.write("migrate") { try step.take(in: $0) }
    guard case .concurrent(let migration) = outcome else { return outcome }
    return try await database.alone("migrate") { try step.takeConcurrently(migration, on: $0) }
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
