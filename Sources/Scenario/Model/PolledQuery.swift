/// A query that is executed again and again: until it returns what it must (`eventually`), or as long as it must return
/// it (`always`).
package struct PolledQuery: Sendable {
  package enum Span: Sendable {
    /// It must hold at one time, so long after the cause.
    case within(Duration)
    /// It must hold every time, for so long.
    case lasting(Duration)
    /// It must hold every time, until every other branch has come to the barrier.
    case untilBarrier(String)
  }

  /// Executions of one step; more than that is no test but a load.
  package static let attemptLimit = 10_000
  package static let standardInterval = Duration.milliseconds(100)
  /// Of one `every`.
  static let shortestInterval = Duration.milliseconds(10)

  package var operation: OperationStep
  package var span: Span
  /// From the end of one execution to the start of the next, at most: something that arrives at the actor is a reason to
  /// look at once.
  package var interval: Duration
}

/// What must have arrived in an inbox since it was first opened, whether an expectation has taken it or not.
package struct Receipt: Sendable {
  package var inbox: String
  package var fields: [FieldMatch]
  /// How many; at least one where the file does not say.
  package var count: Matcher
  package var order: OrderRule?
  /// The label or mark after which events count.
  package var since: String?
}

/// The most that a step, or the steps of a scenario, may take; `nil` is without limit.
package struct Budget: Sendable {
  package var mark: Mark
  /// SQL statements of queries and mutations.
  package var statements: Int?
  package var operations: Int?
  /// Events that arrive at the scenario's actors.
  package var events: Int?
  package var duration: Duration?
}
