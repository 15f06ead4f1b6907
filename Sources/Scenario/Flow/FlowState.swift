/// What is true at a point of a scenario, whatever the server answers.
struct FlowState {
  /// The inboxes of each connected actor.
  private(set) var connections: [String: [String: Operation]] = [:]
  var names: Set<String> = []

  func isConnected(_ actor: String) -> Bool { connections[actor] != nil }
  func operation(of inbox: String, _ actor: String) -> Operation? { connections[actor]?[inbox] }

  mutating func connect(_ actor: String) { connections[actor] = [:] }
  mutating func disconnect(_ actor: String) { connections[actor] = nil }
  mutating func subscribe(_ actor: String, _ inbox: String, _ operation: Operation) {
    connections[actor, default: [:]][inbox] = operation
  }

  /// What is true after all of `states`, which began at this one: what any of them made, without what any of them ended.
  func merged(_ states: [FlowState]) -> FlowState {
    var result = self
    for state in states {
      result.names.formUnion(state.names)
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
  var load: LoadPart?

  /// How the virtual user stands among the actors; no actor can have this name.
  static let virtualUser = ""
}
