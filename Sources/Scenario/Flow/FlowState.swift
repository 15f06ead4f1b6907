/// What is true at a point of a scenario, whatever the server answers.
struct FlowState {
  /// The inboxes of each connected actor.
  private(set) var connections: [String: [String: Operation]] = [:]
  /// The inboxes that each actor ever had, over all its connections.
  private(set) var opened: [String: [String: Operation]] = [:]
  /// What has a value, and of which kind.
  var names: [String: ValueKind] = [:]
  /// Labels and marks that lie behind.
  var labels: Set<String> = []

  func isConnected(_ actor: String) -> Bool { connections[actor] != nil }
  func operation(of inbox: String, _ actor: String) -> Operation? { connections[actor]?[inbox] }

  mutating func connect(_ actor: String) { connections[actor] = [:] }
  mutating func disconnect(_ actor: String) { connections[actor] = nil }
  mutating func subscribe(_ actor: String, _ inbox: String, _ operation: Operation) {
    connections[actor, default: [:]][inbox] = operation
    opened[actor, default: [:]][inbox] = operation
  }

  /// At the beginning of a flow: the same connections, but none of the names.
  func enteringFlow(_ names: [String: ValueKind]) -> FlowState {
    var inner = self
    inner.names = names
    inner.labels = []
    return inner
  }

  /// After a flow that ended as `inner`.
  mutating func leaveFlow(_ inner: FlowState) {
    connections = inner.connections
    opened = inner.opened
  }

  /// What is true after all of `states`, which began at this one: what any of them made, without what any of them ended.
  func merged(_ states: [FlowState]) -> FlowState {
    var result = self
    for state in states {
      result.names.merge(state.names) { $0.or($1) }
      result.labels.formUnion(state.labels)
      for (actor, inboxes) in state.opened {
        result.opened[actor, default: [:]].merge(inboxes) { old, _ in old }
      }
      for (actor, inboxes) in state.connections {
        result.connections[actor, default: [:]].merge(inboxes) { old, _ in old }
      }
    }
    for actor in connections.keys where states.contains(where: { !$0.isConnected(actor) }) {
      result.connections[actor] = nil
    }
    return result
  }
}

/// What surrounds a step.
struct FlowScope {
  enum LoadPart { case setup, start, journey }

  /// The actor that is understood: of the enclosing `each`, or the virtual user.
  var actor: String?
  var isRepeated = false
  /// Whether the step stands directly in a branch of `parallel`.
  var isBranch = false
  var load: LoadPart?
  /// The flow that the steps belong to, and the actors that its parameters stand for.
  var flow: FlowDefinition?
  var aliases: [String: String] = [:]
  /// Feeders that have a row here.
  var feeders: Set<String> = []
  /// Names that have a value outside of the flow and so are meant, perhaps, but not seen.
  var outside: Set<String> = []

  /// How the virtual user stands among the actors; no actor can have this name.
  static let virtualUser = ""
}
