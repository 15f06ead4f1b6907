internal import Synchronization

/// Counts statements and transactions, so that tests can pin how many a request needs.
package final class StatementCounter: Sendable {
  /// The most names that are kept; the count goes on.
  private static let nameLimit = 10_000

  private let statements = Atomic(0)
  private let writes = Atomic(0)
  private let keepsNames: Bool
  private let kept = Mutex<[String]>([])

  /// - Parameter keepsNames: false for numbers only, which take no lock.
  package init(keepsNames: Bool = true) { self.keepsNames = keepsNames }

  /// Statements since the last reset.
  package var count: Int { statements.load(ordering: .relaxed) }
  /// Transactions since the last reset.
  package var transactions: Int { writes.load(ordering: .relaxed) }
  /// The names of the statements, in the order they were made.
  package var names: [String] { kept.withLock { $0 } }

  package func reset() {
    statements.store(0, ordering: .relaxed)
    writes.store(0, ordering: .relaxed)
    kept.withLock { $0 = [] }
  }

  func statement(_ name: String) {
    statements.wrappingAdd(1, ordering: .relaxed)
    guard keepsNames else { return }
    kept.withLock { if $0.count < Self.nameLimit { $0.append(name) } }
  }

  func transaction() { writes.wrappingAdd(1, ordering: .relaxed) }
}

/// A database that counts what it is asked.
package struct CountingDatabase: Database {
  private let base: any Database
  package let counter: StatementCounter

  package init(_ base: any Database, counter: StatementCounter = StatementCounter()) {
    self.base = base
    self.counter = counter
  }

  package var dialect: Dialect { base.dialect }

  package func read(_ query: Query) async throws(DatabaseError) -> [Row] {
    counter.statement(query.name)
    return try await base.read(query)
  }

  package func write<T: Sendable>(
    _ name: String, _ body: @escaping @Sendable (any Transaction) throws -> T
  ) async throws -> T {
    counter.transaction()
    return try await base.write(name) { [counter] in try body(CountingTransaction(base: $0, counter: counter)) }
  }

  package func alone<T: Sendable>(
    _ name: String, _ body: @escaping @Sendable (any StatementRunner) throws -> T
  ) async throws -> T {
    try await base.alone(name, body)
  }

  package func listen(_ channel: String, _ onWake: @escaping @Sendable () -> Void) async throws -> any Listening {
    try await base.listen(channel, onWake)
  }

  package func close() async { await base.close() }
}

private struct CountingTransaction: Transaction {
  let base: any Transaction
  let counter: StatementCounter

  var dialect: Dialect { base.dialect }

  func query(_ query: Query) throws(DatabaseError) -> [Row] {
    counter.statement(query.name)
    return try base.query(query)
  }

  func execute(_ query: Query) throws(DatabaseError) -> Int {
    counter.statement(query.name)
    return try base.execute(query)
  }

  func send(_ query: Query) throws(DatabaseError) {
    counter.statement(query.name)
    try base.send(query)
  }

  func notify(_ channel: String) throws(DatabaseError) { try base.notify(channel) }
  func lock(_ name: String) throws(DatabaseError) { try base.lock(name) }
}
