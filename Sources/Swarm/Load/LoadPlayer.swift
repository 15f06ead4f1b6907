internal import Client
internal import JSON
package import Scenario
package import World

/// Plays the load model of a scenario: connects virtual users, lets them iterate, measures, and judges the thresholds.
package struct LoadPlayer: Sendable {
  private let system: any SystemUnderTest
  private let world: World
  private let shard: Shard
  private let usage: (@Sendable () -> ResourceUsage)?
  private let onProgress: @Sendable (RunProgress) -> Void

  /// - Parameters:
  ///   - usage: of this process; `nil` where time is virtual.
  ///   - onProgress: called once a second of the world's time.
  package init(
    system: any SystemUnderTest, world: World, shard: Shard = .whole,
    usage: (@Sendable () -> ResourceUsage)? = nil, onProgress: @escaping @Sendable (RunProgress) -> Void = { _ in }
  ) {
    self.system = system
    self.world = world
    self.shard = shard
    self.usage = usage
    self.onProgress = onProgress
  }

  /// Takes the scenario's functional steps first, where it has any, then its load. Never throws: what goes wrong is in the
  /// outcome.
  package func play(_ scenario: Scenario) async -> LoadOutcome {
    let start = world.clock.now
    let chronicle = Chronicle(clock: world.clock, limit: Chronicle.loadLimit)
    let metrics = MetricsRecorder()
    let correlator = DeliveryCorrelator(scenario.actions.deliveries, metrics: metrics)
    var preparation = FunctionalPlay.Result()
    var result = LoadResult()
    if !scenario.steps.isEmpty {
      let around = ActorSurroundings(
        system: system, world: world, chronicle: chronicle, heartbeat: scenario.server.heartbeat)
      preparation = await FunctionalPlay(scenario: scenario, around: around).perform()
    }
    if preparation.status == .passed, let model = scenario.load {
      let around = ActorSurroundings(
        system: system, world: world, chronicle: chronicle, metrics: metrics, deliveries: correlator,
        heartbeat: scenario.server.heartbeat, inboxLimit: Inboxes.loadLimit, inboxUse: InboxUse(model))
      result = await LoadRun(
        model: model, scenario: scenario, around: around, metrics: metrics, shard: shard, usage: usage,
        onProgress: onProgress
      ).perform(knowing: preparation.values)
    }
    let snapshot = metrics.snapshot(elapsed: result.elapsed, whole: world.clock.now - start)
    var outcome = LoadOutcome(
      status: preparation.status == .passed ? result.status : preparation.status,
      failures: preparation.failures + result.failures, duration: world.clock.now - start, history: chronicle.history,
      metrics: snapshot, intervals: result.intervals,
      thresholds: evaluate(scenario.thresholds + unsaid(scenario), against: snapshot),
      notes: preparation.notes + result.notes + [chronicle.note, correlator.note].compactMap(\.self))
    outcome.generator = result.generator
    outcome.serverProcessor = result.serverProcessor
    outcome.phases = result.phases
    return outcome
  }

  /// That no iteration may be dropped, where the file says nothing else: a rate that was not held measured another load.
  private func unsaid(_ scenario: Scenario) -> [Threshold] {
    let metric = Metric.droppedIterations.rawValue
    guard let load = scenario.load, load.profiles.contains(where: \.executor.isOpenLoop),
      !scenario.thresholds.contains(where: { $0.metric == metric })
    else { return [] }
    return [
      Threshold(
        metric: metric, expression: "count==0", aggregate: .count, comparison: .equal, limit: 0, mark: load.mark)
    ]
  }
}

/// What a load run leaves beside its metrics and its history.
struct LoadResult: Sendable {
  var status = OutcomeStatus.passed
  var failures: [Failure] = []
  var notes: [String] = []
  var intervals: [MetricsInterval] = []
  var phases: [LoadPhase] = []
  var generator: GeneratorReport?
  var serverProcessor: Duration?
  /// How long iterations ran: what counters' rates are taken over.
  var elapsed = Duration.zero
}
