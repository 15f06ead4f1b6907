internal import JSON
internal import Scenario
internal import World

/// Executes a query again and again, for `eventually` and `always`.
struct Polling {
  let runner: StepRunner
  let step: Step
  let actor: ActorClient
  let query: PolledQuery

  private var stage: Stage { runner.stage }
  private var world: World { stage.around.world }

  func run(_ flow: inout Flow) async throws {
    do {
      switch query.span {
      case .within(let limit): try await eventually(by: flow.cause.at + limit, limit, &flow)
      case .lasting(let duration): try await always(until: world.clock.now + duration, flow)
      case .untilBarrier(let name): try await always(untilBarrier: name, &flow)
      }
    } catch {
      if error is StepError { sample(false) }
      throw error
    }
    sample(true)
  }

  private func sample(_ holds: Bool) {
    stage.around.metrics?.sample(.checks, holds)
    if !holds { stage.around.metrics?.sample(.errors, true) }
  }

  /// The first execution counts whenever it is made: what holds then may have held for long.
  private func eventually(by deadline: Instant, _ limit: Duration, _ flow: inout Flow) async throws {
    let began = world.clock.now
    for attempt in 1...PolledQuery.attemptLimit {
      let arrivals = actor.inboxes.arrivals
      let response = try await execute(flow)
      let isLate = response.ended > deadline
      do {
        try judging.judge(response, query.operation, flow)
        if isLate, attempt > 1 { throw StepError.failed(late(response.ended - flow.cause.at, limit, flow)) }
        for capture in query.operation.captures {
          try runner.keep(capture, of: response.data, statements: response.statements, step, &flow)
        }
        return
      } catch StepError.failed(var failure) where isLate {
        if let miss = failure.misses.first {
          failure.message = "\(actor.name)'s \(name) was still wrong after \(Shown.of(limit)): \(miss.verdict)"
        }
        failure.cause = flow.cause.told(stage)
        failure.deadline = limit
        failure.details.append("executed \(Shown.times(attempt)) in \(Shown.of(response.ended - began))")
        throw StepError.failed(failure)
      } catch StepError.failed {}
      try await pause(until: deadline, after: arrivals)
    }
    throw StepError.failed(tooMany)
  }

  private func late(_ taken: Duration, _ limit: Duration, _ flow: Flow) -> Failure {
    var failure = Failure(
      mark: step.verbMark, message: "\(actor.name)'s \(name) was right \(Shown.of(taken - limit)) too late",
      expected: "within \(Shown.of(limit))", seen: "after \(Shown.of(taken))")
    failure.cause = flow.cause.told(stage)
    failure.deadline = limit
    return failure
  }

  private func always(until end: Instant, _ flow: Flow) async throws {
    let began = world.clock.now
    for attempt in 1...PolledQuery.attemptLimit {
      // The last execution begins when the time is over, so that the whole of it was looked at.
      let isLast = world.clock.now >= end
      try await hold(flow, attempt, since: began)
      if isLast { return }
      try await world.clock.sleep(until: min(end, world.clock.now + query.interval))
    }
    throw StepError.failed(tooMany)
  }

  private func always(untilBarrier name: String, _ flow: inout Flow) async throws {
    guard let barriers = flow.barriers else {
      throw StepError.harness(Failure(mark: step.verbMark, message: "A barrier stands outside of 'parallel'"))
    }
    let opened = Latch<[String: JSON]>()
    let branch = flow
    let values = try await withThrowingTaskGroup(of: [String: JSON]?.self) { group in
      group.addTask {
        opened.open(try await barriers.come(to: name, branch: branch.branch, knowing: branch.values))
        return nil
      }
      group.addTask { try await watch(opened, branch) }
      // Whichever fails ends the other.
      defer { group.cancelAll() }
      var values: [String: JSON]?
      while let result = try await group.next() { values = result ?? values }
      return values
    }
    if let values { flow.values = values }
    flow.cause = Cause(at: world.clock.now, step: step, actor: actor.name)
  }

  private func watch(_ opened: Latch<[String: JSON]>, _ flow: Flow) async throws -> [String: JSON] {
    var values: [String: JSON]?
    let began = world.clock.now
    for attempt in 1...PolledQuery.attemptLimit {
      let known = values
      try await hold(flow, attempt, since: began)
      if let known { return known }
      do { values = try await world.withTimeout(query.interval) { try await opened.wait() } } catch is TimedOut {}
    }
    throw StepError.failed(tooMany)
  }

  private func hold(_ flow: Flow, _ attempt: Int, since began: Instant) async throws {
    let response = try await execute(flow)
    do { try judging.judge(response, query.operation, flow) } catch StepError.failed(var failure) {
      let when = "after \(Shown.of(response.ended - began))"
      if let miss = failure.misses.first {
        failure.message = "\(actor.name)'s \(name) was wrong \(when): \(miss.verdict)"
      }
      failure.details.append("it held \(attempt == 1 ? "never" : Shown.times(attempt - 1)) before")
      throw StepError.failed(failure)
    }
  }

  private var name: String { query.operation.operation.name }
  private var judging: Judging { Judging(stage: stage, step: step, actor: actor.name) }

  private var tooMany: Failure {
    Failure(mark: step.verbMark, message: "\(name) was executed \(PolledQuery.attemptLimit) times without an end")
  }

  private func execute(_ flow: Flow) async throws -> OperationResponse {
    var flow = flow
    flow.measure = nil
    return try await runner.execute(query.operation, intended: nil, step, actor, flow)
  }

  /// Until something arrives at the actor, but no longer than the interval.
  private func pause(until deadline: Instant, after arrivals: Int) async throws {
    let limit = min(query.interval, max(.milliseconds(1), deadline - world.clock.now))
    do {
      try await world.withTimeout(limit) { [inboxes = actor.inboxes] in
        await inboxes.waitForArrival(after: arrivals)
        try Task.checkCancellation()
      }
    } catch is TimedOut {}
    try Task.checkCancellation()
  }
}
