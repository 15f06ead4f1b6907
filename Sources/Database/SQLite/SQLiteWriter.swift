/// Commits units of work: many in one transaction, each behind a savepoint of its own.
struct SQLiteWriter: Sendable {
  private static let begin = Query("begin", "BEGIN IMMEDIATE")
  private static let commit = Query("commit", "COMMIT")
  private static let rollback = Query("rollback", "ROLLBACK")
  private static let savepoint = Query("savepoint", "SAVEPOINT unit")
  private static let release = Query("release", "RELEASE unit")
  private static let rollbackUnit = Query("rollback unit", "ROLLBACK TO unit")

  let connection: SQLiteConnection

  /// Runs all units and commits them together. When the commit fails, or the database gave up the transaction in the
  /// middle, each unit runs again alone, so that it gets the error that is its own.
  /// - Returns: for each unit what it failed with, and the channels to wake, in order.
  func commit(_ units: [any WriteUnit]) -> (failures: [(any Error)?], channels: [String]) {
    if units.count > 1, let batch = commitTogether(units) { return batch }
    var failures: [(any Error)?] = []
    var channels: [String] = []
    for unit in units {
      let (failure, woken) = commitAlone(unit)
      failures.append(failure)
      for channel in woken where !channels.contains(channel) { channels.append(channel) }
    }
    return (failures, channels)
  }

  private func commitTogether(_ units: [any WriteUnit]) -> (failures: [(any Error)?], channels: [String])? {
    do {
      _ = try connection.run(Self.begin)
      var failures: [(any Error)?] = []
      var channels: [String] = []
      for unit in units {
        _ = try connection.run(Self.savepoint)
        let transaction = SQLiteTransaction(connection)
        let failure = unit.run(transaction) ?? transaction.failure
        if connection.isIdle { return nil }
        if failure != nil {
          _ = try connection.run(Self.rollbackUnit)
        } else {
          for channel in transaction.channels where !channels.contains(channel) { channels.append(channel) }
        }
        _ = try connection.run(Self.release)
        failures.append(failure)
      }
      _ = try connection.run(Self.commit)
      return (failures, channels)
    } catch {
      if !connection.isIdle { _ = try? connection.run(Self.rollback) }
      return nil
    }
  }

  private func commitAlone(_ unit: any WriteUnit) -> (failure: (any Error)?, channels: [String]) {
    do {
      _ = try connection.run(Self.begin)
      let transaction = SQLiteTransaction(connection)
      if let failure = unit.run(transaction) ?? transaction.failure {
        if !connection.isIdle { _ = try connection.run(Self.rollback) }
        return (failure, [])
      }
      _ = try connection.run(Self.commit)
      return (nil, transaction.channels)
    } catch {
      if !connection.isIdle { _ = try? connection.run(Self.rollback) }
      var error = error
      error.statement = "\(unit.name), \(error.statement ?? "")"
      return (error, [])
    }
  }
}
