internal import Scenario

/// Which inboxes a load's steps look into. What comes into the others is counted and measured, and not kept: ten thousand
/// virtual users would keep it ten thousand times.
struct InboxUse: Sendable {
  private var expected: Set<String> = [Inboxes.closed, Inboxes.ended]
  private var received: Set<String> = []

  init(_ model: LoadModel) {
    var flows: Set<String> = []
    for steps in [model.partySetup, model.start] + model.allJourneys.map(\.steps) { add(steps, &flows) }
  }

  /// Whether what comes into an inbox is kept until a step takes it.
  func keeps(_ inbox: String) -> Bool { expected.contains(inbox) || received.contains(inbox) }

  /// Whether it is kept after that.
  func logs(_ inbox: String) -> Bool { received.contains(inbox) }

  private mutating func add(_ steps: [Step], _ flows: inout Set<String>) {
    for step in steps {
      switch step.verb {
      case .expect(let expectation), .never(let expectation): expected.insert(expectation.inbox)
      case .received(let receipt): received.insert(receipt.inbox)
      case .use(let use): if flows.insert(use.flow.name).inserted { add(use.flow.steps, &flows) }
      case .each(_, let steps), .repeat(_, let steps), .feed(_, let steps): add(steps, &flows)
      case .parallel(let branches): for branch in branches { add(branch, &flows) }
      default: break
      }
    }
  }
}
