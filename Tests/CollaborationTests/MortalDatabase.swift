import Database

/// A database whose process dies before a chosen statement. In Postgres its connection is cut; in SQLite `onDeath` copies
/// the files as they are then, which is what the next process would find.
final class MortalDatabase: Database {
  private let base: any Database
  private let left = Mutexed<Int>(.max)
  private let onDeath: @Sendable () -> Void

  init(_ base: any Database, onDeath: @escaping @Sendable () -> Void = {}) {
    self.base = base
    self.onDeath = onDeath
  }

  /// It dies before statement `number` from now, counted from 0. A commit counts as one.
  func die(before number: Int) { left.update { $0 = number } }

  var isDead: Bool { left.value < 0 }
  var dialect: Dialect { base.dialect }

  /// Called before each statement and each commit.
  fileprivate func step(_ runner: any StatementRunner) throws(DatabaseError) {
    left.update { $0 -= 1 }
    guard isDead else { return }
    if left.value == -1 {
      onDeath()
      if dialect == .postgres { _ = try runner.query(Query("die", "SELECT pg_terminate_backend(pg_backend_pid())")) }
    }
    throw DatabaseError(.other("killed"), "killed")
  }

  func read(_ query: Query) async throws(DatabaseError) -> [Row] { try await base.read(query) }

  func write<T: Sendable>(
    _ name: String, _ body: @escaping @Sendable (any Transaction) throws -> T
  ) async throws -> T {
    try await base.write(name) { transaction in
      let result = try body(MortalTransaction(base: transaction, database: self))
      try self.step(transaction)
      return result
    }
  }

  func alone<T: Sendable>(
    _ name: String, _ body: @escaping @Sendable (any StatementRunner) throws -> T
  ) async throws -> T {
    try await base.alone(name) { try body(MortalRunner(base: $0, database: self)) }
  }

  func listen(_ channel: String, _ onWake: @escaping @Sendable () -> Void) async throws -> any Listening {
    try await base.listen(channel, onWake)
  }

  func close() async { await base.close() }
}

private struct MortalRunner: StatementRunner {
  let base: any StatementRunner
  let database: MortalDatabase
  var dialect: Dialect { base.dialect }

  func query(_ query: Query) throws(DatabaseError) -> [Row] {
    try database.step(base)
    return try base.query(query)
  }
}

private struct MortalTransaction: Transaction {
  let base: any Transaction
  let database: MortalDatabase
  var dialect: Dialect { base.dialect }

  func query(_ query: Query) throws(DatabaseError) -> [Row] {
    try database.step(base)
    return try base.query(query)
  }

  func execute(_ query: Query) throws(DatabaseError) -> Int {
    try database.step(base)
    return try base.execute(query)
  }

  func notify(_ channel: String) throws(DatabaseError) { try base.notify(channel) }
  func lock(_ name: String) throws(DatabaseError) { try base.lock(name) }
}
