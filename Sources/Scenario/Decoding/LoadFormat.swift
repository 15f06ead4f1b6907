/// The load part of the scenario format, key by key.
enum LoadFormat {
  static let weightLimit = 1_000_000
  static let profileLimit = 100

  static let load = MappingShape(
    name: "a load",
    keys: [
      KeyShape("organization", .name, required: true, "Whose generated users the virtual users are."),
      KeyShape("connectRate", .rate, "How many virtual users begin a second; 500/s unless said otherwise."),
      KeyShape("party", .mapping(party), "Virtual users that share what their setup captured."),
      KeyShape("start", .steps, "Once for each virtual user."),
      KeyShape("journey", .steps, "One iteration."),
      KeyShape("journeys", .dictionary(.mapping(journey)), "Several kinds of iterations, chosen by weight."),
      KeyShape("profiles", .dictionary(.mapping(profile)), "Several executors at once, with users of their own."),
      KeyShape("warmUp", .duration, "What happens so early is not measured."),
      KeyShape("gracefulStop", .duration, "How long what is under way may go on at the end; 5s unless said otherwise."),
    ] + running)

  static let party = MappingShape(
    name: "a party",
    keys: [
      KeyShape("size", .integer(1...Format.generateLimit), required: true, "How many virtual users."),
      KeyShape("setup", .steps, "Taken once for each party, by its first virtual user."),
    ])

  static let journey = MappingShape(
    name: "a journey",
    keys: [
      KeyShape("weight", .integer(1...weightLimit), "How often beside the others; 1 unless said otherwise."),
      KeyShape("steps", .steps, required: true, "One iteration."),
    ])

  static let profile = MappingShape(
    name: "a profile",
    keys: running + [
      KeyShape("startAt", .duration, "How long after the start of the load."),
      KeyShape("journeys", .list(.name), "Which of the load's journeys; all unless said otherwise."),
    ])

  static let stage = MappingShape(
    name: "a stage",
    keys: [
      KeyShape("duration", .duration, required: true, "How long."),
      KeyShape("target", .text, required: true, "Where it ends: a rate such as 100/s, or how many virtual users."),
    ])

  static let threshold = MappingShape(
    name: "a threshold",
    keys: [
      KeyShape("threshold", .text, required: true, "The limit, as in p(95)<200."),
      KeyShape("abortOnFail", .boolean, "Whether the load ends as soon as it does not hold."),
      KeyShape("delayAbortEval", .duration, "How long after the start that is judged first."),
    ])

  /// Who iterates by which executor.
  private static let running = [
    KeyShape("virtualUsers", .integer(1...Format.generateLimit), "How many."),
    KeyShape("executor", .oneOf(executors.map(\.name)), "What decides when an iteration starts."),
    KeyShape("rate", .rate, "Iterations that start a second."),
    KeyShape("startRate", .rate, "The rate that the first stage begins with; none unless said otherwise."),
    KeyShape("startVUs", .integer(0...Format.generateLimit), "How many the first stage begins with; none unless said."),
    KeyShape("stages", .list(.mapping(stage)), "How the rate, or the number of virtual users, changes."),
    KeyShape("duration", .duration, "How long iterations start."),
    KeyShape("iterations", .integer(1...1_000_000_000), "How many in all, or for each virtual user."),
    KeyShape("maxDuration", .duration, "When to give up; 10m unless said otherwise."),
    KeyShape("arrivals", .oneOf(Arrivals.allCases.map(\.rawValue)), "even unless said otherwise, or poisson."),
    KeyShape("busy", .oneOf(WhenBusy.allCases.map(\.rawValue)), "Who finds nobody free: drop unless said, or wait."),
    KeyShape("pacing", .duration, "The least time from one iteration of a virtual user to its next."),
  ]

  /// The keys that an executor takes, and which of them it needs.
  static let executors: [(name: String, required: [String], optional: [String])] = [
    ("shared-iterations", ["iterations"], ["maxDuration", "pacing"]),
    ("per-vu-iterations", ["iterations"], ["maxDuration", "pacing"]),
    ("constant-vus", ["duration"], ["pacing"]),
    ("ramping-vus", ["stages"], ["startVUs", "pacing"]),
    ("constant-arrival-rate", ["rate", "duration"], ["arrivals", "busy"]),
    ("ramping-arrival-rate", ["stages"], ["startRate", "arrivals", "busy"]),
  ]
  static let executorKeys = [
    "rate", "startRate", "startVUs", "stages", "duration", "iterations", "maxDuration", "arrivals", "busy", "pacing",
  ]
}
