extension Scenario {
  /// The scenario with the waits that it asks for multiplied: `timeout`, leases and heartbeats, `within`, `for` and `every`,
  /// think time, pacing and the graceful stop. What says how much is done, or is compared with what was measured, stays:
  /// rates, the length of a load, budgets, thresholds.
  package func scaled(by factor: Double) -> Scenario {
    guard factor != 1 else { return self }
    let scale = TimeScale(factor)
    var scenario = self
    scenario.timeout = scenario.timeout * factor
    scenario.server.presenceLease = server.presenceLease.map { $0 * factor }
    scenario.server.heartbeat = server.heartbeat.map { $0 * factor }
    scenario.steps = scale.steps(steps)
    guard var load else { return scenario }
    load.partySetup = scale.steps(load.partySetup)
    load.start = scale.steps(load.start)
    load.gracefulStop = load.gracefulStop * factor
    for index in load.profiles.indices {
      load.profiles[index].pacing = load.profiles[index].pacing.map { $0 * factor }
      for journey in load.profiles[index].journeys.indices {
        load.profiles[index].journeys[journey].steps = scale.steps(load.profiles[index].journeys[journey].steps)
      }
    }
    scenario.load = load
    return scenario
  }
}

private final class TimeScale {
  private let factor: Double
  /// Every step that uses a flow shares it.
  private var flows: [ObjectIdentifier: FlowDefinition] = [:]

  init(_ factor: Double) { self.factor = factor }

  func steps(_ steps: [Step]) -> [Step] {
    steps.map { step in
      var step = step
      step.verb = verb(step.verb)
      return step
    }
  }

  private func verb(_ verb: Verb) -> Verb {
    switch verb {
    case .expect(var expectation):
      expectation.within = expectation.within * factor
      return .expect(expectation)
    case .poll(var query):
      query.interval = query.interval * factor
      switch query.span {
      case .within(let limit): query.span = .within(limit * factor)
      case .lasting(let duration): query.span = .lasting(duration * factor)
      case .untilBarrier: break
      }
      return .poll(query)
    case .pause(let range): return .pause(range.lowerBound * factor...range.upperBound * factor)
    case .use(var use):
      use.flow = flow(use.flow)
      return .use(use)
    case .each(let actors, let steps): return .each(actors: actors, steps: self.steps(steps))
    case .feed(let feeder, let steps): return .feed(feeder: feeder, steps: self.steps(steps))
    case .repeat(let times, let steps): return .repeat(times: times, steps: self.steps(steps))
    case .parallel(let branches): return .parallel(branches.map(steps))
    default: return verb
    }
  }

  private func flow(_ flow: FlowDefinition) -> FlowDefinition {
    if let known = flows[ObjectIdentifier(flow)] { return known }
    let scaled = FlowDefinition(
      name: flow.name, mark: flow.mark, parameters: flow.parameters, returns: flow.returns, steps: steps(flow.steps))
    flows[ObjectIdentifier(flow)] = scaled
    return scaled
  }
}
