internal import GraphQL
internal import JSON

/// Makes steps of a file whose shape has been checked: what does not fit has been reported and is left out here. What is
/// decided by one step alone is checked here; what depends on the steps before it, by ``FlowChecker``.
struct StepDecoder {
  /// Where steps stand.
  enum Place {
    case functional
    /// Within `each`: the actor is understood.
    case each
    /// Within a load model: the actor is the virtual user.
    case load
    /// Within a flow: the actor may be understood, which is known where it is used.
    case flow

    var impliesActor: Bool { self != .functional }
  }

  private(set) var report: FileReport
  let schema: Schema
  let actions: ActionFolder
  let table: OperationTable
  let lost: LostSteps
  /// `nil` when the world could not be read, so that no name can be called unknown.
  private(set) var actors: [String: Actor]?
  private(set) var actorNames: [String]
  /// Users of several organizations, who are no actors by themselves.
  let sharedNames: Set<String>
  let flows: FlowLibrary
  let feeders: [Feeder]
  private var labels = Labels()
  /// Of the flow that the steps belong to.
  private var parameters: Set<String> = []

  init(
    report: FileReport, schema: Schema, actions: ActionFolder, table: OperationTable, lost: LostSteps,
    actors: [String: Actor]?, actorNames: [String], sharedNames: Set<String>, flows: FlowLibrary, feeders: [Feeder]
  ) {
    self.report = report
    self.schema = schema
    self.actions = actions
    self.table = table
    self.lost = lost
    self.actors = actors
    self.actorNames = actorNames
    self.sharedNames = sharedNames
    self.flows = flows
    self.feeders = feeders
  }

  /// The same for the steps of a flow, in which actor parameters are actors.
  func inFlow(_ parameters: [FlowDefinition.Parameter], report: FileReport) -> StepDecoder {
    var inner = self
    inner.report = report
    inner.labels = Labels()
    inner.parameters = Set(parameters.map(\.name))
    for parameter in parameters where parameter.kind == .actor {
      let mark = report.source.mark(line: 1, column: 1, in: YAMLNode(kind: .sequence([]), line: 1, column: 1))
      inner.actors?[parameter.name] = Actor(name: parameter.name, user: "", organization: "", mark: mark)
      inner.actorNames.append(parameter.name)
    }
    return inner
  }

  /// The labels and marks of one list of steps and of those within.
  private final class Labels { var marks: [String: Mark] = [:] }

  private var templates: TemplateReader { TemplateReader(report: report) }
  private var matchers: MatcherReader { MatcherReader(report: report) }
  private var paths: PathReader { PathReader(report: report) }
  private var checker: MatchChecker { MatchChecker(report: report) }
  private var variables: VariableChecker { VariableChecker(schema: schema, report: report) }

  func steps(_ node: YAMLNode?, in place: Place) -> [Step] {
    (node?.elements ?? []).compactMap { element in
      let step = step(element, in: place)
      if step == nil { lost.add(element) }
      return step
    }
  }

  private func step(_ node: YAMLNode, in place: Place) -> Step? {
    if let scalar = node.scalar { return short(scalar.text, node, place) }
    guard let entries = node.entries else { return nil }
    let verbs = StepShapes.verbs(of: entries)
    guard let verb = verbs.first else { return nil }
    let value = verb.value
    if place == .load, ["each", "parallel", "barrier"].contains(verb.key) {
      report.error(.misplacedStep, verb.keyNode, "'\(verb.key)' has no place in a load: a virtual user acts alone.")
      return nil
    }
    switch verb.key {
    case "each":
      if let name = value.scalar?.text, feeders.contains(where: { $0.name == name }) {
        let inner = steps(node["steps"], in: place)
        return make(node, value, [], .feed(feeder: name, steps: inner))
      }
      let names = actors(value)
      let inner = steps(node["steps"], in: .each)
      return names.map { make(node, value, [], .each(actors: $0, steps: inner)) }
    case "repeat":
      let inner = steps(node["steps"], in: place)
      guard let times = value.scalar?.json.int, (1...Int64(Format.repeatLimit)).contains(times) else { return nil }
      return make(node, value, [], .repeat(times: Int(times), steps: inner))
    case "parallel":
      if value.elements?.isEmpty == true { report.error(.badValue, value, "'parallel' has no branches.") }
      let branches = (value.elements ?? []).map { steps($0, in: place) }
      return make(node, value, [], .parallel(branches))
    case "barrier":
      return value.scalar.map { make(node, value, [], .barrier($0.text)) }
    case "mark":
      guard let name = value.scalar?.text, Names.isName(name) else { return nil }
      note(label: name, value)
      return make(node, value, [], .mark(name))
    case "use":
      let use = FlowDecoder(steps: self).use(value, node)
      let actors = node["as"] == nil ? [] : takers(node, verb.key, place)
      guard let use, let actors else { return nil }
      checkCapture(node, actors)
      return make(node, value, actors, .use(use))
    case "capture":
      return make(node, value, [], .capture(valueCaptures(value)))
    case "connect", "disconnect":
      return connection(verb, node, place)
    case "pause": return pause(verb, place).map { make(node, value, [], .pause($0)) }
    default: break
    }
    let actors = takers(node, verb.key, place)
    guard let meaning = meaning(verb, node), let actors else { return nil }
    checkCapture(node, actors)
    return make(node, value, actors, meaning)
  }

  private func make(_ node: YAMLNode, _ value: YAMLNode, _ actors: [String], _ verb: Verb) -> Step {
    var step = Step(mark: report.source.mark(node), actors: actors, verb: verb, verbMark: report.source.mark(value))
    if let place = node["label"], let label = place.scalar?.text, Names.isName(label) {
      note(label: label, place)
      step.label = label
    }
    step.budget = BudgetReader(report: report).budget(node["budget"])
    return step
  }

  private func note(label: String, _ node: YAMLNode) {
    if let known = labels.marks[label] {
      report.error(
        .duplicateName, node, "There are two labels '\(label)'.",
        related: [Diagnostic.Related(mark: known, message: "the other is here")])
    } else {
      labels.marks[label] = report.source.mark(node)
    }
  }

  private func meaning(_ verb: YAMLEntry, _ node: YAMLNode) -> Verb? {
    switch verb.key {
    case "subscribe": subscribe(verb.value, node)
    case "do":
      operate(actions.operation(verb.value, kinds: [.query, .mutation], report: report), node)
    case "query": operate(raw(verb.value, .query), node)
    case "mutate": operate(raw(verb.value, .mutation), node)
    case "enter": move("enterPage", verb, node)
    case "leave": move("leavePage", verb, node)
    case "expect": .expect(expectation(verb.value, node))
    case "never": .never(expectation(verb.value, node))
    case "received": .received(receipt(verb.value, node))
    case "eventually", "always": poll(verb, node)
    default: nil
    }
  }

  // Who acts

  private func takers(_ node: YAMLNode, _ verb: String, _ place: Place) -> [String]? {
    guard let taker = node["as"] else {
      if place.impliesActor { return [] }
      report.error(.missingKey, node, "'\(verb)' needs 'as': who takes the step.")
      return nil
    }
    if place == .load {
      report.error(.misplacedKey, taker, "'as' has no place in a load: it is the virtual user that acts.")
      return nil
    }
    return actors(taker)
  }

  /// The actors that a node names; `nil` when one is unknown, which is reported.
  private func actors(_ node: YAMLNode) -> [String]? {
    var names: [String] = []
    var complete = true
    for element in node.elements ?? [node] {
      guard let name = element.scalar?.text, Names.isName(name) else {
        complete = false
        continue
      }
      if names.contains(name) {
        report.error(.duplicateName, element, "'\(name)' stands twice.")
      } else if let actors, actors[name] == nil {
        complete = false
        unknown(name, element)
      } else {
        names.append(name)
      }
    }
    return complete && !names.isEmpty ? names : nil
  }

  /// The one actor that a node names; `actor` is whoever acts.
  func actor(_ node: YAMLNode) -> String? {
    if node.scalar?.text == "actor" { return "actor" }
    guard node.scalar != nil, Names.isName(node.scalar?.text ?? "") else {
      report.error(.badName, node, "\(node.kindName.capitalizedFirst) is no actor's name.")
      return nil
    }
    return actors(node)?.first
  }

  private func unknown(_ name: String, _ node: YAMLNode) {
    guard !sharedNames.contains(name) else {
      report.error(
        .ambiguousUser, node, "'\(name)' is a user of several organizations; name an actor for each under 'actors'.")
      return
    }
    let hint = Suggestion.hint(for: name, among: actorNames)
    report.error(.unknownActor, node, "There is no actor '\(name)'.\(hint)")
  }

  private func short(_ text: String, _ node: YAMLNode, _ place: Place) -> Step? {
    guard text == "connect" || text == "disconnect" else { return nil }
    guard place.impliesActor else {
      report.error(.missingKey, node, "'\(text)' needs an actor, as in '\(text): ada'.")
      return nil
    }
    return make(node, node, [], text == "connect" ? .connect : .disconnect(.close))
  }

  private func connection(_ verb: YAMLEntry, _ node: YAMLNode, _ place: Place) -> Step? {
    let value = verb.value
    let isEmpty = value.scalar?.json.isNull == true
    let isConnect = verb.key == "connect"
    var manner = DisconnectManner.close
    var named: YAMLNode? = isEmpty ? nil : value
    if !isConnect {
      if value.entries != nil {
        named = value["actor"]
        manner = value["how"]?.scalar.flatMap { DisconnectManner(rawValue: $0.text) } ?? .close
      } else if let text = value.scalar?.text, let known = DisconnectManner(rawValue: text),
        node["as"] != nil || place.impliesActor
      {
        named = nil
        manner = known
      }
    }
    let action: Verb = isConnect ? .connect : .disconnect(manner)
    if let named {
      if let taker = node["as"] {
        report.error(.conflictingKeys, taker, "'\(verb.key)' names its actors itself; leave 'as' out.")
      }
      if place == .load {
        report.error(.misplacedKey, named, "An actor has no place in a load: it is the virtual user that acts.")
        return nil
      }
      return actors(named).map { make(node, value, $0, action) }
    }
    return takers(node, verb.key, place).map { make(node, value, $0, action) }
  }

  private func pause(_ verb: YAMLEntry, _ place: Place) -> ClosedRange<Duration>? {
    guard place == .load else {
      report.error(
        .misplacedStep, verb.keyNode, "'pause' is think time, for a load. Steps wait for what must come, with 'expect'."
      )
      return nil
    }
    if let always = verb.value.duration { return always...always }
    guard let shortest = verb.value["from"]?.duration, let node = verb.value["to"], let longest = node.duration else {
      return nil
    }
    guard shortest <= longest else {
      report.error(.badValue, node, "'to' is shorter than 'from'.")
      return nil
    }
    return shortest...longest
  }

  // What they do

  private func raw(_ node: YAMLNode, _ kind: Operation.Kind) -> OperationInfo? {
    RawDocuments(schema: schema, report: report).operation(node, expected: kind)
  }

  private func subscribe(_ value: YAMLNode, _ node: YAMLNode) -> Verb? {
    guard let text = value.scalar?.text else { return nil }
    let info =
      text.contains("{")
      ? raw(value, .subscription) : actions.operation(value, kinds: [.subscription], report: report)
    let template = given(node)
    let inbox = node["inbox"]?.scalar?.text
    if inbox == Names.closedInbox, let node = node["inbox"] {
      report.error(.reservedName, node, "'\(Names.closedInbox)' is the inbox in which a closed connection shows.")
    }
    if inbox == Names.endedInbox, let node = node["inbox"] {
      report.error(.reservedName, node, "'\(Names.endedInbox)' is the inbox in which ended subscriptions show.")
    }
    guard let info else { return nil }
    table.add(info)
    variables.check(node["with"], of: info, step: value)
    var step = SubscribeStep(operation: info.operation, variables: template, inbox: inbox ?? info.operation.name)
    step.fails = node["fails"].map(failure)
    return .subscribe(step)
  }

  private func move(_ action: String, _ verb: YAMLEntry, _ node: YAMLNode) -> Verb? {
    guard let info = actions.info(action) else {
      if actions.path == nil || !actions.hasErrors {
        report.error(.unknownAction, verb.keyNode, "'\(verb.key)' needs an action '\(action)', which is not there.")
      }
      return nil
    }
    guard let variable = info.operation.variables.first, info.operation.kind == .mutation else {
      report.error(.wrongKind, verb.keyNode, "'\(verb.key)' needs '\(action)' to be a mutation with a variable.")
      return nil
    }
    return operate(info, node, bound: [(variable, verb.value)], channel: .socket)
  }

  private func operate(
    _ info: OperationInfo?, _ node: YAMLNode, bound: [(name: String, value: YAMLNode)] = [],
    channel: OperationStep.Channel = .http
  ) -> Verb? {
    var template = given(node)
    let returns = fields(node["returns"])
    let captures = pathCaptures(node["capture"])
    let count = node["statements"].flatMap(matchers.matcher)
    guard let info else { return nil }
    table.add(info)
    variables.check(
      node["with"], of: info, bound: bound.map(\.name),
      step: StepShapes.verbs(of: node.entries ?? []).first?.value ?? node)
    for (name, value) in bound {
      guard let value = templates.template(value) else { continue }
      template = template.adding(name, value)
    }
    let chosen = node["over"]?.scalar.flatMap { OperationStep.Channel(rawValue: $0.text) } ?? channel
    var step = OperationStep(operation: info.operation, variables: template, channel: chosen)
    for match in returns { checker.check(match, in: info.response, of: info.operation.name) }
    for capture in captures { check(capture, info) }
    step.returns = returns
    step.captures = captures
    step.statements = count
    step.fails = node["fails"].map(failure)
    if step.fails != nil, let returns = node["returns"] {
      report.error(.conflictingKeys, returns, "A step that is refused returns nothing; use 'returns' or 'fails'.")
    }
    return .operate(step)
  }

  private func poll(_ verb: YAMLEntry, _ node: YAMLNode) -> Verb? {
    let isText = verb.value.scalar?.text.contains("{") == true
    let info =
      isText ? raw(verb.value, .query) : actions.operation(verb.value, kinds: [.query], report: report)
    let span = span(verb, node)
    if let returns = node["returns"], returns.entries?.isEmpty == true {
      report.error(.badValue, returns, "'\(verb.key)' needs something that must hold.")
    }
    let made = operate(info, node)
    guard case .operate(let operation)? = made, let span else { return nil }
    let every = node["every"]?.duration
    if let every, every < PolledQuery.shortestInterval, let place = node["every"] {
      report.error(.badValue, place, "'every' is \(place.kindName); it must be 10ms at least.")
    }
    return .poll(PolledQuery(operation: operation, span: span, interval: every ?? PolledQuery.standardInterval))
  }

  private func span(_ verb: YAMLEntry, _ node: YAMLNode) -> PolledQuery.Span? {
    func duration(_ key: String) -> Duration? { node[key]?.duration }
    if verb.key == "eventually" { return .within(duration("within") ?? .seconds(5)) }
    guard let until = node["until"] else {
      if node["for"] == nil { report.error(.missingKey, node, "'always' needs 'for' or 'until'.") }
      return duration("for").map { .lasting($0) }
    }
    if let other = node["for"] {
      report.error(.conflictingKeys, other, "'always' ends after a time or at a barrier, not both.")
    }
    if let taker = node["as"], (taker.elements ?? []).count > 1 {
      report.error(.conflictingKeys, taker, "One actor can come to the barrier of 'until'; name one.")
    }
    return until.scalar.map { .untilBarrier($0.text) }
  }

  private func given(_ node: YAMLNode) -> Template {
    node["with"].flatMap { $0.entries == nil ? nil : templates.template($0) } ?? .literal(.object([:]))
  }

  private func failure(_ node: YAMLNode) -> FailureMatch {
    guard node.entries != nil else { return FailureMatch(code: node.scalar?.text, message: nil) }
    return FailureMatch(code: node["code"]?.scalar?.text, message: node["message"]?.scalar?.text)
  }

  private func check(_ capture: Capture, _ info: OperationInfo) {
    guard case .path(let path) = capture.source, path.segments != [Names.statements] else { return }
    checker.resolve(path, in: info.response, of: info.operation.name)
  }

  // What they see

  private func expectation(_ value: YAMLNode, _ step: YAMLNode) -> Expectation {
    let within = step["within"]?.duration ?? .seconds(5)
    var count = step["count"]?.integer ?? 1
    var exactly = false
    if let node = step["exactly"] {
      switch node.scalar?.json {
      case .bool(let value)?: exactly = value
      case .int(let value)? where value > 0: (exactly, count) = (true, Int(clamping: value))
      default: break
      }
      if node.scalar?.json.int != nil, let other = step["count"] {
        report.error(.conflictingKeys, other, "'exactly' says how many already.")
      }
    }
    var result = Expectation(
      inbox: value.scalar?.text ?? "", fields: fields(step["where"]), within: within, count: count, exactly: exactly)
    result.captures = pathCaptures(step["capture"])
    result.order = step["inOrder"].flatMap(order)
    result.since = step["since"]?.scalar?.text
    return result
  }

  private func receipt(_ value: YAMLNode, _ step: YAMLNode) -> Receipt {
    let count = step["count"].flatMap(matchers.matcher) ?? .atLeast(.literal(1))
    return Receipt(
      inbox: value.scalar?.text ?? "", fields: fields(step["where"]), count: count,
      order: step["inOrder"].flatMap(order), since: step["since"]?.scalar?.text)
  }

  private func order(_ node: YAMLNode) -> OrderRule? {
    guard let entry = node.entries?.first, let path = paths.path(entry.keyNode) else { return nil }
    if entry.value.scalar?.text == "ascending" { return OrderRule(path: path, values: nil) }
    return templates.template(entry.value).map { OrderRule(path: path, values: $0) }
  }

  private func fields(_ node: YAMLNode?) -> [FieldMatch] {
    (node?.entries ?? []).compactMap { entry in
      guard let path = paths.path(entry.keyNode), let matcher = matchers.matcher(entry.value) else { return nil }
      return FieldMatch(path: path, matcher: matcher, valueMark: report.source.mark(entry.value))
    }
  }

  // What they keep

  private func pathCaptures(_ node: YAMLNode?) -> [Capture] {
    (node?.entries ?? []).compactMap { entry in
      guard isFree(entry, report), let path = paths.path(entry.value) else { return nil }
      return Capture(name: entry.key, source: .path(path), mark: report.source.mark(entry.keyNode))
    }
  }

  private func valueCaptures(_ node: YAMLNode) -> [Capture] {
    (node.entries ?? []).compactMap { entry in
      guard isFree(entry, report), let value = templates.template(entry.value) else { return nil }
      return Capture(name: entry.key, source: .template(value), mark: report.source.mark(entry.keyNode))
    }
  }

  func isFree(_ entry: YAMLEntry, _ report: FileReport, _ advice: String = "capture under another name") -> Bool {
    let isTaken =
      Names.builtIn.contains(entry.key) || actors?[entry.key] != nil || parameters.contains(entry.key)
      || feeders.contains { $0.name == entry.key }
    if isTaken { report.error(.reservedName, entry.keyNode, "'\(entry.key)' means something already; \(advice).") }
    return !isTaken && Names.isName(entry.key)
  }

  private func checkCapture(_ node: YAMLNode, _ actors: [String]) {
    guard actors.count > 1, let capture = node["capture"] else { return }
    report.error(
      .conflictingKeys, capture, "Several actors take this step, and each would overwrite what the last captured.")
  }
}

extension Template {
  /// An object with one more member; of anything else, an object of that member alone.
  fileprivate func adding(_ key: String, _ value: Template) -> Template {
    switch self {
    case .object(let members): return .object(members + [Member(key: key, value: value)])
    case .literal(.object(let object)):
      let members = object.members.map { Member(key: $0.key, value: .literal($0.value)) }
      return .object(members + [Member(key: key, value: value)])
    default: return .object([Member(key: key, value: value)])
    }
  }
}
