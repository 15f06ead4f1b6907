/// Connections, inboxes and what is expected of them.
extension FlowChecker {
  func needConnection(_ actor: String, _ step: Step, _ state: inout FlowState) {
    guard !state.isConnected(actor) else { return }
    if !lost.connections {
      report.error(.notConnected, at: step.verbMark, "\(describe(actor)) is not connected here; 'connect' comes first.")
    }
    // Once is enough.
    state.connect(actor)
  }

  func check(
    _ expectation: Expectation, _ actor: String, _ step: Step, _ state: inout FlowState, _ scope: FlowScope
  ) {
    check(expectation.fields.map(\.matcher), state, scope)
    if let values = expectation.order?.values { check(values, state, scope) }
    checkSince(expectation.since, step, state)
    let wasConnected = state.isConnected(actor)
    needConnection(actor, step, &state)
    if expectation.inbox == Names.closedInbox { return checkClosed(expectation, step) }
    if expectation.inbox == Names.endedInbox {
      return checkPaths(Self.paths(expectation), among: Names.endedFields, of: "An ended subscription")
    }
    guard let operation = state.operation(of: expectation.inbox, actor) else {
      if lost.anyInbox || lost.inboxes.contains(expectation.inbox) { return }
      if wasConnected || !inboxes.contains(expectation.inbox) { unknownInbox(expectation.inbox, actor, step) }
      return
    }
    guard let info = table.info(operation) else { return }
    check(expectation.fields, info, state, scope)
    if let order = expectation.order { matches.resolve(order.path, in: info.response, of: operation.name) }
    for capture in expectation.captures {
      if case .path(let path) = capture.source { matches.resolve(path, in: info.response, of: operation.name) }
    }
  }

  func check(_ receipt: Receipt, _ actor: String, _ step: Step, _ state: FlowState, _ scope: FlowScope) {
    check(receipt.fields.map(\.matcher) + [receipt.count], state, scope)
    if let values = receipt.order?.values { check(values, state, scope) }
    checkSince(receipt.since, step, state)
    let paths = receipt.fields.map(\.path) + [receipt.order?.path].compactMap(\.self)
    if receipt.inbox == Names.closedInbox {
      return checkPaths(paths, among: Names.closedFields, of: "A closed connection")
    }
    if receipt.inbox == Names.endedInbox {
      return checkPaths(paths, among: Names.endedFields, of: "An ended subscription")
    }
    guard let operation = state.opened[actor]?[receipt.inbox] else {
      if lost.anyInbox || lost.inboxes.contains(receipt.inbox) { return }
      unknownInbox(receipt.inbox, actor, step)
      return
    }
    guard let info = table.info(operation) else { return }
    check(receipt.fields, info, state, scope)
    if let order = receipt.order { matches.resolve(order.path, in: info.response, of: operation.name) }
  }

  /// Says that no step opens the inbox, or that the actor has not.
  private func unknownInbox(_ inbox: String, _ actor: String, _ step: Step) {
    guard inboxes.contains(inbox) else {
      let names = inboxes.sorted() + [Names.closedInbox, Names.endedInbox]
      report.error(
        .unknownInbox, at: step.verbMark, "There is no inbox '\(inbox)'.\(Suggestion.hint(for: inbox, among: names))")
      return
    }
    report.error(
      .notSubscribed, at: step.verbMark,
      "\(describe(actor)) has no inbox '\(inbox)' here; 'subscribe' comes first.")
  }

  private func checkSince(_ label: String?, _ step: Step, _ state: FlowState) {
    guard let label, !state.labels.contains(label), !lost.labels.contains(label) else { return }
    let hint = Suggestion.hint(for: label, among: state.labels.sorted())
    report.error(
      .unknownLabel, at: step.verbMark,
      "No step before this one has the label '\(label)', nor is there such a 'mark'.\(hint)")
  }

  func check(_ fields: [FieldMatch], _ info: OperationInfo, _ state: FlowState, _ scope: FlowScope) {
    let references = references(state, scope)
    for match in fields {
      matches.check(match, in: info.response, of: info.operation.name)
      references.check(match, in: info.response)
    }
  }

  private func checkClosed(_ expectation: Expectation, _ step: Step) {
    checkPaths(Self.paths(expectation), among: Names.closedFields, of: "A closed connection")
    if expectation.count != 1 || expectation.order != nil {
      report.error(.badValue, at: step.verbMark, "A connection is closed once.")
    }
  }

  /// What is in a reserved inbox has few fields.
  private func checkPaths(_ paths: [FieldPath], among valid: [String], of what: String) {
    for path in paths where path.segments.count != 1 || !valid.contains(path.segments[0]) {
      report.error(
        .unknownField, at: path.mark, width: path.description.count,
        "\(what) has no '\(path)'.\(Suggestion.hint(for: path.description, among: valid))")
    }
  }

  private static func paths(_ expectation: Expectation) -> [FieldPath] {
    var paths = expectation.fields.map(\.path)
    for capture in expectation.captures { if case .path(let path) = capture.source { paths.append(path) } }
    if let order = expectation.order { paths.append(order.path) }
    return paths
  }
}
