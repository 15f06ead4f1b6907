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

  static let verbs: [VerbShape] = [
    VerbShape("connect", .nothingOr(.oneOrMany(.name)), "Opens the actors' sockets.", [actors]),
    VerbShape(
      "subscribe", .text, "Opens a subscription and waits until it is live.",
      [
        actors, variables, fails,
        KeyShape("inbox", .name, "The name for what arrives; the action's unless said otherwise."),
      ]),
    VerbShape("do", .text, "Executes an action.", [actors, variables, channel] + judgement),
    VerbShape("query", .text, "Executes a query that is written here.", [actors, variables, channel] + judgement),
    VerbShape("mutate", .text, "Executes a mutation that is written here.", [actors, variables, channel] + judgement),
    VerbShape("enter", .template, "Enters the page of that URL, over the socket.", [actors, variables] + judgement),
    VerbShape("leave", .template, "Leaves the page of that URL, over the socket.", [actors, variables] + judgement),
    VerbShape(
      "expect", .text, "What must arrive in an inbox.",
      [
        actors, condition, KeyShape("within", .duration, "How long after its cause; 5s unless said otherwise."),
        KeyShape("count", .integer(1...1_000_000), "How many; 1 unless said otherwise."),
        KeyShape("exactly", .booleanOrCount, "true, or a number: and no more than that."),
        KeyShape("inOrder", .order, "Path to 'ascending', or to the values in order."), capture,
      ]),
    VerbShape("never", .text, "What must not arrive in an inbox, decided by a fence.", [actors, condition]),
    VerbShape(
      "each", .oneOrMany(.name), "Takes steps once as each actor.",
      [KeyShape("steps", .steps, required: true, "The steps.")]),
    VerbShape(
      "repeat", .integer(1...Format.repeatLimit), "Takes steps again and again.",
      [KeyShape("steps", .steps, required: true, "The steps.")]),
    VerbShape("parallel", .list(.steps), "Takes branches of steps at the same time."),
    VerbShape("barrier", .name, "Waits for the other branches that name it."),
    VerbShape("capture", .values, "Keeps values made of earlier ones."),
    VerbShape("disconnect", .nothingOr(.either(.oneOrMany(.name), ending)), "Ends the actors' connections.", [actors]),
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
