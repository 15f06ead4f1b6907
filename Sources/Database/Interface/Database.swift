/// A database: reads, transactions, wake-ups.
package protocol Database: Sendable {
  var dialect: Dialect { get }

  /// Runs one statement that changes nothing and gives its rows.
  func read(_ query: Query) async throws(DatabaseError) -> [Row]

  /// Runs `body` in one transaction; commits when it returns, rolls back when it throws, and returns after the commit.
  ///
  /// `body` is synchronous and must be free of side effects other than through its transaction: Postgres runs it again
  /// after a serialization failure or a deadlock. Units that gather are committed together in SQLite; each is on its own
  /// all the same: one that throws takes only its own changes with it. A statement that fails dooms its transaction, even
  /// if the body catches the error and goes on.
  /// - Parameter name: what counters and errors call the transaction.
  /// - Throws: what `body` throws, or `DatabaseError`.
  func write<T: Sendable>(
    _ name: String, _ body: @escaping @Sendable (any Transaction) throws -> T
  ) async throws -> T

  /// Runs `body` over a connection of its own on which each statement commits by itself, once: for what Postgres refuses
  /// to run in a transaction. SQLite refuses nothing, and runs `body` in one transaction.
  /// - Throws: what `body` throws, or `DatabaseError`.
  func alone<T: Sendable>(
    _ name: String, _ body: @escaping @Sendable (any StatementRunner) throws -> T
  ) async throws -> T

  /// Calls `onWake` after each commit of a transaction that notified `channel`; several commits may be one wake-up.
  ///
  /// A wake-up carries nothing: read what is new. It also comes after a lost connection to the database was made again,
  /// because notifications may have been missed, and in SQLite after any commit of another process.
  /// - Parameter onWake: must not block; it is called on a thread of the driver.
  func listen(_ channel: String, _ onWake: @escaping @Sendable () -> Void) async throws -> any Listening

  /// Finishes what was accepted, then closes every connection and joins every thread. Later calls fail.
  func close() async
}

/// A wake-up subscription; ends with ``cancel()``.
package protocol Listening: AnyObject, Sendable {
  func cancel()
}

/// What runs statements one after the other; valid only inside the body that it was given to.
package protocol StatementRunner {
  var dialect: Dialect { get }

  /// Runs a statement and gives its rows; sees what ran before it.
  func query(_ query: Query) throws(DatabaseError) -> [Row]
}

/// An open transaction; valid only inside the body of ``Database/write(_:_:)``.
package protocol Transaction: StatementRunner {
  /// Runs a statement and gives the number of rows it changed.
  @discardableResult
  func execute(_ query: Query) throws(DatabaseError) -> Int

  /// Runs a statement of which nothing is asked but that it succeeds. Postgres does not wait for it: a failure shows with
  /// the next answer, at the latest in the commit.
  func send(_ query: Query) throws(DatabaseError)

  /// Wakes the listeners of `channel` after the commit, once however often it is called.
  func notify(_ channel: String) throws(DatabaseError)

  /// Holds a lock by name until the transaction ends; in SQLite the writer is alone anyway.
  func lock(_ name: String) throws(DatabaseError)
}

extension Database {
  package func alone<T: Sendable>(
    _ name: String, _ body: @escaping @Sendable (any StatementRunner) throws -> T
  ) async throws -> T {
    try await write(name) { try body($0) }
  }
}

extension Transaction {
  package func send(_ query: Query) throws(DatabaseError) { try execute(query) }
}
