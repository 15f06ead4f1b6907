/// Names: whether they have a value at a point of the flow, and of which kind.
extension FlowChecker {
  func keep(
    _ captures: [Capture], of response: ResponsePaths?, _ state: inout FlowState, _ scope: FlowScope
  ) {
    for capture in captures {
      if case .template(let template) = capture.source { check(template, state, scope) }
      state.names[capture.name] = kind(of: capture, response, state, scope)
    }
  }

  func check(_ matchers: [Matcher], _ state: FlowState, _ scope: FlowScope) {
    for matcher in matchers { for template in matcher.templates { check(template, state, scope) } }
  }

  func check(_ template: Template, _ state: FlowState, _ scope: FlowScope) {
    for reference in template.references { check(reference.name, reference.mark, state, scope) }
  }

  func check(_ name: String, _ mark: Mark, _ state: FlowState, _ scope: FlowScope) {
    let parts = name.split(separator: ".").map(String.init)
    let width = name.unicodeScalars.count + 3
    guard let first = parts.first else { return }
    if parts.count == 2 {
      if let feeder = scenario.feeders.first(where: { $0.name == first }) {
        return checkColumn(parts[1], feeder, mark, width, scope)
      }
      let isActor = actors.contains(first) || scope.aliases[first] != nil || (first == "actor" && scope.actor != nil)
      guard isActor else {
        let hint = Suggestion.hint(for: first, among: scenario.actors.map(\.name) + scenario.feeders.map(\.name))
        let what = scenario.feeders.isEmpty ? "actor" : "actor or feeder"
        report.error(.unknownActor, at: mark, width: width, "There is no \(what) '\(first)'.\(hint)")
        return
      }
      guard !Names.actorProperties.contains(parts[1]) else { return }
      let hint = Suggestion.hint(for: parts[1], among: Names.actorProperties)
      report.error(.unknownName, at: mark, width: width, "An actor has no '\(parts[1])'.\(hint)")
      return
    }
    if state.names[first] != nil || lost.captures.contains(first) { return }
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
    if actors.contains(name) || scope.aliases[name] != nil {
      return "'\(name)' is an actor: write ${\(name).id}, ${\(name).name} or ${\(name).organization}."
    }
    if scenario.feeders.contains(where: { $0.name == name }) {
      return "'\(name)' is a feeder: write ${\(name).column}."
    }
    if let flow = scope.flow {
      if scope.outside.contains(name) {
        return "The flow '\(flow.name)' does not see '\(name)': make it a parameter, and give it by 'with'."
      }
      let candidates = flow.parameters.map(\.name) + state.names.keys.sorted()
      return
        "Nothing is captured as '\(name)' in the flow '\(flow.name)'.\(Suggestion.hint(for: name, among: candidates))"
    }
    if let mark = captured[name] { return "'\(name)' has no value yet: it is captured at line \(mark.line)." }
    let candidates = captured.keys.sorted() + scenario.actors.map { $0.name + ".id" }
    return "Nothing is captured as '\(name)'.\(Suggestion.hint(for: name, among: candidates))"
  }

  private func checkColumn(_ column: String, _ feeder: Feeder, _ mark: Mark, _ width: Int, _ scope: FlowScope) {
    if !feeder.columns.isEmpty, !feeder.columns.contains(column) {
      let hint = Suggestion.hint(for: column, among: feeder.columns)
      report.error(
        .unknownColumn, at: mark, width: width, "The feeder '\(feeder.name)' has no column '\(column)'.\(hint)")
    }
    guard scope.load == nil else {
      noteUse(of: feeder, at: mark, scope)
      return
    }
    if !scope.feeders.contains(feeder.name) {
      report.error(
        .unknownFeeder, at: mark, width: width,
        "'\(feeder.name)' has a row only within 'each: \(feeder.name)' and in a load.")
    }
  }

  /// What is known of a name's value.
  func kind(of name: String, _ state: FlowState, _ scope: FlowScope) -> ValueKind {
    guard let dot = name.firstIndex(of: ".") else {
      if let known = state.names[name] { return known }
      return ["index", "vu", "party", "iteration"].contains(name) ? .integer : name == "actor" ? .text : .unknown
    }
    guard let feeder = scenario.feeders.first(where: { $0.name == name[..<dot] }) else { return .text }
    let column = feeder.columns.firstIndex { $0 == name[name.index(after: dot)...] }
    guard let column, let first = feeder.rows.first else { return .unknown }
    return feeder.rows.prefix(Self.sampledRows).reduce(ValueKind(first[column])) { $0.or(ValueKind($1[column])) }
  }

  /// Rows of a feeder that are looked at to know what its columns are.
  private static let sampledRows = 100

  private func kind(
    of capture: Capture, _ response: ResponsePaths?, _ state: FlowState, _ scope: FlowScope
  ) -> ValueKind {
    switch capture.source {
    case .path(let path):
      if path.segments == [Names.statements] { return .integer }
      return response.map { ValueKind($0.target(of: path.segments)) } ?? .unknown
    case .template(.literal(let json)): return ValueKind(json)
    case .template(.reference(let name, _)): return kind(of: name, state, scope)
    case .template(.text): return .text
    case .template(.array): return .list
    case .template(.object): return .object
    }
  }

  func references(_ state: FlowState, _ scope: FlowScope) -> ReferenceChecker {
    ReferenceChecker(schema: schema, report: report) { self.kind(of: $0, state, scope) }
  }
}
