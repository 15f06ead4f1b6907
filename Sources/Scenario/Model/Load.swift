/// How many virtual users do what, how often, for how long.
package struct LoadModel: Sendable {
  package var mark: Mark
  /// The organization whose generated users the virtual users are.
  package var organization: String
  /// How many virtual users connect a second while the load is set up.
  package var connectRate: Double
  /// Virtual users that share what `partySetup` captured; 1 when each is alone.
  package var partySize: Int
  /// Taken once per party, by its first virtual user.
  package var partySetup: [Step]
  /// Taken once per virtual user, after its party's setup.
  package var start: [Step]
  /// What runs at the same time, each with virtual users of its own; at least one.
  package var profiles: [LoadProfile]
  /// What happens before this is over is not measured: caches fill, connections settle.
  package var warmUp: Duration
  /// How long iterations that are under way may go on after the last has started.
  package var gracefulStop: Duration

  package init(mark: Mark, organization: String, profiles: [LoadProfile]) {
    self.mark = mark
    self.organization = organization
    self.profiles = profiles
    connectRate = 500
    partySize = 1
    partySetup = []
    start = []
    warmUp = .zero
    gracefulStop = .seconds(5)
  }

  /// The journeys of all profiles, each once.
  package var allJourneys: [Journey] {
    var names: Set<String> = []
    return profiles.flatMap(\.journeys).filter { names.insert($0.name).inserted }
  }

  package var virtualUsers: Int { profiles.reduce(0) { $0 + $1.virtualUsers } }
}

/// One iteration of a virtual user.
package struct Journey: Sendable {
  package var name: String
  /// How often it is taken beside the others: twice the weight, twice as often.
  package var weight: Int
  package var steps: [Step]

  package init(name: String, weight: Int = 1, steps: [Step]) {
    self.name = name
    self.weight = weight
    self.steps = steps
  }
}

/// Virtual users that start iterations by one executor.
package struct LoadProfile: Sendable {
  package var name: String
  package var virtualUsers: Int
  package var executor: Executor
  package var arrivals: Arrivals
  /// What becomes of an arrival that finds no virtual user free.
  package var busy: WhenBusy
  /// After the start of the load.
  package var startAt: Duration
  /// The least time from the start of a virtual user's iteration to that of its next; `nil` is none. Closed loops only.
  package var pacing: Duration?
  /// What an iteration may be, chosen by weight; at least one.
  package var journeys: [Journey]

  package init(name: String = "load", virtualUsers: Int, executor: Executor, journeys: [Journey] = []) {
    self.name = name
    self.virtualUsers = virtualUsers
    self.executor = executor
    self.journeys = journeys
    arrivals = .even
    busy = .drop
    startAt = .zero
  }
}

/// How the iterations of an arrival rate follow each other.
package enum Arrivals: String, Sendable, CaseIterable {
  /// At equal distances.
  case even
  /// At random, independent of each other, as people come: exponential distances of the same mean.
  case poisson
}

/// What becomes of an iteration of an arrival rate that finds no virtual user free.
package enum WhenBusy: String, Sendable, CaseIterable {
  /// It does not take place, and counts as dropped.
  case drop
  /// It is taken by the first who is free again, and still measured from when it was meant to start.
  case wait
}

/// From where the last stage ended to `target`, in a straight line. Nothing at all is a jump.
package struct RampStage: Hashable, Sendable {
  /// Iterations a second, or virtual users.
  package var target: Double
  package var duration: Duration

  package init(target: Double, duration: Duration) {
    self.target = target
    self.duration = duration
  }
}

/// What decides when an iteration starts; the names are k6's.
package enum Executor: Hashable, Sendable {
  /// So many iterations in all, taken by whichever virtual user is free.
  case sharedIterations(iterations: Int, maxDuration: Duration)
  /// So many iterations for each virtual user.
  case perVUIterations(iterations: Int, maxDuration: Duration)
  /// Every virtual user iterates as often as it can.
  case constantVUs(duration: Duration)
  /// The same, with a number of virtual users that changes.
  case rampingVUs(start: Int, stages: [RampStage])
  /// So many iterations start a second, whether earlier ones have ended or not (open loop).
  case constantArrivalRate(rate: Double, duration: Duration)
  /// The same, with a rate that changes.
  case rampingArrivalRate(start: Double, stages: [RampStage])

  package var name: String {
    switch self {
    case .sharedIterations: "shared-iterations"
    case .perVUIterations: "per-vu-iterations"
    case .constantVUs: "constant-vus"
    case .rampingVUs: "ramping-vus"
    case .constantArrivalRate: "constant-arrival-rate"
    case .rampingArrivalRate: "ramping-arrival-rate"
    }
  }

  /// Whether iterations start at times of their own, so that one can find no virtual user free.
  package var isOpenLoop: Bool {
    switch self {
    case .constantArrivalRate, .rampingArrivalRate: true
    default: false
    }
  }
}

/// One value by which metrics are told apart: `{event:messageAdded}`.
package struct MetricTag: Hashable, Sendable, CustomStringConvertible {
  package enum Key: String, Sendable, CaseIterable {
    case action, event, journey, profile
  }

  package var key: Key
  package var value: String

  package init(_ key: Key, _ value: String) {
    self.key = key
    self.value = value
  }

  package var description: String { "{\(key.rawValue):\(value)}" }
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
  /// Which samples of the metric count; `nil` counts them all.
  package var tag: MetricTag?
  /// As the file says it.
  package var expression: String
  package var aggregate: Aggregate
  package var comparison: Comparison
  /// Milliseconds for durations.
  package var limit: Double
  /// Ends the load as soon as this does not hold; judged every second from this long after its start.
  package var abortAfter: Duration?
  package var mark: Mark

  /// The metric as files write it: `errors`, `delivery_latency{event:messageAdded}`.
  package var series: String { metric + (tag?.description ?? "") }

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
