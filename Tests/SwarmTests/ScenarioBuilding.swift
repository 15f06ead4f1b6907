import JSON
import Scenario

/// Steps and scenarios as the loader would make them; each call is a line of its own.
struct Script {
  private(set) var line = 0
  private(set) var steps: [Step] = []

  mutating func add(_ actors: [String], _ verb: Verb) {
    line += 1
    steps.append(Step(mark: Mark(file: "toy.yaml", line: line, column: 5), actors: actors, verb: verb))
  }
}

enum Toy {
  static let send = Operation(
    name: "send", kind: .mutation, document: "mutation send { send }", operationName: "send",
    variables: ["thread", "text"])
  static let revoke = Operation(
    name: "revoke", kind: .mutation, document: "mutation revoke { revoke }", operationName: "revoke", variables: [])
  static let added = Operation(
    name: "added", kind: .subscription, document: "subscription added { added }", operationName: "added",
    variables: ["thread"])

  static func mark(_ line: Int = 1) -> Mark { Mark(file: "toy.yaml", line: line, column: 5) }

  static func path(_ text: String) -> FieldPath {
    FieldPath(segments: text.split(separator: ".").map(String.init), mark: mark(90))
  }

  static func sending(
    _ text: Template, thread: Template = .literal("t"), channel: OperationStep.Channel = .http
  ) -> OperationStep {
    OperationStep(
      operation: send,
      variables: .object([.init(key: "thread", value: thread), .init(key: "text", value: text)]), channel: channel)
  }

  static func subscribing(thread: JSON = "t", inbox: String = "added") -> Verb {
    .subscribe(
      SubscribeStep(
        operation: added, variables: .object([.init(key: "thread", value: .literal(thread))]), inbox: inbox))
  }

  static func expecting(
    _ text: JSON? = nil, count: Int = 1, exactly: Bool = false, within: Duration = .seconds(2)
  ) -> Expectation {
    let fields = text.map { [FieldMatch(path: path("added.text"), matcher: .equals(.literal($0)))] } ?? []
    return Expectation(inbox: "added", fields: fields, within: within, count: count, exactly: exactly)
  }

  static func scenario(_ script: Script = Script(), actors: [String] = ["ada", "grace"]) -> Scenario {
    var catalog = ActionCatalog()
    catalog.deliveries = [
      DeliveryRule(
        cause: "send", event: "added", when: [.init(variable: "thread", path: ["send", "message", "thread"])],
        recipients: nil, causeID: ["send", "message", "id"], eventID: ["added", "id"])
    ]
    catalog.orders = [StreamOrderRule(event: "added", key: ["added", "thread"], ascending: ["added", "sequence"])]
    var scenario = Scenario(name: "Toy", file: "toy.yaml", mark: mark(), actions: catalog)
    let users = (0..<50).map { "user-\($0)" }
    scenario.organizations = [
      OrganizationFixture(name: "acme", users: actors + users, generatedCount: 50, mark: mark())
    ]
    scenario.actors = actors.map { Actor(name: $0, user: $0, organization: "acme", mark: mark()) }
    scenario.steps = script.steps
    return scenario
  }
}
