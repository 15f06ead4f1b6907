/// Walks through the steps as a run would, and reports what cannot work whatever the server answers: an actor that is not
/// connected, an inbox that nobody opened, a name that nothing captured yet, a barrier that never opens.
final class FlowChecker {
  private let report: FileReport
  private let scenario: Scenario
  private let table: OperationTable
  private let lost: LostSteps
  private let matches: MatchChecker
  private let actors: Set<String>
  /// Where each name is captured first.
  private var captured: [String: Mark] = [:]
  private var inboxes: Set<String> = []
  private var visits = 0

  /// Steps that are walked through; `each` and `repeat` within each other could otherwise take forever.
  private static let visitLimit = 50_000

  init(report: FileReport, scenario: Scenario, table: OperationTable, lost: LostSteps) {
    self.report = report
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
    for steps in [load.partySetup, load.start, load.journey] { collect(steps) }
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
    for _ in 0..<2 { walk(load.journey, &user, scope) }
  }

  private func collect(_ steps: [Step]) {
    for step in steps {
      switch step.verb {
      case .subscribe(let subscribe):
        if subscribe.fails == nil, subscribe.inbox != Names.closedInbox { inboxes.insert(subscribe.inbox) }
      case .operate(let operation): note(operation.captures)
      case .expect(let expectation), .never(let expectation): note(expectation.captures)
      case .capture(let captures): note(captures)
      case .each(_, let steps), .repeat(_, let steps): collect(steps)
      case .parallel(let branches): branches.forEach(collect)
      case .connect, .barrier, .disconnect: break
      }
    }
  }

  private func note(_ captures: [Capture]) {
    for capture in captures where captured[capture.name] == nil { captured[capture.name] = capture.mark }
  }

  private func walk(_ steps: [Step], _ state: inout FlowState, _ scope: FlowScope) {
    for step in steps { walk(step, &state, scope) }
  }

  private func walk(_ step: Step, _ state: inout FlowState, _ scope: FlowScope) {
    visits += 1
    guard visits <= Self.visitLimit else { return }
    let takers = step.actors.isEmpty ? [scope.actor].compactMap(\.self) : step.actors
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
    case .subscribe(let subscribe):
      check(subscribe.variables, state, scope)
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
    case .operate(let operation):
      check(operation.variables, state, scope)
      check(operation.returns.map(\.matcher) + [operation.statements].compactMap(\.self), state, scope)
      if operation.channel == .socket { for actor in takers { needConnection(actor, step, &state) } }
      keep(operation.captures, &state, scope)
    case .expect(let expectation):
      for actor in takers { check(expectation, actor, step, &state, scope) }
      keep(expectation.captures, &state, scope)
      if expectation.inbox == Names.closedInbox { takers.forEach { state.disconnect($0) } }
    case .never(let expectation):
      for actor in takers { check(expectation, actor, step, &state, scope) }
    case .each(let actors, let steps):
      var inner = scope
      for actor in actors {
        inner.actor = actor
        walk(steps, &state, inner)
      }
    case .repeat(let times, let steps):
      var inner = scope
      inner.isRepeated = true
      // A second time shows what only the first one can do.
      for _ in 0..<min(times, 2) { walk(steps, &state, inner) }
    case .parallel(let branches): parallel(branches, &state, scope)
    case .barrier(let name):
      report.error(
        .misplacedStep, at: step.verbMark,
        "The barrier '\(name)' must stand directly in a branch of 'parallel'.")
    case .capture(let captures): keep(captures, &state, scope)
    }
  }

  // Branches

  private struct Branch {
    var rest: ArraySlice<Step>
    var state: FlowState
    var waiting: (name: String, mark: Mark)?
    var passed: Set<String> = []
  }

  private func parallel(_ branches: [[Step]], _ state: inout FlowState, _ scope: FlowScope) {
    let participants = participants(branches)
    let start = state
    var running = branches.map { Branch(rest: $0[...], state: start) }
    while true {
      for index in running.indices where running[index].waiting == nil { advance(&running[index], scope) }
      var opened = false
      for (name, members) in participants where members.allSatisfy({ running[$0].waiting?.name == name }) {
        let merged = start.merged(members.map { running[$0].state })
        for member in members {
          running[member].state = merged
          running[member].waiting = nil
        }
        opened = true
      }
      if !opened { break }
    }
    let stuck = running.compactMap(\.waiting)
    for wait in stuck where participants.contains(where: { $0.name == wait.name && $0.members.count > 1 }) {
      let others = stuck.filter { $0.name != wait.name }.map { "'\($0.name)' at line \($0.mark.line)" }
      let reason = others.isEmpty ? "" : ", because another branch waits for \(others.joined(separator: ", "))"
      report.error(.deadlock, at: wait.mark, "The barrier '\(wait.name)' never opens\(reason).")
    }
    // What stands behind a barrier that never opens is looked at all the same.
    for index in running.indices where running[index].waiting != nil {
      for step in running[index].rest {
        if case .barrier = step.verb { continue }
        walk(step, &running[index].state, scope)
      }
    }
    state = start.merged(running.map(\.state))
  }

  private func advance(_ branch: inout Branch, _ scope: FlowScope) {
    while let step = branch.rest.first {
      branch.rest = branch.rest.dropFirst()
      if case .barrier(let name) = step.verb {
        guard branch.passed.insert(name).inserted else { continue }
        branch.waiting = (name, step.verbMark)
        return
      }
      walk(step, &branch.state, scope)
    }
  }

  /// Which branches name each barrier, in the order of the file.
  private func participants(_ branches: [[Step]]) -> [(name: String, members: [Int])] {
    var result: [(name: String, members: [Int])] = []
    var marks: [String: Mark] = [:]
    for (index, branch) in branches.enumerated() {
      for step in branch {
        guard case .barrier(let name) = step.verb else { continue }
        guard let known = result.firstIndex(where: { $0.name == name }) else {
          result.append((name, [index]))
          marks[name] = step.verbMark
          continue
        }
        if result[known].members.contains(index) {
          report.error(.duplicateName, at: step.verbMark, "A branch comes to the barrier '\(name)' only once.")
        } else {
          result[known].members.append(index)
        }
      }
    }
    for barrier in result where barrier.members.count < 2 {
      guard let mark = marks[barrier.name] else { continue }
      let hint = Suggestion.nearest(to: barrier.name, among: result.map(\.name).filter { $0 != barrier.name })
      report.error(
        .lonelyBarrier, at: mark,
        "Only one branch names the barrier '\(barrier.name)'." + (hint.map { " Did you mean '\($0)'?" } ?? ""))
    }
    return result
  }

  // Connections and inboxes

  private func needConnection(_ actor: String, _ step: Step, _ state: inout FlowState) {
    guard !state.isConnected(actor) else { return }
    if !lost.connections {
      report.error(.notConnected, at: step.verbMark, "\(describe(actor)) is not connected here; 'connect' comes first.")
    }
    // Once is enough.
    state.connect(actor)
  }

  private func check(
    _ expectation: Expectation, _ actor: String, _ step: Step, _ state: inout FlowState, _ scope: FlowScope
  ) {
    check(expectation.fields.map(\.matcher), state, scope)
    if let values = expectation.order?.values { check(values, state, scope) }
    let wasConnected = state.isConnected(actor)
    needConnection(actor, step, &state)
    if expectation.inbox == Names.closedInbox { return checkClosed(expectation, step) }
    if expectation.inbox == Names.endedInbox {
      return checkPaths(expectation, among: ["inbox", "code", "message"], of: "An ended subscription")
    }
    guard let operation = state.operation(of: expectation.inbox, actor) else {
      if lost.anyInbox || lost.inboxes.contains(expectation.inbox) { return }
      guard inboxes.contains(expectation.inbox) else {
        let names = inboxes.sorted() + [Names.closedInbox, Names.endedInbox]
        report.error(
          .unknownInbox, at: step.verbMark,
          "There is no inbox '\(expectation.inbox)'.\(Suggestion.hint(for: expectation.inbox, among: names))")
        return
      }
      if wasConnected {
        report.error(
          .notSubscribed, at: step.verbMark,
          "\(describe(actor)) has no inbox '\(expectation.inbox)' here; 'subscribe' comes first.")
      }
      return
    }
    guard let info = table.info(operation) else { return }
    for match in expectation.fields { matches.check(match, in: info.response, of: operation.name) }
    if let order = expectation.order { matches.resolve(order.path, in: info.response, of: operation.name) }
    for capture in expectation.captures {
      if case .path(let path) = capture.source { matches.resolve(path, in: info.response, of: operation.name) }
    }
  }

  private func checkClosed(_ expectation: Expectation, _ step: Step) {
    checkPaths(expectation, among: ["code", "reason"], of: "A closed connection")
    if expectation.count != 1 || expectation.order != nil {
      report.error(.badValue, at: step.verbMark, "A connection is closed once.")
    }
  }

  /// What is in a reserved inbox has few fields.
  private func checkPaths(_ expectation: Expectation, among valid: [String], of what: String) {
    var paths = expectation.fields.map(\.path)
    for capture in expectation.captures { if case .path(let path) = capture.source { paths.append(path) } }
    if let order = expectation.order { paths.append(order.path) }
    for path in paths where path.segments.count != 1 || !valid.contains(path.segments[0]) {
      report.error(
        .unknownField, at: path.mark, width: path.description.count,
        "\(what) has no '\(path)'.\(Suggestion.hint(for: path.description, among: valid))")
    }
  }

  // Names

  private func keep(_ captures: [Capture], _ state: inout FlowState, _ scope: FlowScope) {
    for capture in captures {
      if case .template(let template) = capture.source { check(template, state, scope) }
      state.names.insert(capture.name)
    }
  }

  private func check(_ matchers: [Matcher], _ state: FlowState, _ scope: FlowScope) {
    for matcher in matchers { for template in matcher.templates { check(template, state, scope) } }
  }

  private func check(_ template: Template, _ state: FlowState, _ scope: FlowScope) {
    for reference in template.references { check(reference.name, reference.mark, state, scope) }
  }

  private func check(_ name: String, _ mark: Mark, _ state: FlowState, _ scope: FlowScope) {
    let parts = name.split(separator: ".").map(String.init)
    let width = name.unicodeScalars.count + 3
    guard let first = parts.first else { return }
    if parts.count == 2 {
      let isActor = actors.contains(first) || (first == "actor" && scope.actor != nil)
      guard isActor else {
        let hint = Suggestion.hint(for: first, among: scenario.actors.map(\.name))
        report.error(.unknownActor, at: mark, width: width, "There is no actor '\(first)'.\(hint)")
        return
      }
      guard !Names.actorProperties.contains(parts[1]) else { return }
      let hint = Suggestion.hint(for: parts[1], among: Names.actorProperties)
      report.error(.unknownName, at: mark, width: width, "An actor has no '\(parts[1])'.\(hint)")
      return
    }
    if state.names.contains(first) || lost.captures.contains(first) { return }
    if let problem = problem(first, state, scope) { report.error(.unknownName, at: mark, width: width, problem) }
  }

  private func problem(_ name: String, _ state: FlowState, _ scope: FlowScope) -> String? {
    switch name {
    case "actor": return scope.actor == nil ? "'${actor}' has a value only within 'each' and in a load." : nil
    case "index": return scope.isRepeated ? nil : "'${index}' has a value only within 'repeat'."
    case "vu", "party": return scope.load == nil ? "'${\(name)}' has a value only in a load." : nil
    case "iteration": return scope.load == .journey ? nil : "'${iteration}' has a value only in a load's journey."
    default: break
    }
    if actors.contains(name) {
      return "'\(name)' is an actor: write ${\(name).id}, ${\(name).name} or ${\(name).organization}."
    }
    if let mark = captured[name] { return "'\(name)' has no value yet: it is captured at line \(mark.line)." }
    let candidates = captured.keys.sorted() + scenario.actors.map { $0.name + ".id" }
    return "Nothing is captured as '\(name)'.\(Suggestion.hint(for: name, among: candidates))"
  }

  private func describe(_ actor: String) -> String {
    actor == FlowScope.virtualUser ? "The virtual user" : "'\(actor)'"
  }
}
