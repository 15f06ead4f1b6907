internal import History
internal import JSON
internal import Scenario
internal import World

/// Takes steps.
///
/// Each kind of step is a function of its own that is not inlined: an asynchronous function keeps room for all that any of its
/// branches may need, and ten thousand virtual users that think would keep it ten thousand times.
struct StepRunner: Sendable {
  let stage: Stage

  var world: World { stage.around.world }

  func run(_ steps: [Step], _ flow: inout Flow) async throws {
    for step in steps {
      if stage.gate != nil { try await wait(before: step, flow) }
      try await run(step, &flow)
    }
  }

  @inline(never)
  private func wait(before step: Step, _ flow: Flow) async throws {
    try await stage.gate?.pass(StepStop(step, stage, flow))
  }

  private func run(_ step: Step, _ flow: inout Flow) async throws {
    try Task.checkCancellation()
    stage.begin(step.verbMark)
    if let label = step.label { Moment.note(label, at: flow.intended ?? world.clock.now, step, stage, &flow) }
    guard let budget = step.budget else { return try await perform(step, &flow) }
    let meter = Meter(budget, stage: stage)
    flow.meters.append(meter)
    try await perform(step, &flow)
    flow.meters.removeLast()
    if let failure = meter.verdict(of: "The step", ended: world.clock.now, stage) { throw StepError.failed(failure) }
  }

  private func perform(_ step: Step, _ flow: inout Flow) async throws {
    switch step.verb {
    case .each, .repeat: try await loop(step, &flow)
    case .feed(let name, let steps): try await feed(name, steps, step, &flow)
    case .mark(let name): Moment.note(name, at: world.clock.now, step, stage, &flow)
    case .use(let use):
      guard !step.actors.isEmpty else { return try await enter(use, as: flow.actor, step, &flow) }
      for name in step.actors { try await enter(use, as: flow.aliases[name] ?? name, step, &flow) }
    case .parallel(let branches): try await parallel(branches, step, &flow)
    case .barrier(let name):
      guard let barriers = flow.barriers else { throw harness(step, "A barrier stands outside of 'parallel'") }
      flow.values = try await barriers.come(to: name, branch: flow.branch, knowing: flow.values)
      flow.cause = Cause(at: world.clock.now, step: step)
    case .capture(let captures):
      for capture in captures { try keep(capture, of: nil, statements: nil, step, &flow) }
    case .pause(let range): try await pause(range, step, &flow)
    default:
      let takers = step.actors.isEmpty ? [flow.actor].compactMap(\.self) : step.actors.map { flow.aliases[$0] ?? $0 }
      guard !takers.isEmpty else { throw harness(step, "Nobody takes this step") }
      for name in takers {
        guard let actor = stage.actor(name) else { throw harness(step, "There is no actor '\(name)'") }
        if stage.recordsSteps { actor.record(.step(mark: step.verbMark.description, text: StepText.of(step.verb))) }
        do { try await take(step, actor, &flow) } catch { throw StepError.of(error, actor: name, at: step.verbMark) }
      }
    }
  }

  private func take(_ step: Step, _ actor: ActorClient, _ flow: inout Flow) async throws {
    switch step.verb {
    case .connect:
      flow.isCaused(by: step, actor.name, at: world.clock.now)
      try await actor.connect()
    case .disconnect(let manner):
      flow.isCaused(by: step, actor.name, at: world.clock.now)
      try await actor.disconnect(manner)
    case .subscribe(let subscribe):
      flow.isCaused(by: step, actor.name, at: world.clock.now)
      try await subscribing(subscribe, try variables(subscribe.variables, step, flow), step, actor)
    case .operate(let operation): try await operate(operation, step, actor, &flow)
    default: try await look(step, actor, &flow)
    }
  }

  @inline(never)
  private func look(_ step: Step, _ actor: ActorClient, _ flow: inout Flow) async throws {
    switch step.verb {
    case .expect(let expectation):
      try await Expecting(stage: stage, step: step, actor: actor, expectation: expectation).expect(&flow)
    case .never(let expectation):
      try await Expecting(stage: stage, step: step, actor: actor, expectation: expectation).never(flow)
    case .received(let receipt):
      try await Receiving(stage: stage, step: step, actor: actor, receipt: receipt).judge(flow)
    case .poll(let query): try await Polling(runner: self, step: step, actor: actor, query: query).run(&flow)
    case .connect, .disconnect, .subscribe, .operate, .each, .feed, .use, .mark, .repeat, .parallel, .barrier, .capture,
      .pause:
      break
    }
  }

  /// The steps once for each actor, or so many times.
  @inline(never)
  private func loop(_ step: Step, _ flow: inout Flow) async throws {
    switch step.verb {
    case .each(let actors, let steps):
      let (actor, value) = (flow.actor, flow.values["actor"])
      for name in actors.map({ flow.aliases[$0] ?? $0 }) {
        flow.actor = name
        flow.values["actor"] = .string(name)
        try await run(steps, &flow)
      }
      flow.actor = actor
      flow.values["actor"] = value
    case .repeat(let times, let steps):
      let value = flow.values["index"]
      for index in 0..<max(0, times) {
        flow.values["index"] = .int(Int64(index))
        try await run(steps, &flow)
      }
      flow.values["index"] = value
    default: break
    }
  }

  @inline(never)
  private func pause(_ range: ClosedRange<Duration>, _ step: Step, _ flow: inout Flow) async throws {
    // Named by who pauses where and when, so that it does not depend on what others do meanwhile.
    var random = world.random("pause \(flow.actor ?? "") \(flow.values["iteration"]?.int ?? 0) \(step.mark)")
    let thought = random.duration(in: range)
    try await world.sleep(for: thought)
    // What comes first in an iteration was meant to start when the thought was over.
    if let intended = flow.intended { flow.intended = intended + thought }
  }

  @inline(never)
  private func subscribing(
    _ subscribe: SubscribeStep, _ variables: JSONObject, _ step: Step, _ actor: ActorClient
  ) async throws {
    let judging = Judging(stage: stage, step: step, actor: actor.name)
    do {
      try await actor.subscribe(subscribe.operation, variables: variables, inbox: subscribe.inbox)
    } catch ActorError.refused(let errors) where subscribe.fails != nil {
      if let wanted = subscribe.fails {
        try judging.judgeRefusal(errors, wanted, subscribe.operation.name, success: "success")
      }
      return
    }
    if let wanted = subscribe.fails {
      try judging.judgeRefusal([], wanted, subscribe.operation.name, success: "a subscription that is live")
    }
  }

  @inline(never)
  private func operate(
    _ operation: OperationStep, _ step: Step, _ actor: ActorClient, _ flow: inout Flow
  ) async throws {
    let intended = flow.intended ?? world.clock.now
    flow.intended = nil
    flow.isCaused(by: step, actor.name, at: intended)
    let response = try await execute(operation, intended: intended, step, actor, flow)
    try settle(response, operation, step, actor, &flow)
  }

  @inline(never)
  private func settle(
    _ response: OperationResponse, _ operation: OperationStep, _ step: Step, _ actor: ActorClient, _ flow: inout Flow
  ) throws {
    let judging = Judging(stage: stage, step: step, actor: actor.name)
    let tags = [MetricTag(.action, operation.operation.name)] + (flow.measure ?? [])
    do { try judging.judge(response, operation, flow) } catch {
      stage.around.metrics?.sample(.errors, true, tags: tags)
      guard case StepError.failed(var failure) = error else { throw error }
      if let variables = try? variables(operation.variables, step, flow), variables.count > 0 {
        failure.details.append("called with \(Shown.of(.object(variables)))")
      }
      throw StepError.failed(failure)
    }
    stage.around.metrics?.sample(.errors, false, tags: tags)
    for capture in operation.captures {
      try keep(capture, of: response.data, statements: response.statements, step, &flow)
    }
  }

  /// Executes an operation, without judging its response.
  func execute(
    _ operation: OperationStep, intended: Instant?, _ step: Step, _ actor: ActorClient, _ flow: Flow
  ) async throws -> OperationResponse {
    let counts =
      operation.statements != nil || operation.captures.contains { Self.isStatements($0) }
      || flow.meters.contains(where: \.countsStatements)
    let response = try await actor.execute(
      operation.operation, variables: try variables(operation.variables, step, flow), channel: operation.channel,
      intended: intended, countingStatements: counts, measuredUnder: flow.measure)
    for meter in flow.meters { meter.add(statements: response.statements) }
    return response
  }

  /// The steps once for each row.
  @inline(never)
  private func feed(_ name: String, _ steps: [Step], _ step: Step, _ flow: inout Flow) async throws {
    guard let feeder = stage.feeders.first(where: { $0.name == name }) else {
      throw harness(step, "There is no feeder '\(name)'")
    }
    let outer = flow.values
    for index in feeder.rows.indices {
      guard let row = feeder.row(iteration: index, vu: 0, seed: world.seed) else { break }
      for (name, value) in feeder.values(of: row) { flow.values[name] = value }
      flow.values["index"] = .int(Int64(index))
      try await run(steps, &flow)
    }
    flow.values["index"] = outer["index"]
    for column in feeder.columns { flow.values["\(name).\(column)"] = outer["\(name).\(column)"] }
  }

  /// The steps of a flow: they know its parameters and nothing that was captured outside.
  @inline(never)
  private func enter(_ use: FlowUse, as actor: String?, _ step: Step, _ flow: inout Flow) async throws {
    var inner = flow
    inner.barriers = nil
    inner.values = flow.values.filter { Self.isKnownEverywhere($0.key) }
    for argument in use.arguments { inner.values[argument.key] = try resolve(argument.value, step, flow) }
    inner.aliases = [:]
    for (parameter, given) in use.actors {
      inner.aliases[parameter] = given == "actor" ? actor : flow.aliases[given] ?? given
    }
    inner.actor = actor
    if let actor { inner.values["actor"] = .string(actor) }
    do { try await run(use.flow.steps, &inner) } catch StepError.failed(var failure) {
      failure.details.append("in the flow '\(use.flow.name)', used at \(step.verbMark)")
      throw StepError.failed(failure)
    }
    flow.cause = inner.cause
    flow.intended = inner.intended
    for result in use.results {
      guard let value = inner.values[result.source] else {
        throw harness(step, "The flow '\(use.flow.name)' gave back no '\(result.source)'")
      }
      flow.values[result.name] = value
    }
  }

  /// What no step captured: the built-in names, and the rows of feeders.
  private static func isKnownEverywhere(_ name: String) -> Bool {
    ["actor", "index", "vu", "party", "iteration"].contains(name) || name.contains(".")
  }

  @inline(never)
  private func parallel(_ branches: [[Step]], _ step: Step, _ flow: inout Flow) async throws {
    let barriers = Barriers(branches, start: flow.values)
    let outer = flow
    let now = world.clock.now
    let outcomes = await withTaskGroup(of: (Int, Result<Flow, any Error>).self) { group in
      for (index, steps) in branches.enumerated() {
        group.addTask {
          var branch = outer
          branch.barriers = barriers
          branch.branch = index
          branch.cause = Cause(at: now, step: step)
          do {
            try await run(steps, &branch)
            return (index, .success(branch))
          } catch { return (index, .failure(error)) }
        }
      }
      var outcomes: [(Int, Result<Flow, any Error>)] = []
      for await outcome in group {
        outcomes.append(outcome)
        // The others would wait for what can no longer come.
        if case .failure = outcome.1 { group.cancelAll() }
      }
      return outcomes
    }
    var flows: [Flow?] = Array(repeating: nil, count: branches.count)
    for (index, outcome) in outcomes {
      // The first to fail is the reason; the others were cancelled for it.
      flows[index] = try outcome.get()
    }
    let ended = flows.compactMap(\.self)
    flow.values = barriers.merged(ended.map(\.values))
    flow.cause = ended.map(\.cause).max { $0.at < $1.at } ?? flow.cause
    flow.intended = nil
  }

  @inline(never)
  private func variables(_ template: Template, _ step: Step, _ flow: Flow) throws -> JSONObject {
    let value = try resolve(template, step, flow)
    if value.isNull { return [:] }
    guard let object = value.object else {
      throw harness(step, "The variables are \(value.kindName), not an object")
    }
    return object
  }

  @inline(never)
  func keep(
    _ capture: Capture, of data: JSON?, statements: Int?, _ step: Step, _ flow: inout Flow
  ) throws {
    switch capture.source {
    case .template(let template): flow.values[capture.name] = try resolve(template, step, flow)
    case .path(let path):
      let value = Self.isStatements(capture) ? statements.map { .int(Int64($0)) } : data.flatMap(path.value)
      guard let value else {
        throw StepError.failed(.missing(capture, path, of: data ?? .null, "the response"))
      }
      flow.values[capture.name] = value
    }
  }

  @inline(never)
  private func resolve(_ template: Template, _ step: Step, _ flow: Flow) throws -> JSON {
    do throws(UnknownReference) { return try template.resolved { stage.value(of: $0, in: flow) } } catch {
      // Of two parts are only actors', which always have a value, and feeders'.
      let reason = error.name.contains(".") ? "has no more rows: each is used once" : "was not captured"
      let name = error.name.split(separator: ".").first ?? ""
      throw StepError.failed(Failure(mark: error.mark, message: "'\(name)' \(reason)"))
    }
  }

  @inline(never)
  private func harness(_ step: Step, _ message: String) -> StepError {
    .harness(Failure(mark: step.verbMark, message: message))
  }

  static func isStatements(_ capture: Capture) -> Bool {
    if case .path(let path) = capture.source { path.segments == ["@statements"] } else { false }
  }
}
