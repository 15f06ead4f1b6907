/// Runs units of work, one after the other, each in a transaction: the loop of one writer thread.
final class PostgresWriter {
  /// How often a transaction runs at most when others are in its way or its connection broke before the commit.
  private static let attemptLimit = 5
  private static let begin = Query("begin", "BEGIN")
  private static let commit = Query("commit", "COMMIT")
  private static let rollback = Query("rollback", "ROLLBACK")

  private let settings: PostgresSettings
  private var session: PostgresSession?

  init(_ settings: PostgresSettings) { self.settings = settings }

  func drain(_ inbox: BlockingInbox<any WriteUnit>) {
    while let unit = inbox.take(atMost: 1).first { unit.finish(commit(unit)) }
  }

  /// - Returns: what the unit failed with.
  private func commit(_ unit: any WriteUnit) -> (any Error)? {
    var failure: (any Error)?
    for _ in 0..<Self.attemptLimit {
      let wasFresh = session == nil
      failure = attempt(unit)
      guard let error = failure as? DatabaseError else { return failure }
      switch error.kind {
      case .conflict: continue
      // A pooled connection may have died long ago; one that was made for this attempt has told the truth.
      case .connection where !wasFresh: continue
      default: return named(error, unit)
      }
    }
    return (failure as? DatabaseError).map { named($0, unit) } ?? failure
  }

  private func named(_ error: DatabaseError, _ unit: any WriteUnit) -> DatabaseError {
    var error = error
    error.statement = error.statement.map { "\(unit.name), \($0)" } ?? unit.name
    return error
  }

  private func attempt(_ unit: any WriteUnit) -> (any Error)? {
    do {
      let session = try session ?? PostgresSession(settings)
      self.session = session
      defer { if session.isBroken { self.session = nil } }
      try session.send(Self.begin)
      let transaction = PostgresTransaction(session)
      let failure = unit.run(transaction)
      if transaction.failure?.kind == .connection || session.isBroken {
        self.session = nil
        return transaction.failure ?? failure
      }
      if let failure {
        // The database's own failure, where there was one, says whether it is worth trying again.
        let failure = transaction.failure.map { $0.kind == .conflict ? $0 : failure } ?? failure
        do { _ = try session.end(Self.rollback) } catch { self.session = nil }
        return failure
      }
      if let failure = transaction.failure {
        do { _ = try session.end(Self.rollback) } catch { self.session = nil }
        return failure
      }
      return commit(session)
    } catch {
      session = nil
      return error
    }
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
      // What was sent ahead failed, or a deferred constraint: the server has rolled back once it is told to.
      do { _ = try session.end(Self.rollback) } catch { self.session = nil }
      return error
    }
  }
}
