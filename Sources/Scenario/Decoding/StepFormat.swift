/// The verbs of a step and the keys beside them.
enum StepFormat {
  private static let actors = KeyShape("as", .oneOrMany(.name), "Who takes the step.")
  private static let variables = KeyShape("with", .values, "Variables of the operation.")
  private static let capture = KeyShape("capture", .captures, "Keeps values for later steps: name to path.")
  private static let fails = KeyShape("fails", .either(.text, failure), "The step passes only when it is refused so.")
  private static let judgement = [
    KeyShape("returns", .fields, "Path in the data to what it must be."), fails,
    KeyShape("statements", .matcher, "What the number of SQL statements must be."),
    capture,
  ]
  private static let channel = KeyShape("over", .oneOf(["http", "socket"]), "Where it travels; http unless said so.")
  private static let condition = KeyShape("where", .fields, "Which events count: path to matcher.")

  private static let label = KeyShape("label", .name, "Names the moment before the step, for 'since'.")
  private static let budget = KeyShape("budget", .mapping(Format.budget), "The most that the step may take.")
  private static let since = KeyShape("since", .name, "A label or mark: events after it, in time from it.")
  private static let order = KeyShape("inOrder", .order, "Path to 'ascending', or to the values in order.")
  private static let polling = [
    actors, variables, channel, KeyShape("returns", .fields, required: true, "Path in the data to what it must be."),
    KeyShape("every", .duration, "From one execution to the next; 100ms unless said otherwise."), label, budget,
  ]

  private static let failure = MappingShape(
    name: "a refusal",
    keys: [
      KeyShape("code", .text, "The error's extensions.code, or a user error's code."),
      KeyShape("message", .text, "A text within its message."),
    ])

  private static let ending = MappingShape(
    name: "a disconnection",
    keys: [
      KeyShape("actor", .oneOrMany(.name), "Whose connection ends."),
      KeyShape("how", .oneOf(DisconnectManner.allCases.map(\.rawValue)), "close, drop or silent."),
    ])

  private static let pause = MappingShape(
    name: "a pause",
    keys: [
      KeyShape("from", .duration, required: true, "The shortest."),
      KeyShape("to", .duration, required: true, "The longest; all between are as likely."),
    ])

  private static let marked = [actors, label, budget]
  private static let operating = marked + [variables, channel] + judgement

  static let verbs: [VerbShape] = [
    VerbShape("connect", .nothingOr(.oneOrMany(.name)), "Opens the actors' sockets.", marked),
    VerbShape(
      "subscribe", .text, "Opens a subscription and waits until it is live.",
      marked + [
        variables, fails,
        KeyShape("inbox", .name, "The name for what arrives; the action's unless said otherwise."),
      ]),
    VerbShape("do", .text, "Executes an action.", operating),
    VerbShape("query", .text, "Executes a query that is written here.", operating),
    VerbShape("mutate", .text, "Executes a mutation that is written here.", operating),
    VerbShape("enter", .template, "Enters the page of that URL, over the socket.", marked + [variables] + judgement),
    VerbShape("leave", .template, "Leaves the page of that URL, over the socket.", marked + [variables] + judgement),
    VerbShape(
      "expect", .text, "What must arrive in an inbox.",
      [
        actors, condition, KeyShape("within", .duration, "How long after its cause; 5s unless said otherwise."),
        KeyShape("count", .integer(1...1_000_000), "How many; 1 unless said otherwise."),
        KeyShape("exactly", .booleanOrCount, "true, or a number: and no more than that."),
        order, since, capture,
      ]),
    VerbShape("never", .text, "What must not arrive in an inbox, decided by a fence.", [actors, condition, since]),
    VerbShape(
      "received", .text, "What must have arrived in an inbox so far, taken or not, decided by a fence.",
      [actors, condition, KeyShape("count", .matcher, "How many; at least 1 unless said otherwise."), order, since]),
    VerbShape(
      "eventually", .text, "A query that is executed until it returns what it must.",
      polling + [KeyShape("within", .duration, "How long after the cause; 5s unless said otherwise."), capture]),
    VerbShape(
      "always", .text, "A query that is executed again and again, and must return this every time.",
      polling + [
        KeyShape("for", .duration, "How long."),
        KeyShape("until", .name, "The barrier of the enclosing 'parallel' at which it ends."),
      ]),
    VerbShape(
      "each", .oneOrMany(.name), "Takes steps once as each actor, or once with each row of a feeder.",
      [KeyShape("steps", .steps, required: true, "The steps."), label, budget]),
    VerbShape(
      "repeat", .integer(1...Format.repeatLimit), "Takes steps again and again.",
      [KeyShape("steps", .steps, required: true, "The steps."), label, budget]),
    VerbShape("parallel", .list(.steps), "Takes branches of steps at the same time.", [label, budget]),
    VerbShape(
      "use", .name, "Takes the steps of a flow.",
      marked + [
        KeyShape("with", .values, "The flow's parameters."),
        KeyShape("capture", .captures, "Keeps what the flow returns: new name to the flow's."),
      ]),
    VerbShape("mark", .name, "Names the moment, for 'since'."),
    VerbShape("barrier", .name, "Waits for the other branches that name it."),
    VerbShape("capture", .values, "Keeps values made of earlier ones."),
    VerbShape("pause", .either(.duration, pause), "Think time of a virtual user, in a load."),
    VerbShape("disconnect", .nothingOr(.either(.oneOrMany(.name), ending)), "Ends the actors' connections.", marked),
  ]

  static let verbNames = verbs.map(\.name)

  static func verb(_ name: String) -> VerbShape? { verbs.first { $0.name == name } }

  /// The verbs that take a key.
  static func verbs(taking key: String) -> [String] {
    verbs.filter { $0.keys.contains { $0.name == key } }.map(\.name)
  }

  static let allKeys: [String] = {
    var names = verbNames
    for verb in verbs {
      for key in verb.keys where !names.contains(key.name) { names.append(key.name) }
    }
    return names
  }()

  /// The operators of a matcher.
  static let matchers = [
    "equals", "not", "contains", "matches", "greaterThan", "atLeast", "lessThan", "atMost", "length", "exists", "oneOf",
  ]

  /// Operators by the names that other tools give them.
  static let matcherSynonyms: [String: String] = [
    "eq": "equals", "is": "equals", "ne": "not", "isNot": "not", "includes": "contains", "regex": "matches",
    "pattern": "matches", "gt": "greaterThan", "gte": "atLeast", "ge": "atLeast", "min": "atLeast", "lt": "lessThan",
    "lte": "atMost", "le": "atMost", "max": "atMost", "size": "length", "count": "length", "in": "oneOf",
    "anyOf": "oneOf", "present": "exists", "defined": "exists",
  ]
}
