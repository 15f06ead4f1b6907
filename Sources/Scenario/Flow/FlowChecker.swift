internal import GraphQL

/// Walks through the steps as a run would, and reports what cannot work whatever the server answers: an actor that is not
/// connected, an inbox that nobody opened, a name that nothing captured yet, a barrier that never opens.
final class FlowChecker {
  let report: FileReport
  let schema: Schema
  let scenario: Scenario
  let table: OperationTable
  let lost: LostSteps
  let matches: MatchChecker
  let actors: Set<String>
  /// Where each name is captured first.
  private(set) var captured: [String: Mark] = [:]
  private(set) var inboxes: Set<String> = []
  private var visits = 0
  private var collected: Set<String> = []
  /// Where each feeder is used first before and in the iterations of a load.
  private var uses: [String: (start: Mark?, journey: Mark?)] = [:]
  /// Flows and feeders that some step needs.
  private(set) var used: Set<String> = []

  /// Steps that are walked through; `each` and `repeat` within each other could otherwise take forever.
  private static let visitLimit = 50_000

  init(report: FileReport, schema: Schema, scenario: Scenario, table: OperationTable, lost: LostSteps) {
    self.report = report
    self.schema = schema
    self.scenario = scenario
    self.table = table
    self.lost = lost
    matches = MatchChecker(report: report)
    actors = Set(scenario.actors.map(\.name))
  }

  func check() {
    var state = FlowState()
    collect(scenario.steps)
    walk(scenario.steps, &state, FlowScope())
    guard let load = scenario.load else { return }
    for steps in [load.partySetup, load.start] + load.allJourneys.map(\.steps) { collect(steps) }
    var scope = FlowScope(actor: FlowScope.virtualUser)
    var virtual = FlowState()
    virtual.names = state.names
    scope.load = .setup
    walk(load.partySetup, &virtual, scope)
    // Setup is the first user's alone: what it captured is shared, what it opened is not.
    var user = FlowState()
    user.names = virtual.names
    scope.load = .start
    walk(load.start, &user, scope)
    scope.load = .journey
    // Twice, since an iteration follows one of any kind; what one kind captures another cannot count on.
    for journey in load.allJourneys {
      var one = user
      for _ in 0..<2 { walk(journey.steps, &one, scope) }
    }
    for feeder in scenario.feeders where feeder.order == .unique {
      guard let use = uses[feeder.name], let start = use.start, let journey = use.journey else { continue }
      report.add(
        Diagnostic(
          mark: journey, code: .conflictingKeys,
          message: "The rows of '\(feeder.name)' are unique, so they go to starts or to iterations, not to both.",
          related: [Diagnostic.Related(mark: start, message: "here a start takes one")]))
    }
  }

  /// Warns of feeders, and of the flows of this file, that nothing uses.
  func warnOfUnused(_ flows: [YAMLEntry]) {
    for entry in flows where !used.contains(entry.key) {
      report.add(
        Diagnostic(
          mark: report.source.mark(entry.keyNode), width: entry.keyNode.width, severity: .warning, code: .unused,
          message: "No step uses the flow '\(entry.key)': nothing that it expects is looked at."))
    }
    for feeder in scenario.feeders where !used.contains(feeder.name) {
      report.add(
        Diagnostic(
          mark: feeder.mark, width: feeder.name.unicodeScalars.count, severity: .warning, code: .unused,
          message: "No step uses the feeder '\(feeder.name)'."))
    }
  }

  func noteUse(of feeder: Feeder, at mark: Mark, _ scope: FlowScope) {
    used.insert(feeder.name)
    var use = uses[feeder.name] ?? (start: nil, journey: nil)
    if scope.load == .journey { use.journey = use.journey ?? mark } else { use.start = use.start ?? mark }
    uses[feeder.name] = use
  }

  private func collect(_ steps: [Step]) {
    for step in steps {
      switch step.verb {
      case .subscribe(let subscribe):
        if subscribe.fails == nil, subscribe.inbox != Names.closedInbox { inboxes.insert(subscribe.inbox) }
      case .operate(let operation): note(operation.captures)
      case .poll(let query): note(query.operation.captures)
      case .expect(let expectation), .never(let expectation): note(expectation.captures)
      case .capture(let captures): note(captures)
      case .use(let use):
        for result in use.results where captured[result.name] == nil { captured[result.name] = result.mark }
        // Inboxes are the actors', wherever they are opened; names stay within.
        guard collected.insert(use.flow.name).inserted else { continue }
        let outside = captured
        collect(use.flow.steps)
        captured = outside
      case .each(_, let steps), .repeat(_, let steps), .feed(_, let steps): collect(steps)
      case .parallel(let branches): branches.forEach(collect)
      case .connect, .barrier, .disconnect, .received, .mark, .pause: break
      }
    }
  }

  private func note(_ captures: [Capture]) {
    for capture in captures where captured[capture.name] == nil { captured[capture.name] = capture.mark }
  }

  private func walk(_ steps: [Step], _ state: inout FlowState, _ scope: FlowScope) {
    for step in steps { walk(step, &state, scope) }
  }

  func walk(_ step: Step, _ state: inout FlowState, _ scope: FlowScope) {
    visits += 1
    guard visits <= Self.visitLimit else { return }
    var inner = scope
    inner.isBranch = false
    if let label = step.label { state.labels.insert(label) }
    if scope.load != nil, scope.flow != nil, !fitsLoad(step) { return }
    let takers = takers(step, scope)
    switch step.verb {
    case .connect:
      for actor in takers {
        if state.isConnected(actor), !lost.connections {
          report.error(.alreadyConnected, at: step.verbMark, "\(describe(actor)) is connected already.")
        }
        state.connect(actor)
      }
    case .disconnect:
      for actor in takers {
        needConnection(actor, step, &state)
        state.disconnect(actor)
      }
    case .subscribe(let subscribe): self.subscribe(subscribe, takers, step, &state, scope)
    case .operate(let operation): operate(operation, takers, step, &state, scope)
    case .poll(let query):
      if case .untilBarrier(let name) = query.span, !scope.isBranch { misplaced(name, step) }
      operate(query.operation, takers, step, &state, scope)
    case .expect(let expectation):
      for actor in takers { check(expectation, actor, step, &state, scope) }
      let operation = takers.first.flatMap { state.operation(of: expectation.inbox, $0) }
      keep(expectation.captures, of: operation.flatMap(table.info)?.response, &state, scope)
      if expectation.inbox == Names.closedInbox { takers.forEach { state.disconnect($0) } }
    case .never(let expectation):
      for actor in takers { check(expectation, actor, step, &state, scope) }
    case .received(let receipt):
      for actor in takers { check(receipt, actor, step, state, scope) }
    case .mark(let name): state.labels.insert(name)
    case .use(let use):
      for actor in takers.isEmpty ? [nil] : takers.map(Optional.some) { enter(use, as: actor, step, &state, scope) }
    case .each(let actors, let steps):
      for actor in actors {
        inner.actor = scope.aliases[actor] ?? actor
        walk(steps, &state, inner)
      }
    case .feed(let feeder, let steps):
      inner.feeders.insert(feeder)
      used.insert(feeder)
      inner.isRepeated = true
      // A second time shows what only the first one can do.
      for _ in 0..<2 { walk(steps, &state, inner) }
    case .repeat(let times, let steps):
      inner.isRepeated = true
      for _ in 0..<min(times, 2) { walk(steps, &state, inner) }
    case .parallel(let branches): parallel(branches, &state, scope)
    case .barrier(let name): misplaced(name, step)
    case .capture(let captures): keep(captures, of: nil, &state, scope)
    case .pause: break
    }
  }

  private func misplaced(_ barrier: String, _ step: Step) {
    report.error(
      .misplacedStep, at: step.verbMark, "The barrier '\(barrier)' must stand directly in a branch of 'parallel'.")
  }

  /// Who takes the step; in a flow that is known only where it is used.
  private func takers(_ step: Step, _ scope: FlowScope) -> [String] {
    guard step.actors.isEmpty else { return step.actors.map { scope.aliases[$0] ?? $0 } }
    if let actor = scope.actor { return [actor] }
    switch step.verb {
    case .connect, .disconnect, .subscribe, .operate, .poll, .expect, .never, .received:
      report.error(
        .missingKey, at: step.mark, "Nobody takes this step: it needs 'as', or the step that uses the flow does.")
    default: break
    }
    return []
  }

  /// In a flow that a load uses, the same holds as in the load itself.
  private func fitsLoad(_ step: Step) -> Bool {
    switch step.verb {
    case .each, .feed, .parallel, .barrier:
      report.error(.misplacedStep, at: step.mark, "This step has no place in a load: a virtual user acts alone.")
      return false
    default: break
    }
    guard step.actors.isEmpty else {
      report.error(.misplacedKey, at: step.mark, "'as' has no place in a load: it is the virtual user that acts.")
      return false
    }
    return true
  }

  private func subscribe(
    _ subscribe: SubscribeStep, _ takers: [String], _ step: Step, _ state: inout FlowState, _ scope: FlowScope
  ) {
    check(subscribe.variables, state, scope)
    if let info = table.info(subscribe.operation) {
      references(state, scope).check(variables: subscribe.variables, of: info)
    }
    for actor in takers {
      needConnection(actor, step, &state)
      if subscribe.fails != nil { continue }
      if state.operation(of: subscribe.inbox, actor) != nil {
        report.error(
          .alreadySubscribed, at: step.verbMark,
          "\(describe(actor)) has an inbox '\(subscribe.inbox)' already; give this one a name by 'inbox'.")
      }
      state.subscribe(actor, subscribe.inbox, subscribe.operation)
    }
  }

  private func operate(
    _ operation: OperationStep, _ takers: [String], _ step: Step, _ state: inout FlowState, _ scope: FlowScope
  ) {
    check(operation.variables, state, scope)
    check(operation.returns.map(\.matcher) + [operation.statements].compactMap(\.self), state, scope)
    let info = table.info(operation.operation)
    if let info {
      let references = references(state, scope)
      references.check(variables: operation.variables, of: info)
      for match in operation.returns { references.check(match, in: info.response) }
    }
    if operation.channel == .socket { for actor in takers { needConnection(actor, step, &state) } }
    keep(operation.captures, of: info?.response, &state, scope)
  }

  /// Walks through a flow as one that uses it does: with the same connections, and with no names but its parameters'.
  private func enter(
    _ use: FlowUse, as actor: String?, _ step: Step, _ state: inout FlowState, _ scope: FlowScope
  ) {
    used.insert(use.flow.name)
    for argument in use.arguments { check(argument.value, state, scope) }
    var names: [String: ValueKind] = [:]
    for parameter in use.flow.parameters where parameter.kind != .actor {
      let argument = use.arguments.first { $0.key == parameter.name }?.value
      var known = ValueKind(parameter.kind)
      if case .reference(let name, let mark)? = argument {
        let given = kind(of: name, state, scope)
        if !given.canEqual(known) {
          report.error(
            .wrongVariable, at: mark, width: name.unicodeScalars.count + 3,
            "'\(parameter.name)' must be \(known.rawValue), but '${\(name)}' is \(given.rawValue).")
        }
        if known == .unknown { known = given }
      }
      names[parameter.name] = known
    }
    var inner = FlowScope(actor: actor ?? scope.actor, isRepeated: scope.isRepeated, load: scope.load)
    inner.flow = use.flow
    inner.feeders = scope.feeders
    inner.outside = Set(state.names.keys)
    for (parameter, given) in use.actors {
      inner.aliases[parameter] = given == "actor" ? inner.actor : scope.aliases[given] ?? given
    }
    var within = state.enteringFlow(names)
    report.context.append(Diagnostic.Related(mark: step.verbMark, message: "the flow '\(use.flow.name)' is used here"))
    walk(use.flow.steps, &within, inner)
    report.context.removeLast()
    state.leaveFlow(within)
    for result in use.results { state.names[result.name] = within.names[result.source] ?? .unknown }
  }

  func describe(_ actor: String) -> String {
    actor == FlowScope.virtualUser ? "The virtual user" : "'\(actor)'"
  }
}
