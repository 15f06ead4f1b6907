internal import Scenario

/// What of a scenario cannot be played on a server that is not ours.
struct TargetRules {
  let target: TargetOptions
  private var found: [(mark: Mark, message: String)] = []

  init(_ target: TargetOptions) { self.target = target }

  /// Every mistake, a line each; empty when the scenarios can be played.
  static func mistakes(of scenarios: [Scenario], on target: TargetOptions) -> String {
    var rules = TargetRules(target)
    for scenario in scenarios { rules.check(scenario) }
    // Several scenarios may use one flow.
    var lines: [String] = []
    for (mark, message) in rules.found where !lines.contains("\(mark): error: \(message)\n") {
      lines.append("\(mark): error: \(message)\n")
    }
    return lines.joined()
  }

  private mutating func check(_ scenario: Scenario) {
    if let mark = scenario.server.leaseMark {
      found.append((mark, "'presenceLease' is a setting of the server, which a target keeps to itself."))
    }
    for actor in scenario.actors {
      if let why = target.refusal(of: actor.name, in: actor.organization) {
        found.append((actor.mark, why))
      }
    }
    check(scenario.budget)
    check(scenario.steps)
    guard let load = scenario.load else { return }
    if let why = target.refusal(of: "A virtual user", in: load.organization) { found.append((load.mark, why)) }
    check(load.partySetup)
    check(load.start)
    for journey in load.allJourneys { check(journey.steps) }
  }

  private mutating func check(_ budget: Budget?) {
    if let budget, budget.statements != nil { refuseStatements(budget.mark) }
  }

  private mutating func check(_ steps: [Step]) {
    for step in steps {
      check(step.budget)
      switch step.verb {
      case .operate(let operation): check(operation, step.verbMark)
      case .poll(let query): check(query.operation, step.verbMark)
      case .use(let use): check(use.flow.steps)
      case .each(_, let steps), .repeat(_, let steps), .feed(_, let steps): check(steps)
      case .parallel(let branches): for branch in branches { check(branch) }
      default: break
      }
    }
  }

  private mutating func check(_ operation: OperationStep, _ mark: Mark) {
    if operation.statements != nil { return refuseStatements(mark) }
    for capture in operation.captures {
      if case .path(let path) = capture.source, path.segments == [Names.statements] { refuseStatements(capture.mark) }
    }
  }

  private mutating func refuseStatements(_ mark: Mark) {
    found.append((mark, "a target does not tell how many SQL statements an operation takes, so this cannot be judged."))
  }
}
