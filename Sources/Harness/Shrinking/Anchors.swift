internal import Scenario
internal import Swarm

/// The steps that a failure is about, which are never left out. That an event did not come must not come to mean that
/// nothing has caused it any more.
enum Anchors {
  /// Where they stand: the step that failed, and for one that waits for something what it waits for.
  static func marks(of failure: Failure, in scenario: Scenario) -> [Mark] {
    let steps = scenario.steps.flatMap(\.withInner).filter { $0.mark.file == scenario.file }
    guard let index = steps.lastIndex(where: { $0.contains(failure.mark) }) else { return [] }
    var marks = [failure.mark]
    switch steps[index].verb {
    case .expect(let expectation): marks += cause(of: expectation.inbox, before: index, steps, scenario, failure)
    case .received(let receipt): marks += cause(of: receipt.inbox, before: index, steps, scenario, failure)
    default: break
    }
    return marks
  }

  /// The last step before that causes such an event by the actions' rules; where they know none, what was done last.
  private static func cause(
    of inbox: String, before index: Int, _ steps: [Step], _ scenario: Scenario, _ failure: Failure
  ) -> [Mark] {
    let events = steps.compactMap { step -> String? in
      guard case .subscribe(let subscribe) = step.verb, subscribe.inbox == inbox else { return nil }
      return subscribe.operation.name
    }
    let causes = scenario.actions.deliveries.filter { events.contains($0.event) }.map(\.cause)
    let known = steps[..<index].last { step in
      if case .operate(let operation) = step.verb { causes.contains(operation.operation.name) } else { false }
    }
    return [known?.verbMark ?? failure.cause?.mark].compactMap(\.self)
  }

  /// Whether what failed is an operation, of which what it returned tells all.
  static func isOperation(_ mark: Mark, in scenario: Scenario) -> Bool {
    let step = scenario.steps.flatMap(\.withInner).last { $0.contains(mark) }
    return if case .operate? = step?.verb { true } else { false }
  }
}

extension Step {
  /// It and those within it, in their order; of a flow that it uses, those too.
  fileprivate var withInner: [Step] {
    let inner: [Step] =
      switch verb {
      case .each(_, let steps), .repeat(_, let steps), .feed(_, let steps): steps
      case .parallel(let branches): branches.flatMap(\.self)
      case .use(let use): use.flow.steps
      default: []
      }
    return [self] + inner.flatMap(\.withInner)
  }

  /// Whether it is the last to begin before a place; said of the last such step, that the place is in it.
  fileprivate func contains(_ place: Mark) -> Bool {
    mark.file == place.file && (mark.line, mark.column) <= (place.line, place.column)
  }
}
