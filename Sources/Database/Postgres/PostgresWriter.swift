internal import Glibc

/// Runs units of work, one after the other, each in a transaction: the loop of one writer thread.
final class PostgresWriter {
  /// How often a transaction runs at most when others are in its way or its connection broke before the commit.
  private static let attemptLimit = 8
  private static let begin = Query("begin", "BEGIN")
  private static let commit = Query("commit", "COMMIT")
  private static let rollback = Query("rollback", "ROLLBACK")

  private let settings: PostgresSettings
  /// Microseconds before a second attempt; three times as long before the third, and so on.
  private let pause: UInt32
  private var session: PostgresSession?

  /// - Parameter number: apart from the other writers': those that got in each other's way wait differently long.
  init(_ settings: PostgresSettings, number: Int) {
    self.settings = settings
    pause = UInt32(clamping: number + 1) * 1_000
  }

  func drain(_ inbox: BlockingInbox<any WriteUnit>) {
    while let unit = inbox.take(atMost: 1)?.first { unit.finish(commit(unit)) }
  }

  /// - Returns: what the unit failed with.
  private func commit(_ unit: any WriteUnit) -> (any Error)? {
    var failure: (any Error)?
    for attempt in 0..<Self.attemptLimit {
      if attempt > 0 { usleep(pause * UInt32(2 * attempt - 1)) }
      let session: PostgresSession
      do { session = try open() } catch { return named(error, unit) }
      failure = run(unit, session)
      if session.isBroken { self.session = nil }
      guard let error = failure as? DatabaseError else { return failure }
      // A server that says goodbye does so before libpq sees the connection's end.
      if error.kind == .connection { self.session = nil }
      // Nothing was committed: others were in its way, or the connection, which may have died long ago, broke before.
      if error.kind != .conflict, error.kind != .connection { return named(error, unit) }
    }
    return (failure as? DatabaseError).map { named($0, unit) } ?? failure
  }

  private func open() throws(DatabaseError) -> PostgresSession {
    if let session { return session }
    let session = try PostgresSession(settings)
    self.session = session
    return session
  }

  private func named(_ error: DatabaseError, _ unit: any WriteUnit) -> DatabaseError {
    var error = error
    error.statement = error.statement.map { "\(unit.name), \($0)" } ?? unit.name
    return error
  }

  private func run(_ unit: any WriteUnit, _ session: PostgresSession) -> (any Error)? {
    do { try session.send(Self.begin) } catch { return error }
    let transaction = PostgresTransaction(session)
    let thrown = unit.run(transaction)
    if let failure = transaction.failure, failure.kind == .connection || session.isBroken { return failure }
    guard thrown != nil || transaction.failure != nil else { return commit(session) }
    rollback(session)
    // The body may have wrapped the error, but only the database knows whether it is worth trying again.
    if let failure = transaction.failure, failure.kind == .conflict { return failure }
    return thrown ?? transaction.failure
  }

  private func commit(_ session: PostgresSession) -> DatabaseError? {
    do {
      let result = try session.end(Self.commit)
      guard result.command == "COMMIT" else {
        return DatabaseError(.other("aborted"), "the transaction was rolled back by the server")
      }
      return nil
    } catch {
      if session.isBroken || error.kind == .connection {
        self.session = nil
        return DatabaseError(.unknownOutcome, "the connection broke while committing: \(error.message)")
      }
      // What was sent ahead failed, or a deferred constraint: the server rolls back once it is told to.
      rollback(session)
      return error
    }
  }

  private func rollback(_ session: PostgresSession) {
    // A connection that cannot even do this is not used again; its end rolls back as well.
    do { _ = try session.end(Self.rollback) } catch { self.session = nil }
  }
}
