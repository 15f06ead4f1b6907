internal import Scenario
private import Synchronization
internal import World

/// Counts what a step, or a whole scenario, takes, and judges it by its budget.
final class Meter: Sendable {
  private struct Counts {
    var operations = 0
    var statements = 0
    /// Operations whose statements the server did not tell.
    var uncounted = 0
  }

  let budget: Budget
  private let began: Instant
  private let eventsBefore: Int
  private let counts = Mutex(Counts())

  init(_ budget: Budget, stage: Stage) {
    self.budget = budget
    began = stage.around.world.clock.now
    eventsBefore = Self.events(stage)
  }

  var countsStatements: Bool { budget.statements != nil }

  private static func events(_ stage: Stage) -> Int { stage.arrivals.reduce(0) { $0 + $1.count } }

  func add(statements: Int?) {
    counts.withLock { counts in
      counts.operations += 1
      counts.statements += statements ?? 0
      if statements == nil { counts.uncounted += 1 }
    }
  }

  /// - Parameters:
  ///   - subject: what the budget is of, for the message.
  ///   - ended: when it had been taken.
  /// - Returns: what was overdrawn; `nil` when nothing was.
  func verdict(of subject: String, ended: Instant, _ stage: Stage) -> Failure? {
    let counts = counts.withLock { $0 }
    if let limit = budget.operations, counts.operations > limit {
      return failure(subject, "\(counts.operations) operations", "at most \(limit)", "\(counts.operations)")
    }
    if let limit = budget.statements {
      if counts.statements > limit {
        return failure(subject, "\(counts.statements) SQL statements", "at most \(limit)", "\(counts.statements)")
      }
      if counts.uncounted > 0 {
        if stage.around.system.countsStatements {
          return failure(
            subject, "an unknown number of SQL statements", "at most \(limit)",
            "\(counts.uncounted) operations without extensions.statements")
        }
        stage.note("\(budget.mark): the server does not count SQL statements, so this budget was not judged")
      }
    }
    let events = Self.events(stage) - eventsBefore
    if let limit = budget.events, events > limit {
      return failure(subject, "\(events) events", "at most \(limit)", "\(events)")
    }
    let duration = ended - began
    if let limit = budget.duration, duration > limit {
      return failure(subject, Shown.of(duration), "at most \(Shown.of(limit))", Shown.of(duration))
    }
    return nil
  }

  private func failure(_ subject: String, _ taken: String, _ expected: String, _ seen: String) -> Failure {
    Failure(
      mark: budget.mark, message: "\(subject) took \(taken), more than its budget", expected: expected, seen: seen)
  }
}
