internal import Client
internal import JSON
internal import Scenario
internal import World

/// One load run, from the virtual users' sessions to their last fence.
struct LoadRun: Sendable {
  let model: LoadModel
  let scenario: Scenario
  let around: ActorSurroundings
  let metrics: MetricsRecorder
  let shard: Shard
  let usage: (@Sendable () -> ResourceUsage)?
  let onProgress: @Sendable (RunProgress) -> Void

  private var world: World { around.world }

  func perform(knowing values: [String: JSON]) async -> LoadResult {
    let began = world.clock.now
    let state = LoadState(virtualUsers: ownIndices.count, metrics: metrics, now: began)
    let watch = GeneratorWatch(world: world, usage: usage, virtualUsers: ownIndices.count)
    metrics.endInterval(at: began)
    let run = world.spawnThrowing { [self] in await stages(state, watch, values) }
    let ticker = world.spawn { [self] in
      while !Task.isCancelled {
        do { try await world.sleep(for: LoadLimits.progressInterval) } catch { return }
        metrics.endInterval(at: world.clock.now)
        let progress = state.progress(now: world.clock.now)
        onProgress(progress)
        guard progress.phase == .running, let broken = broken(after: progress.elapsed) else { continue }
        state.abort(
          "The load was ended: \(broken.metric)\(broken.tag?.description ?? "") \(broken.expression) did not hold")
        run.cancel()
      }
    }
    let elapsed = await withTaskCancellationHandler {
      (try? await run.value) ?? .zero
    } onCancel: {
      run.cancel()
    }
    ticker.cancel()
    await ticker.value
    metrics.endInterval(at: world.clock.now)
    var result = LoadResult(failures: state.failures, notes: state.notes, elapsed: elapsed)
    if let broken = state.broken { result.status = broken }
    result.intervals = metrics.intervals
    let history = around.chronicle.history
    result.phases =
      LoadPhase.all(of: model, state.entered, from: began, to: world.clock.now)
      + LoadPhase.losses(in: history, from: around.chronicle.offset(of: began))
    result.generator = state.generator
    result.serverProcessor = state.serverProcessor
    if Task.isCancelled {
      result.status = .errored
      result.failures.append(Failure(mark: model.mark, message: "The run was interrupted"))
    }
    return result
  }

  /// The first threshold that ends the load, and does not hold.
  private func broken(after elapsed: Duration) -> Threshold? {
    let due = scenario.thresholds.filter { threshold in threshold.abortAfter.map { $0 <= elapsed } ?? false }
    guard !due.isEmpty, elapsed > model.warmUp else { return nil }
    let results = evaluate(due, against: metrics.snapshot(elapsed: elapsed - model.warmUp))
    return results.first { !$0.passed && $0.observed != nil }?.threshold
  }

  /// The virtual users of this shard: whole parties, so that nobody waits for another process.
  private var ownIndices: [Int] {
    (0..<model.virtualUsers).filter { shard.owns($0 / max(1, model.partySize)) }
  }

  /// - Returns: how long iterations ran, without the warm-up.
  private func stages(_ state: LoadState, _ watch: GeneratorWatch, _ values: [String: JSON]) async -> Duration {
    let users = await start(state, values)
    let began = world.clock.now
    if !users.isEmpty, !Task.isCancelled { await iterate(users, state, watch) }
    let elapsed = max(world.clock.now - began - model.warmUp, .zero)
    state.enter(.stopping, planned: nil, now: world.clock.now)
    await stop(users, state)
    return elapsed
  }

  // Starting

  private func start(_ state: LoadState, _ values: [String: JSON]) async -> [VirtualUser] {
    let organization = scenario.organizations.first { $0.name == model.organization }
    let names = organization.map { $0.generatedCount > 0 ? Array($0.generatedUsers) : $0.users } ?? []
    guard !names.isEmpty, model.virtualUsers > 0 else {
      state.add(
        Failure(mark: model.mark, message: "The organization '\(model.organization)' has no users"), breaks: .errored)
      return []
    }
    let partySize = max(1, model.partySize)
    let partyCount = (model.virtualUsers + partySize - 1) / partySize
    let indices = ownIndices
    let parties = (0..<partyCount).map { _ in Latch<[String: JSON]?>() }
    let began = world.clock.now
    // A child task whose result nobody has asked for keeps many times what its user is.
    await withDiscardingTaskGroup { group in
      for (place, index) in indices.enumerated() {
        let due = began + .inSeconds(Double(place * shard.count) / max(model.connectRate, 0.001))
        do { try await world.clock.sleep(until: due) } catch { break }
        let user = names[index % names.count]
        let party = index / partySize
        group.addTask {
          await startUser(
            index, named: user, party: party, parties[party], leads: index % partySize == 0, state, values)
        }
      }
    }
    // They were ready in the order in which the server answered; everything else follows their numbers.
    return state.users.sorted { $0.index < $1.index }
  }

  private func startUser(
    _ index: Int, named user: String, party: Int, _ latch: Latch<[String: JSON]?>, leads: Bool, _ state: LoadState,
    _ values: [String: JSON]
  ) async {
    let name = "vu-\(index)"
    // Whatever happens, the others of the party must not wait for ever.
    defer { if leads { latch.open(nil) } }
    var mark = model.mark
    var started: ActorClient?
    do {
      let actor = Actor(name: name, user: user, organization: model.organization, mark: model.mark)
      let client = try await ActorClient(actor, around: around)
      started = client
      let runner = StepRunner(stage: Stage(around: around, actors: [client], recordsSteps: false))
      var flow = Flow(values: values, actor: name, cause: Cause(at: world.clock.now))
      flow.values["vu"] = .int(Int64(index))
      flow.values["party"] = .int(Int64(party))
      Feeding.feed(scenario.feeders, &flow.values, iteration: nil, vu: index, seed: world.seed)
      if leads {
        if let first = model.partySetup.first { mark = first.mark }
        try await runner.run(model.partySetup, &flow)
        latch.open(flow.values)
      } else {
        // The leader's failure is told once, by the leader.
        guard let shared = try await latch.wait() else { throw CancellationError() }
        for (key, value) in shared where key != "vu" { flow.values[key] = value }
      }
      try await runner.run(model.start, &flow)
      return state.isReady(VirtualUser(index: index, client: client, values: flow.values))
    } catch let error as StepError {
      state.add(redacted(error.failure, started), breaks: error.status)
    } catch {
      if !(error is CancellationError) {
        let reason = (error as? ClientError)?.message ?? "\(error)"
        state.add(Failure(mark: mark, message: "\(name) could not start: \(reason)"), breaks: .errored)
      }
    }
    started?.retire()
  }

  // Iterating

  private func iterate(_ users: [VirtualUser], _ state: LoadState, _ watch: GeneratorWatch) async {
    var schedules: [IterationSchedule] = []
    var firstIndex = 0
    for (place, profile) in model.profiles.enumerated() {
      let indices = firstIndex..<(firstIndex + profile.virtualUsers)
      let choice = JourneyChoice(profile, seed: world.seed)
      schedules.append(
        IterationSchedule(
          profile: profile, users: users.filter { indices.contains($0.index) }, firstIndex: firstIndex, shard: shard,
          world: world
        ) { user, arrival in
          if let intended = arrival.intended, !arrival.hasWaited { watch.began(late: world.clock.now - intended) }
          await iterate(user, choice.journey(of: arrival.number), place, arrival, state)
        } drop: {
          metrics.add(.droppedIterations, tags: [MetricTag(.profile, profile.name)])
        })
      firstIndex = indices.upperBound
    }
    let planned = model.profiles.map { $0.startAt + IterationSchedule.planned($0.executor) }.max() ?? .zero
    state.enter(.running, planned: planned, now: world.clock.now)
    if model.warmUp > .zero { metrics.pause() } else { state.measuringBegan(around.system.processorTime) }
    let warmUp = world.spawn { [self] in
      guard model.warmUp > .zero else { return }
      do { try await world.sleep(for: model.warmUp) } catch { return }
      metrics.resume()
      state.measuringBegan(around.system.processorTime)
    }
    let watching = world.spawn { await watch.watch() }
    defer {
      warmUp.cancel()
      watching.cancel()
    }
    // Cut off at the end of the graceful stop: what is still under way is interrupted, and counted so.
    _ = try? await world.withTimeout(planned + model.gracefulStop) { [schedules] in
      await withDiscardingTaskGroup { group in
        for schedule in schedules { group.addTask { await schedule.run() } }
      }
    }
    state.measuringEnded(around.system.processorTime)
    state.note(watch.finish(dropped: metrics.count(.droppedIterations)))
  }

  private func iterate(
    _ user: VirtualUser, _ journey: Journey, _ profile: Int, _ arrival: Arrival, _ state: LoadState
  ) async {
    state.iterationBegan()
    let tags = [MetricTag(.journey, journey.name), MetricTag(.profile, model.profiles[profile].name)]
    let runner = StepRunner(stage: Stage(around: around, actors: [user.client], recordsSteps: false))
    let cause = Cause(at: arrival.intended ?? world.clock.now)
    var flow = Flow(values: user.knowledge, actor: user.client.name, cause: cause)
    flow.values["iteration"] = .int(Int64(arrival.number))
    // Profiles count their iterations each for themselves.
    Feeding.feed(
      scenario.feeders, &flow.values, iteration: arrival.number * model.profiles.count + profile, vu: user.index,
      seed: world.seed)
    flow.arrivalsBefore = user.client.inboxes.arrivals
    flow.intended = arrival.intended
    flow.measure = tags
    do {
      try await runner.run(journey.steps, &flow)
      user.knowledge = flow.values
      state.iterationEnded(interrupted: false, tags)
    } catch let error as StepError {
      note(error, user, state)
      state.iterationEnded(interrupted: false, tags)
    } catch {
      state.iterationEnded(interrupted: true, tags)
    }
  }

  @inline(never)
  private func note(_ error: StepError, _ user: VirtualUser, _ state: LoadState) {
    state.add(redacted(error.failure, user.client))
  }

  @inline(never)
  private func redacted(_ failure: Failure, _ client: ActorClient?) -> Failure {
    var failure = Redaction.redacted(failure, tokens: [client?.identity.token ?? ""])
    failure.time = .nanoseconds(around.chronicle.now)
    return failure
  }

  // Stopping

  /// A last fence for everybody, so that every delivery is measured and the checks know what was due; then farewell.
  private func stop(_ users: [VirtualUser], _ state: LoadState) async {
    await withDiscardingTaskGroup { group in
      for user in users where user.client.isConnected {
        group.addTask {
          do { try await user.client.fence() } catch {
            guard !(error is CancellationError) else { return }
            let reason = ActorError.describe(error, user.client.name)
            state.add(Failure(mark: model.mark, message: "At the end, \(reason)"), breaks: .failed)
          }
        }
      }
    }
    await withDiscardingTaskGroup { group in
      for user in users {
        group.addTask {
          if user.client.isConnected { try? await user.client.disconnect(.close) }
          user.client.retire()
          let traffic = user.client.traffic
          metrics.add(.bytesSent, traffic.sent)
          metrics.add(.bytesReceived, traffic.received)
        }
      }
    }
  }
}
