/// How many virtual users do what, how often, for how long.
package struct LoadModel: Sendable {
  package var mark: Mark
  /// The organization whose generated users the virtual users are.
  package var organization: String
  package var virtualUsers: Int
  /// How many virtual users connect a second while the load is set up.
  package var connectRate: Double
  /// Virtual users that share what `partySetup` captured; 1 when each is alone.
  package var partySize: Int
  /// Taken once per party, by its first virtual user.
  package var partySetup: [Step]
  /// Taken once per virtual user, after its party's setup.
  package var start: [Step]
  /// One iteration.
  package var journey: [Step]
  package var executor: Executor
  /// How long iterations that are under way may go on after the last has started.
  package var gracefulStop: Duration

  package init(mark: Mark, organization: String, virtualUsers: Int, executor: Executor) {
    self.mark = mark
    self.organization = organization
    self.virtualUsers = virtualUsers
    self.executor = executor
    connectRate = 500
    partySize = 1
    partySetup = []
    start = []
    journey = []
    gracefulStop = .seconds(5)
  }
}

/// What decides when an iteration starts; the names are k6's.
package enum Executor: Hashable, Sendable {
  /// So many iterations in all, taken by whichever virtual user is free.
  case sharedIterations(iterations: Int, maxDuration: Duration)
  /// Every virtual user iterates as often as it can.
  case constantVUs(duration: Duration)
  /// So many iterations start a second, whether earlier ones have ended or not (open loop).
  case constantArrivalRate(rate: Double, duration: Duration)

  package var name: String {
    switch self {
    case .sharedIterations: "shared-iterations"
    case .constantVUs: "constant-vus"
    case .constantArrivalRate: "constant-arrival-rate"
    }
  }
}

/// A limit on a metric: `p(95)<200`.
package struct Threshold: Hashable, Sendable {
  package enum Aggregate: Hashable, Sendable {
    case percentile(Double)
    case average, minimum, maximum, median, count, rate
  }

  package enum Comparison: String, Sendable, CaseIterable {
    case less = "<"
    case atMost = "<="
    case greater = ">"
    case atLeast = ">="
    case equal = "=="
    case unequal = "!="
  }

  package var metric: String
  /// As the file says it.
  package var expression: String
  package var aggregate: Aggregate
  package var comparison: Comparison
  /// Milliseconds for durations.
  package var limit: Double
  package var mark: Mark

  package init(
    metric: String, expression: String, aggregate: Aggregate, comparison: Comparison, limit: Double, mark: Mark
  ) {
    self.metric = metric
    self.expression = expression
    self.aggregate = aggregate
    self.comparison = comparison
    self.limit = limit
    self.mark = mark
  }
}
