import Checks
import JSON
import Scenario
import Simulation
import Swarm
import Synchronization
import Testing
import World

@Suite("Playing a load")
struct LoadPlayerTests {
  func play(
    _ executor: Executor, users: Int = 20, thresholds: [Threshold] = [],
    _ manners: ToyServer.Manners = ToyServer.Manners(), shard: Shard = .whole,
    change: (inout LoadModel) -> Void = { _ in }
  ) throws -> (LoadOutcome, [RunProgress]) {
    var scenario = Toy.scenario()
    var model = LoadModel(
      mark: Toy.mark(), organization: "acme", profiles: [LoadProfile(virtualUsers: users, executor: executor)])
    model.partySize = 4
    var setup = Script()
    setup.add(
      [],
      .capture([
        Capture(
          name: "thread", source: .template(.text([.literal("t"), .reference("party", Toy.mark())])), mark: Toy.mark())
      ]))
    model.partySetup = setup.steps
    var start = Script()
    start.add([], .connect)
    start.add(
      [],
      .subscribe(
        SubscribeStep(
          operation: Toy.added,
          variables: .object([.init(key: "thread", value: .reference("thread", Toy.mark()))]), inbox: "added")))
    start.add([], .operate(Toy.sending(.literal("Hello"), thread: .literal("nobody's"))))
    model.start = start.steps
    var journey = Script()
    journey.add(
      [],
      .operate(
        Toy.sending(
          .text([.literal("#"), .reference("iteration", Toy.mark())]), thread: .reference("thread", Toy.mark()))))
    model.profiles[0].journeys = [Journey(name: "journey", steps: journey.steps)]
    change(&model)
    scenario.load = model
    scenario.thresholds = thresholds
    let progress = Mutex<[RunProgress]>([])
    let outcome = try simulate(seed: 3) { [scenario] world in
      await LoadPlayer(
        system: ToyServer(world: world, manners), world: world, shard: shard,
        onProgress: { step in progress.withLock { $0.append(step) } }
      ).play(scenario)
    }
    return (outcome, progress.withLock { $0 })
  }

  @Test("a load tells its phases, the stages of its profiles, and when sockets were lost, on one axis")
  func phases() throws {
    let stages = [RampStage(target: 20, duration: .seconds(2)), RampStage(target: 5, duration: .seconds(60))]
    let (outcome, _) = try play(.rampingArrivalRate(start: 10, stages: stages)) { model in
      model.warmUp = .seconds(1)
      var last = Script()
      last.add([], .operate(Toy.sending(.literal("end all sockets"))))
      model.profiles.append(
        LoadProfile(
          name: "ender", virtualUsers: 4, executor: .sharedIterations(iterations: 1, maxDuration: .seconds(9)),
          journeys: [Journey(name: "end", steps: last.steps)]))
      model.profiles[1].startAt = .seconds(3)
    }
    let told = outcome.phases.map { "\($0.kind) \($0.lane) \($0.name)" }
    #expect(
      told == [
        "phase run connecting", "phase run warm-up", "phase run running", "stage load to 20/s", "stage load to 5/s",
        "stage ender 1 iteration", "phase run stopping", "loss sockets 24 lost",
      ])
    let run = outcome.phases.filter { $0.lane == "run" }
    for (phase, next) in zip(run, run.dropFirst()) { #expect(phase.start + phase.length == next.start) }
    #expect(run[1].length == .seconds(1) && outcome.phases[4].start == run[1].start + .seconds(2))
  }

  private func threshold(_ metric: String, _ aggregate: Threshold.Aggregate, _ limit: Double) -> Threshold {
    Threshold(
      metric: metric, expression: "test", aggregate: aggregate, comparison: .atMost, limit: limit, mark: Toy.mark())
  }

  @Test("an arrival rate starts so many iterations, and every delivery to a party of four is measured")
  func arrivalRate() throws {
    let (outcome, progress) = try play(.constantArrivalRate(rate: 50, duration: .seconds(4)))
    #expect(outcome.status == .passed)
    #expect(outcome.failures == [])
    #expect(outcome.metrics[.iterations]?.count == 200)
    #expect(outcome.metrics[.droppedIterations]?.count == 0)
    #expect(outcome.metrics[.deliveryLatency]?.count == 800)
    #expect(outcome.metrics[.eventsReceived]?.count == 800)
    // 2 ms there, 1 ms of work, 2 ms to the receiver.
    #expect(outcome.metrics[.deliveryLatency]?.spread?.percentile(50) == 5)
    #expect(outcome.metrics[.operationDuration]?.spread?.maximum == 5)
    #expect(outcome.metrics[.operationDuration]?.count == 200)
    #expect(outcome.metrics[.connectDuration]?.count == 20)
    #expect(outcome.metrics[.errors]?.rate == 0)
    #expect(outcome.metrics[.bytesReceived].map { $0.count > 0 } == true)
    #expect(progress.map(\.phase).contains(.running))
    let checks = runChecks(outcome.history, catalog: Toy.scenario().actions)
    #expect(checks.flatMap(\.findings).isEmpty)
    #expect(checks.first.map { $0.examined >= 1600 } == true)
  }

  @Test(
    "a server that stalls cannot hide: latency counts from the intended start, and what finds nobody free is dropped")
  func stall() throws {
    var manners = ToyServer.Manners()
    manners.stall = 1000...2000
    let (outcome, _) = try play(.constantArrivalRate(rate: 50, duration: .seconds(4)), manners)
    let dropped = try #require(outcome.metrics[.droppedIterations]?.count)
    let done = try #require(outcome.metrics[.iterations]?.count)
    #expect(dropped > 10)
    #expect(dropped + done == 200)
    #expect(outcome.metrics[.operationDuration]?.spread.map { $0.maximum > 900 } == true)
  }

  @Test(
    "events that arrive before, and after, the response of their cause are measured alike", arguments: [false, true])
  func order(showsLate: Bool) throws {
    var manners = ToyServer.Manners()
    if showsLate { manners.showsLate = true } else { manners.afterthought = .milliseconds(20) }
    let (outcome, _) = try play(.sharedIterations(iterations: 10, maxDuration: .seconds(60)), manners)
    #expect(outcome.metrics[.deliveryLatency]?.count == 40)
    #expect(outcome.metrics[.deliveryLatency]?.spread?.percentile(99) == (showsLate ? 25 : 5))
  }

  @Test("shared iterations are as many as asked for, constant virtual users iterate to the end")
  func closedLoops() throws {
    let (shared, _) = try play(.sharedIterations(iterations: 33, maxDuration: .seconds(60)))
    #expect(shared.metrics[.iterations]?.count == 33)
    let (constant, _) = try play(.constantVUs(duration: .seconds(1)), users: 8)
    // Each iteration takes 5 ms.
    #expect(constant.metrics[.iterations]?.count == 1600)
  }

  @Test("iterations that outlast the graceful stop are interrupted and told")
  func gracefulStop() throws {
    var manners = ToyServer.Manners()
    manners.stall = 1000...100_000
    let (outcome, _) = try play(.constantVUs(duration: .seconds(2)), users: 4, manners)
    #expect(outcome.duration < .seconds(20))
    #expect(outcome.notes.contains { $0.contains("4 iterations were interrupted") })
  }

  @Test("a virtual user that cannot start fails the run")
  func brokenStart() throws {
    let (outcome, _) = try play(.constantVUs(duration: .seconds(1)), users: 8) { model in
      var script = Script()
      script.add([], .operate(Toy.sending(.literal("forbidden"))))
      model.partySetup = script.steps
    }
    #expect(outcome.status == .failed)
    #expect(outcome.failures.count == 2)
  }

  @Test("thresholds are judged, and one without samples fails")
  func thresholds() throws {
    let (outcome, _) = try play(
      .sharedIterations(iterations: 10, maxDuration: .seconds(60)),
      thresholds: [
        threshold("delivery_latency", .percentile(95), 5), threshold("delivery_latency", .maximum, 4),
        threshold("dropped_iterations", .count, 0), threshold("errors", .rate, 0.01), threshold("checks", .rate, 1),
      ])
    #expect(outcome.thresholds.map(\.passed) == [true, false, true, true, false])
    #expect(outcome.thresholds.map { $0.observed == nil } == [false, false, false, false, true])
  }
}
