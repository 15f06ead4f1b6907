/// Makes rules of a `rules.yaml` whose shape has been checked; names and paths are held against the actions.
struct RulesDecoder {
  let report: FileReport
  let actions: ActionFolder

  func decode(_ root: YAMLNode, into catalog: inout ActionCatalog) {
    catalog.deliveries = (root["deliveries"]?.elements ?? []).compactMap(delivery)
    catalog.orders = (root["orders"]?.elements ?? []).compactMap(order)
    catalog.presence = root["presence"].flatMap(presence)
  }

  private func delivery(_ node: YAMLNode) -> DeliveryRule? {
    let cause = action(node["cause"], [.mutation, .query])
    let event = action(node["event"], [.subscription])
    let pairs = (node["when"]?.entries ?? []).compactMap { pair($0, cause, event) }
    let recipients = node["recipients"].flatMap { path($0, in: cause) }
    let except = node["except"].flatMap { path($0, in: cause) }
    let causeID = path(node["id"]?["cause"], in: cause)
    let eventID = path(node["id"]?["event"], in: event)
    guard let cause, let event, let causeID, let eventID else { return nil }
    var rule = DeliveryRule(
      cause: cause.operation.name, event: event.operation.name, when: pairs, recipients: recipients, causeID: causeID,
      eventID: eventID)
    rule.except = except
    return rule
  }

  private func pair(_ entry: YAMLEntry, _ cause: OperationInfo?, _ event: OperationInfo?) -> DeliveryRule.Pair? {
    variable(entry.keyNode, of: event)
    guard let text = entry.value.scalar?.text else { return nil }
    guard text.hasPrefix("$") else {
      return path(entry.value, in: cause).map { DeliveryRule.Pair(variable: entry.key, path: $0) }
    }
    let segments = text.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    if let cause, let first = segments.first, !cause.operation.variables.contains(String(first.dropFirst())) {
      let hint = Suggestion.hint(for: String(first.dropFirst()), among: cause.operation.variables)
      report.error(.unknownVariable, entry.value, "'\(cause.operation.name)' has no variable '\(first)'.\(hint)")
    }
    return DeliveryRule.Pair(variable: entry.key, path: segments)
  }

  private func order(_ node: YAMLNode) -> StreamOrderRule? {
    let event = action(node["event"], [.subscription])
    let key = path(node["key"], in: event)
    let ascending = path(node["ascending"], in: event)
    guard let event, let key, let ascending else { return nil }
    return StreamOrderRule(event: event.operation.name, key: key, ascending: ascending)
  }

  private func presence(_ node: YAMLNode) -> PresenceRule? {
    let enter = action(node["enter"]?["action"], [.mutation])
    let leave = action(node["leave"]?["action"], [.mutation])
    let event = action(node["event"], [.subscription])
    let entered = path(node["enter"]?["page"], in: enter)
    let left = path(node["leave"]?["page"], in: leave)
    let kind = path(node["kind"]?["path"], in: event)
    let user = path(node["user"], in: event)
    let list = path(node["present"]?["list"], in: event)
    var inList: [String]?
    if let list, let event, let element = node["present"]?["user"]?.scalar?.text {
      let segments = element.split(separator: ".").map(String.init)
      if case .missing(_, let type, _, let candidates) = event.response.target(of: list + segments),
        let node = node["present"]?["user"]
      {
        report.error(
          .unknownField, node, "There is no '\(element)' in \(type).\(Suggestion.hint(for: element, among: candidates))"
        )
      }
      inList = segments
    }
    if let page = node["page"] { variable(page, of: event) }
    guard let enter, let leave, let event, let entered, let left, let kind, let user, let list, let inList,
      let page = node["page"]?.scalar?.text, let kinds = node["kind"],
      let snapshot = kinds["snapshot"]?.scalar?.text, let joined = kinds["joined"]?.scalar?.text,
      let gone = kinds["left"]?.scalar?.text
    else { return nil }
    return PresenceRule(
      enter: enter.operation.name, leave: leave.operation.name, event: event.operation.name, enteredPage: entered,
      leftPage: left, pageVariable: page, kind: kind, snapshotKind: snapshot, joinedKind: joined, leftKind: gone,
      user: user, snapshotList: list, snapshotUser: inList)
  }

  private func action(_ node: YAMLNode?, _ kinds: [Operation.Kind]) -> OperationInfo? {
    guard let node else { return nil }
    return actions.operation(node, kinds: kinds, report: report)
  }

  private func variable(_ node: YAMLNode, of event: OperationInfo?) {
    guard let event, let name = node.scalar?.text, !event.operation.variables.contains(name) else { return }
    let hint = Suggestion.hint(for: name, among: event.operation.variables)
    report.error(.unknownVariable, node, "'\(event.operation.name)' has no variable '$\(name)'.\(hint)")
  }

  private func path(_ node: YAMLNode?, in info: OperationInfo?) -> [String]? {
    guard let node, let path = PathReader(report: report).path(node) else { return nil }
    guard let info else { return nil }
    guard MatchChecker(report: report).resolve(path, in: info.response, of: info.operation.name) != nil else {
      return nil
    }
    return path.segments
  }
}
