/// What steps that could not be made would have left behind, so that nothing is called missing that a mistake already
/// reported has taken away.
final class LostSteps {
  private(set) var captures: Set<String> = []
  private(set) var inboxes: Set<String> = []
  /// Whether a subscription without a name of its own was lost.
  private(set) var anyInbox = false
  private(set) var connections = false
  private(set) var labels: Set<String> = []

  func add(_ node: YAMLNode) {
    guard let entries = node.entries else { return }
    for entry in entries {
      switch entry.key {
      case "capture": for capture in entry.value.entries ?? [] { captures.insert(capture.key) }
      case "connect", "disconnect": connections = true
      case "subscribe":
        let inbox = node["inbox"]?.scalar?.text ?? entry.value.scalar?.text
        if let inbox, Names.isName(inbox) { inboxes.insert(inbox) } else { anyInbox = true }
      case "use":
        // What a flow would have opened or connected is not known.
        connections = true
        anyInbox = true
      case "label", "mark": if let name = entry.value.scalar?.text { labels.insert(name) }
      case "steps": for step in entry.value.elements ?? [] { add(step) }
      case "parallel":
        for branch in entry.value.elements ?? [] {
          for step in branch.elements ?? [] { add(step) }
        }
      default: break
      }
    }
  }
}
