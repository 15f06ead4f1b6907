internal import Client
internal import JSON
internal import Scenario
internal import World

/// The steps of a scenario, from the actors' sessions to their last fence.
struct FunctionalPlay: Sendable {
  struct Result {
    var status = OutcomeStatus.passed
    var failures: [Failure] = []
    var notes: [String] = []
    /// What the steps have captured.
    var values: [String: JSON] = [:]

    mutating func add(_ failure: Failure, _ status: OutcomeStatus) {
      failures.append(failure)
      // That the system failed is worth more than that the harness then could not go on.
      if self.status != .failed { self.status = status }
    }
  }

  let scenario: Scenario
  let around: ActorSurroundings
  var gate: (any StepGate)?

  func perform() async -> Result {
    var result = Result()
    var actors: [ActorClient] = []
    for actor in scenario.actors {
      do { actors.append(try await ActorClient(actor, around: around)) } catch {
        let message = "\(actor.name) could not log in: \((error as? ClientError)?.message ?? "\(error)")"
        result.add(Failure(mark: actor.mark, message: message), .errored)
        return result
      }
    }
    let stage = Stage(around: around, actors: actors, recordsSteps: true, feeders: scenario.feeders, gate: gate)
    var flow = Flow(cause: Cause(at: around.world.clock.now))
    let meter = scenario.budget.map { Meter($0, stage: stage) }
    flow.meters = [meter].compactMap(\.self)
    do {
      result.values = try await around.world.withTimeout(scenario.timeout) { [scenario, flow] in
        var flow = flow
        try await StepRunner(stage: stage).run(scenario.steps, &flow)
        return flow.values
      }
    } catch let error as StepError {
      var failure = error.failure
      failure.time = .nanoseconds(around.chronicle.now)
      result.add(failure, error.status)
    } catch is TimedOut {
      result.add(
        Failure(
          mark: stage.current ?? scenario.mark,
          message: "The scenario did not end within \(Shown.of(scenario.timeout)); this is the step that was under way"),
        .failed)
    } catch {
      let message = error is CancellationError ? "The run was interrupted" : "\(error)"
      result.add(Failure(mark: stage.current ?? scenario.mark, message: message), .errored)
    }
    let ended = around.world.clock.now
    for actor in actors where actor.isConnected { await lastFence(actor, &result) }
    // What a play that ended early would have taken is not known.
    if result.status == .passed, let failure = meter?.verdict(of: "The scenario", ended: ended, stage) {
      result.add(failure, .failed)
    }
    for actor in actors { await farewell(actor) }
    let tokens = actors.map(\.identity.token)
    result.failures = result.failures.map { Self.naming(actors, in: Redaction.redacted($0, tokens: tokens)) }
    result.notes = stage.notes
    return result
  }

  /// Says whose identifier it is that was expected or seen. Events are shown as they came.
  private static func naming(_ actors: [ActorClient], in failure: Failure) -> Failure {
    failure.mapping(events: false) { text in
      var text = text
      var known: Set<String> = []
      for actor in actors where !actor.identity.userID.isEmpty && known.insert(actor.identity.userID).inserted {
        text = text.replacing("'\(actor.identity.userID)'", with: "'\(actor.identity.userID)' (\(actor.name))")
      }
      return text
    }
  }

  /// Shows what the checks may demand: everything that was due has come.
  private func lastFence(_ actor: ActorClient, _ result: inout Result) async {
    do { try await actor.fence() } catch {
      guard !(error is CancellationError), result.failures.isEmpty else { return }
      let reason = ActorError.describe(error, actor.name)
      result.add(Failure(mark: scenario.mark, message: "At the end, \(reason)"), .failed)
    }
  }

  private func farewell(_ actor: ActorClient) async {
    if actor.isConnected { try? await actor.disconnect(.close) }
    actor.retire()
  }
}
