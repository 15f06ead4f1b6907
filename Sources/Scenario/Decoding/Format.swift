/// The scenario format, key by key.
enum Format {
  static let nameLimit = 200
  /// Control steps (`each`, `repeat`, `parallel`) within each other.
  static let nestingLimit = 8
  static let repeatLimit = 1_000_000
  static let generateLimit = 100_000

  static let scenario = MappingShape(
    name: "a scenario",
    keys: [
      KeyShape("name", .text, required: true, "What must hold, in one line."),
      KeyShape("description", .text, "More than the name says."),
      KeyShape("tags", .list(.name), "Names to choose scenarios by (--tag)."),
      KeyShape("timeout", .duration, "The longest that the steps may take; 30s unless said otherwise."),
      KeyShape("server", .mapping(server), "Settings of the server under test."),
      KeyShape("world", .mapping(world), "What exists before the first step."),
      KeyShape("actors", .dictionary(.mapping(actor)), "Further actors beside those that the world's users are."),
      KeyShape("actions", .text, "The folder of actions, from this file; the nearest 'actions' unless said otherwise."),
      KeyShape("steps", .steps, "What happens, one after the other."),
      KeyShape("load", .mapping(load), "How many virtual users do what, how often."),
      KeyShape("thresholds", .dictionary(.oneOrMany(.text)), "Limits on the metrics of the load."),
    ])

  static let server = MappingShape(
    name: "the server's settings",
    keys: [
      KeyShape("presenceLease", .duration, "How long a silent connection keeps its presences."),
      KeyShape("heartbeat", .duration, "How often clients send a heartbeat."),
    ])

  static let world = MappingShape(
    name: "a world",
    keys: [
      KeyShape(
        "organizations", .dictionary(.either(.list(.name), organization)), required: true,
        "Organizations with their users, or the number of users to generate.")
    ])

  static let organization = MappingShape(
    name: "an organization",
    keys: [
      KeyShape("users", .list(.name), "Users by name; each is an actor too."),
      KeyShape("generate", .integer(1...generateLimit), "How many further users to make: user-0001, user-0002, …"),
    ])

  static let actor = MappingShape(
    name: "an actor",
    keys: [
      KeyShape("user", .name, required: true, "Whose session and socket it is."),
      KeyShape("organization", .name, "Needed when users of two organizations have that name."),
    ])

  static let load = MappingShape(
    name: "a load",
    keys: [
      KeyShape("organization", .name, required: true, "Whose generated users the virtual users are."),
      KeyShape("virtualUsers", .integer(1...generateLimit), required: true, "How many."),
      KeyShape("connectRate", .rate, "How many begin a second; 500/s unless said otherwise."),
      KeyShape("party", .mapping(party), "Virtual users that share what their setup captured."),
      KeyShape("start", .steps, "Once for each virtual user."),
      KeyShape("journey", .steps, required: true, "One iteration."),
      KeyShape("executor", .oneOf(executors.map(\.name)), required: true, "What decides when an iteration starts."),
      KeyShape("rate", .rate, "Iterations that start a second."),
      KeyShape("duration", .duration, "How long iterations start."),
      KeyShape("iterations", .integer(1...1_000_000_000), "How many in all."),
      KeyShape("maxDuration", .duration, "When to give up; 10m unless said otherwise."),
      KeyShape("gracefulStop", .duration, "How long what is under way may go on at the end; 5s unless said otherwise."),
    ])

  static let party = MappingShape(
    name: "a party",
    keys: [
      KeyShape("size", .integer(1...generateLimit), required: true, "How many virtual users."),
      KeyShape("setup", .steps, "Taken once for each party, by its first virtual user."),
    ])

  /// The keys that an executor takes, and which of them it needs.
  static let executors: [(name: String, required: [String], optional: [String])] = [
    ("shared-iterations", ["iterations"], ["maxDuration"]),
    ("constant-vus", ["duration"], []),
    ("constant-arrival-rate", ["rate", "duration"], []),
  ]
  static let executorKeys = ["rate", "duration", "iterations", "maxDuration"]
}
