internal import Report
internal import Collaboration
internal import Database
internal import History
internal import Scenario
internal import Simulation
internal import Swarm
internal import World

/// Plays functional scenarios in virtual time, on one thread, from one seed.
package struct SimulatedRun: Sendable {
  private let options: RunOptions
  private let seeds: Int
  private let files: RunFiles

  /// - Parameter seeds: how many schedules are explored, from the seed of `options` upwards.
  package init(_ options: RunOptions, seeds: Int) {
    self.options = options
    self.seeds = seeds
    files = RunFiles(options, command: "simulate")
  }

  /// Plays them and writes the run's files.
  /// - Throws: ``HarnessError`` when a file cannot be written.
  package func perform() throws -> RunResult { try performWithDigest().result }

  /// Does so and gives the SHA-256 of the histories too; `nil` when nothing was played.
  func performWithDigest() throws -> (result: RunResult, digest: String?) {
    let world = World.live(seed: 0)
    let seed = options.seed ?? World.freshSeed()
    let scenarios: [Scenario]
    switch try files.choose(.functional) {
    case .success(let chosen): scenarios = chosen
    case .failure(let mistakes): return (.badInput(mistakes.text), nil)
    }
    let folder = try files.makeFolder(at: world.clock.wall)
    try files.record(scenarios, seed: seed, seeds: seeds, world: "simulated", in: folder)
    let journal = try HistoryJournal(in: folder)
    let start = world.clock.now
    let many = seeds > 1 ? "seeds \(seed) to \(seed &+ UInt64(seeds) - 1)" : "seed \(seed)"
    files.reporter.say("\(RunFiles.count(of: scenarios)) in virtual time, \(many)\(files.scaleNote)")
    var results: [ScenarioResult] = []
    exploring: for offset in 0..<seeds {
      for scenario in scenarios {
        if Interruption.shared.isInterrupted { break exploring }
        files.reporter.started(scenario.name, of: scenarios.count * seeds)
        var one = Self.play(scenario, seed: seed &+ UInt64(offset))
        if seeds > 1 { one.result.repetition = offset + 1 }
        let own = seed &+ UInt64(offset)
        one.result.playAgain = options.playAgain("simulate", scenario.file, seed: own, on: nil)
        one.history.begin(scenario, seed: own)
        files.reporter.ended(one.result)
        journal.append(one.history)
        results.append(one.result)
        if options.bail, one.result.status != .passed { break exploring }
      }
    }
    var summary = RunSummary(
      seed: seed, database: "sqlite", world: "simulated", startedAt: nil, duration: world.clock.now - start,
      scenarios: results)
    summary.timeScale = options.timeScale
    summary.interrupted = Interruption.shared.isInterrupted
    let digest = try files.finish(summary, history: try journal.close(), folder: folder)
    return (.finished(summary), digest)
  }

  static func play(_ scenario: Scenario, seed: UInt64) -> Played {
    do {
      return try simulate(seed: seed) { world in
        let database = try SQLiteDatabase.open(.memory, mode: .inline)
        try await Migrator(database: database, migrations: Collaboration.migrations, world: world).up()
        let system = try await SimulatedSystem(on: database, for: scenario, world: world)
        let outcome = await ScenarioPlayer(system: system, world: world).play(scenario)
        await system.stop()
        await database.close()
        return Played(scenario, outcome)
      }
    } catch {
      return Played(
        result: ScenarioResult(scenario, erroredBecause: "\(error)", after: .zero), history: History(events: []))
    }
  }
}
