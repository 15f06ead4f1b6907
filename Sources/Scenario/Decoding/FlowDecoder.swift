internal import JSON

/// Makes flows, and the steps that use them.
struct FlowDecoder {
  /// Of the place that uses flows.
  let steps: StepDecoder

  private var report: FileReport { steps.report }

  /// Reads every flow, used or not, so that the mistakes of all are found.
  func decodeAll() { for name in steps.flows.names { _ = definition(name, node: nil) } }

  private func definition(_ name: String, node: YAMLNode?) -> FlowDefinition? {
    steps.flows.definition(name, node: node, report: report) { make($0) }
  }

  private func make(_ source: FlowLibrary.Source) -> FlowDefinition {
    let value = source.entry.value
    let parameters = parameters(value["parameters"], source.report)
    let inner = steps.inFlow(parameters, report: source.report)
    let made = inner.steps(value["steps"], in: .flow)
    let captured = Self.captures(in: made)
    var returns: [String] = []
    for node in value["returns"]?.elements ?? [] {
      guard let name = node.scalar?.text, Names.isName(name) else { continue }
      if captured.contains(name) || steps.lost.captures.contains(name) {
        returns.append(name)
      } else {
        let hint = Suggestion.hint(for: name, among: captured)
        source.report.error(.unknownName, node, "The flow '\(source.entry.key)' captures no '\(name)'.\(hint)")
      }
    }
    return FlowDefinition(
      name: source.entry.key, mark: source.mark, parameters: parameters, returns: returns, steps: made)
  }

  private func parameters(_ node: YAMLNode?, _ report: FileReport) -> [FlowDefinition.Parameter] {
    (node?.entries ?? []).compactMap { entry in
      guard Names.isName(entry.key) else {
        report.error(.badName, entry.keyNode, "'\(entry.key)' is no name for a parameter.")
        return nil
      }
      guard steps.isFree(entry, report, "name the parameter otherwise") else { return nil }
      let text = (entry.value.entries == nil ? entry.value : entry.value["type"])?.scalar?.text
      guard let kind = text.flatMap(FlowDefinition.Parameter.Kind.init) else { return nil }
      var parameter = FlowDefinition.Parameter(name: entry.key, kind: kind)
      if let standard = entry.value["default"] {
        if kind == .actor {
          report.error(.conflictingKeys, standard, "An actor has no default; the step that uses the flow names it.")
        } else {
          fits(standard, kind, entry.key, report)
          parameter.standard = TemplateReader(report: report).template(standard)
          if parameter.standard?.references.isEmpty == false {
            report.error(.badValue, standard, "A default is a value of its own, without '${…}'.")
          }
        }
      }
      return parameter
    }
  }

  /// Names that steps capture, in the order of the file.
  private static func captures(in steps: [Step]) -> [String] {
    steps.flatMap { step -> [String] in
      switch step.verb {
      case .operate(let operation): operation.captures.map(\.name)
      case .poll(let query): query.operation.captures.map(\.name)
      case .expect(let expectation): expectation.captures.map(\.name)
      case .capture(let captures): captures.map(\.name)
      case .use(let use): use.results.map(\.name)
      case .each(_, let steps), .repeat(_, let steps), .feed(_, let steps): captures(in: steps)
      case .parallel(let branches): branches.flatMap(captures)
      default: []
      }
    }
  }

  // Using them

  func use(_ value: YAMLNode, _ node: YAMLNode) -> FlowUse? {
    guard let name = value.scalar?.text, Names.isName(name), let flow = definition(name, node: value) else {
      return nil
    }
    let here = [Diagnostic.Related(mark: flow.mark, message: "the flow '\(name)' is here")]
    var use = FlowUse(flow: flow, arguments: [], actors: [], results: [])
    let given = node["with"]?.entries ?? []
    for entry in given {
      guard let parameter = flow.parameters.first(where: { $0.name == entry.key }) else {
        let hint = Suggestion.hint(for: entry.key, among: flow.parameters.map(\.name))
        report.error(
          .unknownVariable, entry.keyNode, "The flow '\(name)' has no parameter '\(entry.key)'.\(hint)", related: here)
        continue
      }
      if parameter.kind == .actor {
        if let actor = steps.actor(entry.value) { use.actors.append((entry.key, actor)) }
      } else {
        fits(entry.value, parameter.kind, entry.key, report, related: here)
        guard let template = TemplateReader(report: report).template(entry.value) else { continue }
        use.arguments.append(Template.Member(key: entry.key, value: template))
      }
    }
    let absent = flow.parameters.filter { parameter in !given.contains { $0.key == parameter.name } }
    let missing = absent.filter { $0.standard == nil }
    if !missing.isEmpty {
      let list = missing.map { "\($0.name) (\($0.kind.rawValue))" }.joined(separator: ", ")
      report.error(
        .missingVariable, node["with"] ?? value, "The flow '\(name)' needs under 'with': \(list).", related: here)
    }
    for parameter in absent {
      if let standard = parameter.standard {
        use.arguments.append(Template.Member(key: parameter.name, value: standard))
      }
    }
    for entry in node["capture"]?.entries ?? [] {
      guard steps.isFree(entry, report), let source = entry.value.scalar?.text, !source.isEmpty else { continue }
      guard flow.returns.contains(source) else {
        let hint = Suggestion.hint(for: source, among: flow.returns)
        report.error(.unknownName, entry.value, "The flow '\(name)' returns no '\(source)'.\(hint)", related: here)
        continue
      }
      use.results.append(
        FlowUse.Result(name: entry.key, source: source, mark: report.source.mark(entry.keyNode)))
    }
    return use
  }

  /// Constants must fit; what a template gives is known only when it runs.
  private func fits(
    _ node: YAMLNode, _ kind: FlowDefinition.Parameter.Kind, _ name: String, _ report: FileReport,
    related: [Diagnostic.Related] = []
  ) {
    if let text = node.scalar?.json.string, text.contains("${") { return }
    let json = node.scalar?.json
    let isFit =
      switch kind {
      case .text: json?.string != nil
      case .number: json?.number != nil
      case .boolean: json?.bool != nil
      case .actor, .value: true
      }
    guard !isFit else { return }
    let hint = kind == .text && json?.number != nil ? " Put it in quotes to make it a text." : ""
    report.error(
      .wrongVariable, node, "'\(name)' must be a \(kind.rawValue), but is \(node.kindName).\(hint)", related: related)
  }
}
