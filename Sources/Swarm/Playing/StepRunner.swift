internal import History
internal import JSON
internal import Scenario
internal import World

/// Takes steps.
struct StepRunner: Sendable {
  let stage: Stage

  var world: World { stage.around.world }

  func run(_ steps: [Step], _ flow: inout Flow) async throws {
    for step in steps { try await run(step, &flow) }
  }

  private func run(_ step: Step, _ flow: inout Flow) async throws {
    try Task.checkCancellation()
    stage.begin(step.verbMark)
    switch step.verb {
    case .each(let actors, let steps):
      let (actor, value) = (flow.actor, flow.values["actor"])
      for name in actors {
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
    case .parallel(let branches): try await parallel(branches, &flow)
    case .barrier(let name):
      guard let barriers = flow.barriers else { throw harness(step, "A barrier stands outside of 'parallel'") }
      flow.values = try await barriers.come(to: name, branch: flow.branch, knowing: flow.values)
      flow.cause = world.clock.now
    case .capture(let captures):
      for capture in captures { try keep(capture, of: nil, statements: nil, step, &flow) }
    default:
      for name in step.actors.isEmpty ? [flow.actor].compactMap(\.self) : step.actors {
        guard let actor = stage.actor(name) else { throw harness(step, "There is no actor '\(name)'") }
        if stage.recordsSteps { actor.record(.step(mark: step.verbMark.description, text: StepText.of(step.verb))) }
        do { try await take(step, actor, &flow) } catch { throw StepError.of(error, actor: name, at: step.verbMark) }
      }
    }
  }

  private func take(_ step: Step, _ actor: ActorClient, _ flow: inout Flow) async throws {
    switch step.verb {
    case .connect:
      flow.cause = world.clock.now
      try await actor.connect()
    case .disconnect(let manner):
      flow.cause = world.clock.now
      try await actor.disconnect(manner)
    case .subscribe(let subscribe):
      flow.cause = world.clock.now
      let variables = try variables(subscribe.variables, step, flow)
      try await subscribing(subscribe, variables, step, actor)
    case .operate(let operation): try await operate(operation, step, actor, &flow)
    case .expect(let expectation):
      try await Expecting(stage: stage, step: step, actor: actor, expectation: expectation).expect(&flow)
    case .never(let expectation):
      try await Expecting(stage: stage, step: step, actor: actor, expectation: expectation).never(flow)
    case .each, .repeat, .parallel, .barrier, .capture: break
    }
  }

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

  private func operate(
    _ operation: OperationStep, _ step: Step, _ actor: ActorClient, _ flow: inout Flow
  ) async throws {
    let intended = flow.intended ?? world.clock.now
    flow.intended = nil
    flow.cause = intended
    let counts = operation.statements != nil || operation.captures.contains { Self.isStatements($0) }
    let response = try await actor.execute(
      operation.operation, variables: try variables(operation.variables, step, flow), channel: operation.channel,
      intended: intended, countingStatements: counts, isMeasured: flow.isMeasured)
    let judging = Judging(stage: stage, step: step, actor: actor.name)
    do { try judging.judge(response, operation, flow) } catch {
      stage.around.metrics?.sample(.errors, true)
      throw error
    }
    stage.around.metrics?.sample(.errors, false)
    for capture in operation.captures {
      try keep(capture, of: response.data, statements: response.statements, step, &flow)
    }
  }

  private func parallel(_ branches: [[Step]], _ flow: inout Flow) async throws {
    let barriers = Barriers(branches, start: flow.values)
    let outer = flow
    let now = world.clock.now
    let outcomes = await withTaskGroup(of: (Int, Result<Flow, any Error>).self) { group in
      for (index, steps) in branches.enumerated() {
        group.addTask {
          var branch = outer
          branch.barriers = barriers
          branch.branch = index
          branch.cause = now
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
    flow.cause = ended.map(\.cause).max() ?? flow.cause
    flow.intended = nil
  }

  private func variables(_ template: Template, _ step: Step, _ flow: Flow) throws -> JSONObject {
    let value = try resolve(template, step, flow)
    if value.isNull { return [:] }
    guard let object = value.object else {
      throw harness(step, "The variables are \(value.kindName), not an object")
    }
    return object
  }

  private func keep(
    _ capture: Capture, of data: JSON?, statements: Int?, _ step: Step, _ flow: inout Flow
  ) throws {
    switch capture.source {
    case .template(let template): flow.values[capture.name] = try resolve(template, step, flow)
    case .path(let path):
      let value = Self.isStatements(capture) ? statements.map { .int(Int64($0)) } : data.flatMap(path.value)
      guard let value else {
        throw StepError.failed(
          Failure(
            mark: capture.mark, message: "'\(capture.name)' cannot be captured: the response has no '\(path)'",
            seen: data.map { Shown.of($0) }))
      }
      flow.values[capture.name] = value
    }
  }

  private func resolve(_ template: Template, _ step: Step, _ flow: Flow) throws -> JSON {
    do throws(UnknownReference) { return try template.resolved { stage.value(of: $0, in: flow) } } catch {
      throw StepError.failed(Failure(mark: error.mark, message: "Nothing was captured as '\(error.name)'"))
    }
  }

  private func harness(_ step: Step, _ message: String) -> StepError {
    .harness(Failure(mark: step.verbMark, message: message))
  }

  static func isStatements(_ capture: Capture) -> Bool {
    if case .path(let path) = capture.source { path.segments == ["@statements"] } else { false }
  }
}
