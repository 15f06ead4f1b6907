import JSON
import Report
import Scenario
import Swarm
import Testing
import World

@Suite("Executors")
struct ScheduleTests {
  private let play = LoadPlayerTests()

  @Test("a ramp starts as many iterations as its rate adds up to, ever closer together")
  func rampingRate() throws {
    let stages = [
      RampStage(target: 100, duration: .seconds(2)), RampStage(target: 100, duration: .seconds(1)),
      RampStage(target: 0, duration: .seconds(2)),
    ]
    let (outcome, _) = try play.play(.rampingArrivalRate(start: 0, stages: stages), users: 40)
    #expect(outcome.metrics[.iterations]?.count == 300)
    #expect(outcome.metrics[.droppedIterations]?.count == 0)
    let seconds = outcome.intervals.map { $0[.iterations]?.count ?? 0 }.filter { $0 > 0 }
    #expect(seconds.reduce(0, +) == 300)
    #expect(seconds.first.map { $0 < 60 } == true && seconds.max().map { $0 > 90 } == true)
  }

  @Test("random arrivals are about as many, the same for one seed, and not evenly spread")
  func poisson() throws {
    let counts = try (0..<2).map { _ in
      try play.play(.constantArrivalRate(rate: 50, duration: .seconds(20)), users: 60) { model in
        model.profiles[0].arrivals = .poisson
      }.0.intervals.map { $0[.iterations]?.count ?? 0 }
    }
    #expect(counts[0] == counts[1])
    let total = counts[0].reduce(0, +)
    #expect((850...1150).contains(total))
    #expect(Set(counts[0]).count > 5)
  }

  @Test("each virtual user takes its own iterations; a pacing keeps them apart")
  func perVirtualUser() throws {
    let (outcome, _) = try play.play(.perVUIterations(iterations: 5, maxDuration: .seconds(60)), users: 8) { model in
      model.profiles[0].pacing = .seconds(1)
    }
    #expect(outcome.metrics[.iterations]?.count == 40)
    #expect(outcome.duration > .seconds(4))
  }

  @Test("virtual users come and go with their number")
  func rampingUsers() throws {
    let stages = [RampStage(target: 10, duration: .seconds(2)), RampStage(target: 0, duration: .seconds(2))]
    let (outcome, progress) = try play.play(.rampingVUs(start: 0, stages: stages), users: 12) { model in
      model.profiles[0].pacing = .milliseconds(100)
    }
    // The area under the ramp is 20 seconds of virtual users, each with ten iterations a second.
    let count = try #require(outcome.metrics[.iterations]?.count)
    #expect((180...220).contains(count))
    #expect(progress.contains { $0.phase == .running })
  }

  @Test("profiles run at the same time with users of their own, and journeys are chosen by weight")
  func profiles() throws {
    let (outcome, _) = try play.play(.constantArrivalRate(rate: 100, duration: .seconds(4)), users: 20) { model in
      let steps = model.profiles[0].journeys[0].steps
      model.profiles[0].journeys = [
        Journey(name: "often", weight: 3, steps: steps), Journey(name: "seldom", steps: steps),
      ]
      var late = LoadProfile(
        name: "late", virtualUsers: 4, executor: .sharedIterations(iterations: 10, maxDuration: .seconds(9)),
        journeys: [Journey(name: "other", steps: steps)])
      late.startAt = .seconds(2)
      model.profiles.append(late)
    }
    func count(_ key: MetricTag.Key, _ value: String) -> Int64 {
      outcome.metrics[.iterations, MetricTag(key, value)]?.count ?? 0
    }
    #expect(count(.profile, "load") == 400 && count(.profile, "late") == 10 && count(.journey, "other") == 10)
    #expect(count(.journey, "often") + count(.journey, "seldom") == 400)
    #expect((260...340).contains(count(.journey, "often")))
    #expect(outcome.metrics[.operationDuration, MetricTag(.action, "send")] != nil || outcome.metrics.tagged.count > 6)
  }

  @Test("what happens in the warm-up is not measured")
  func warmUp() throws {
    let (outcome, _) = try play.play(.constantArrivalRate(rate: 50, duration: .seconds(4))) { $0.warmUp = .seconds(1) }
    #expect(outcome.metrics[.iterations]?.count == 150)
    #expect(outcome.metrics[.connectDuration]?.count == 20)
    #expect(outcome.metrics[.iterations]?.rate.map { abs($0 - 50) < 2 } == true)
  }

  @Test("a threshold that must hold ends the load early when it does not")
  func abort() throws {
    var threshold = Threshold(
      metric: "operation_duration", expression: "max<4", aggregate: .maximum, comparison: .less, limit: 4,
      mark: Toy.mark())
    threshold.abortAfter = .seconds(2)
    let (outcome, _) = try play.play(.constantArrivalRate(rate: 10, duration: .seconds(60)), thresholds: [threshold])
    #expect(outcome.duration < .seconds(10))
    #expect(outcome.thresholds.first?.passed == false)
    #expect(outcome.notes.contains { $0.contains("operation_duration max<4 did not hold") })
  }

  @Test("a rate that was not held fails a load that says nothing of it")
  func droppedByDefault() throws {
    var manners = ToyServer.Manners()
    manners.stall = 1000...2000
    let (outcome, _) = try play.play(.constantArrivalRate(rate: 50, duration: .seconds(4)), manners)
    #expect(outcome.thresholds.contains { $0.threshold.metric == "dropped_iterations" && !$0.passed })
  }

  @Test(
    "a second of stall amid an arrival rate shows in the summary from the intended start, and service time hides it")
  func coordinatedOmission() throws {
    var manners = ToyServer.Manners()
    manners.stall = 2000...3000
    let (outcome, _) = try play.play(.constantArrivalRate(rate: 100, duration: .seconds(5)), users: 4, manners) {
      $0.profiles[0].busy = .wait
    }
    let summary = RunSummary(
      seed: 3, database: "toy", world: "simulated", startedAt: nil, duration: outcome.duration,
      scenarios: [ScenarioResult(Toy.scenario(), outcome, checks: [])])
    let json = try JSON.parse(summary.json)
    let (intended, sent) = (json["metrics"]?["operation_duration"], json["metrics"]?["service_time"])
    #expect(intended?["from"] == "intended start" && sent?["from"] == "sent")
    #expect(intended?["count"] == 500 && sent?["count"] == 500 && json["metrics"]?["dropped_iterations"]?["count"] == 0)
    #expect((intended?["p99"]?.number ?? 0) >= 900)
    // Four virtual users were held up, once each; a closed loop asks nothing meanwhile.
    #expect((sent?["p99"]?.number ?? 1000) < 100 && (sent?["max"]?.number ?? 0) >= 900)
    #expect(json["tagged"]?["service_time{profile:load}"]?["count"] == 500)
    let text = TerminalText(style: TerminalStyle(colour: false, live: false)) { _ in nil }.text(for: summary)
    let rows = text.split(separator: "\n").drop { !$0.contains("operation_duration") }
    #expect(rows.first?.hasSuffix("  intended start") == true)
    #expect(rows.dropFirst().first.map { $0.contains("service_time") && $0.hasSuffix("  sent") } == true)
    // Nobody is to blame but the server.
    #expect(outcome.generator?.doubts == [])
  }
}
