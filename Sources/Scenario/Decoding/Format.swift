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
      KeyShape("schema", .text, "The schema's file (SDL), when it is not the product's; from this file."),
      KeyShape("include", .oneOrMany(.text), "Files of flows, from this file."),
      KeyShape("flows", .dictionary(.mapping(flow)), "Steps under names, for 'use'."),
      KeyShape("feeders", .dictionary(.mapping(feeder)), "Rows of data by name: ${people.email}."),
      KeyShape("budget", .mapping(budget), "The most that all steps together may take."),
      KeyShape("steps", .steps, "What happens, one after the other."),
      KeyShape("load", .mapping(LoadFormat.load), "How many virtual users do what, how often."),
      KeyShape(
        "thresholds", .dictionary(.oneOrMany(.either(.text, LoadFormat.threshold))),
        "Limits on the metrics of the load."),
    ])

  /// A file that others include.
  static let library = MappingShape(
    name: "a file of flows",
    keys: [
      KeyShape("description", .text, "What they are for."),
      KeyShape("schema", .text, "The schema's file (SDL) where no scenario includes it; else the scenario's holds."),
      KeyShape("include", .oneOrMany(.text), "Files of flows that these use, from this file."),
      KeyShape("flows", .dictionary(.mapping(flow)), required: true, "Steps under names, for 'use'."),
    ])

  /// What a root mapping is: a library has flows and nothing that would play.
  static func file(_ keys: [String]) -> MappingShape {
    let plays = ["name", "steps", "load", "world"].contains(where: keys.contains)
    return keys.contains("flows") && !plays ? library : scenario
  }

  static let flow = MappingShape(
    name: "a flow",
    keys: [
      KeyShape("description", .text, "What it does."),
      KeyShape(
        "parameters", .dictionary(.either(.oneOf(parameterKinds), parameter)),
        "What it is given: name to type, or to type and default."),
      KeyShape("returns", .list(.name), "Captured names that a step which uses it may keep."),
      KeyShape("steps", .steps, required: true, "The steps. They see the parameters and their own captures only."),
    ])

  static let parameterKinds = FlowDefinition.Parameter.Kind.allCases.map(\.rawValue)

  static let parameter = MappingShape(
    name: "a parameter",
    keys: [
      KeyShape("type", .oneOf(parameterKinds), required: true, "What it must be."),
      KeyShape("default", .template, "What stands for it where a step gives nothing."),
    ])

  static let feeder = MappingShape(
    name: "a feeder",
    keys: [
      KeyShape("file", .text, required: true, "A .csv or .json file, from this file."),
      KeyShape("order", .oneOf(Feeder.Order.allCases.map(\.rawValue)), "sequential (the default), random or unique."),
      KeyShape("types", .dictionary(.oneOf(["text", "number", "boolean"])), "What the columns of a .csv are; text."),
    ])

  static let budget = MappingShape(
    name: "a budget",
    keys: [
      KeyShape("statements", .integer(0...1_000_000_000), "SQL statements of queries and mutations."),
      KeyShape("operations", .integer(0...1_000_000_000), "Queries and mutations."),
      KeyShape("events", .integer(0...1_000_000_000), "Events that arrive."),
      KeyShape("duration", .duration, "Time."),
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
}
