internal import Report
internal import Checks
internal import Collaboration
internal import Cryptography
internal import Database
internal import History
internal import Scenario
internal import Swarm
private import Synchronization
internal import World

/// Plays scenarios in the real world: real sockets, a real database for each scenario.
package struct LiveRun: Sendable {
  private let options: RunOptions
  private let kind: ScenarioKind
  private let seed: UInt64
  private let files: RunFiles
  private let stepper: Stepper?

  /// - Parameters:
  ///   - kind: which scenarios of the files are played.
  ///   - stepper: who takes the steps of the one scenario that is chosen.
  package init(_ options: RunOptions, kind: ScenarioKind, stepper: Stepper? = nil) {
    self.options = options
    self.kind = kind
    self.stepper = stepper
    seed = options.seed ?? World.freshSeed()
    files = RunFiles(options, command: kind.command)
  }

  private var worldName: String { options.target == nil ? "live" : "target" }

  /// Plays them and writes the run's files.
  /// - Throws: ``HarnessError`` when a database will not start or a file cannot be written.
  package func perform() async throws -> RunResult {
    OpenFiles.raiseLimit()
    let world = World.live(seed: seed)
    if options.target == nil { try Databases.check(options.database) }
    let scenarios: [Scenario]
    switch try files.choose(kind) {
    case .success(let chosen): scenarios = chosen
    case .failure(let mistakes): return .badInput(mistakes.text)
    }
    if stepper != nil, scenarios.count != 1 || options.plannedRepetitions != 1 {
      return .badInput(
        "error: --step takes exactly one scenario, once; here are \(scenarios.count) (--list shows them, --grep chooses)\n"
      )
    }
    if let target = options.target { try await TargetSystem.reach(target, world: world) }
    let folder = try files.makeFolder(at: world.clock.wall)
    try files.record(scenarios, seed: seed, world: worldName, in: folder)
    let journal = try HistoryJournal(in: folder)
    let start = world.clock.now
    let startedAt = world.clock.wall.rfc3339
    let kept = options.keep == .none ? nil : KeptList(options.keep, in: folder)
    let databases =
      options.target == nil ? try await Databases.start(options.database, kept: kept, world: world) : nil
    files.reporter.say("\(RunFiles.count(of: scenarios)) on \(options.place), seed \(seed)\(files.scaleNote)")
    let played = await playAll(scenarios, since: start, on: databases, journal)
    let stayed: Result<String, any Error>
    do { stayed = .success(try await databases?.stop() ?? "") } catch { stayed = .failure(error) }
    var summary = RunSummary(
      seed: seed, database: options.place, world: worldName, startedAt: startedAt,
      duration: world.clock.now - start, scenarios: played.map(\.result))
    summary.interrupted = Interruption.shared.isInterrupted || stepper?.hasQuit == true
    summary.timeScale = options.timeScale
    summary.failsOnFlaky = options.failsOnFlaky
    try files.finish(summary, history: try journal.close(), loads: played.compactMap(\.load), folder: folder)
    Terminal.write(try stayed.get())
    return .finished(summary)
  }

  /// Every repetition of every scenario, at most `jobs` at a time, in the order of the files.
  private func playAll(
    _ scenarios: [Scenario], since start: Instant, on databases: Databases?, _ journal: HistoryJournal
  ) async -> [Played] {
    let turns = (1...options.plannedRepetitions).flatMap { repetition in scenarios.map { (repetition, $0) } }
    return await withTaskGroup(of: (Int, Played).self) { group in
      var results = [Played?](repeating: nil, count: turns.count)
      var next = 0
      var stopped = false
      func startNext() {
        guard next < turns.count, !stopped, !Task.isCancelled else { return }
        let index = next
        let (repetition, scenario) = turns[index]
        next += 1
        group.addTask {
          let began = LiveClock().now - start
          var played = await play(scenario, repetition, of: turns.count, on: databases, journal)
          played.result.began = began
          return (index, played)
        }
      }
      for _ in 0..<max(1, options.jobs) { startNext() }
      while let (index, played) = await group.next() {
        results[index] = played
        if options.bail || options.untilFailure, !played.result.isGood { stopped = true }
        startNext()
      }
      // A run that goes on until something fails has left nothing out.
      if options.untilFailure { return results.compactMap(\.self) }
      return zip(turns, results).map { turn, played in
        played ?? Played(result: ScenarioResult(skipped: turn.1), history: History(events: []))
      }
    }
  }

  /// Plays a scenario, and plays it again when it fails, as often as the options allow.
  private func play(
    _ scenario: Scenario, _ repetition: Int, of total: Int, on databases: Databases?, _ journal: HistoryJournal
  ) async -> Played {
    // A seed of its own for each scenario and repetition, so that one can be played again without the others.
    let own = options.plannedRepetitions > 1 ? seed &+ UInt64(repetition - 1) : seed
    if stepper == nil { files.reporter.started(scenario.name, of: total) }
    let first = await attempt(1, scenario, seed: own, on: databases, journal)
    var played = first
    while [.failed, .errored].contains(played.result.status), played.result.attempts <= options.retries,
      !Task.isCancelled
    {
      let attempts = played.result.attempts + 1
      played = await attempt(attempts, scenario, seed: own, on: databases, journal)
      played.result = played.result.retried(after: first.result, attempts: attempts)
    }
    if options.plannedRepetitions > 1 { played.result.repetition = repetition }
    played.result.playAgain = options.playAgain(kind.command, scenario.file, seed: own, on: options.database)
    files.reporter.ended(played.result)
    return played
  }

  private func attempt(
    _ number: Int, _ scenario: Scenario, seed own: UInt64, on databases: Databases?, _ journal: HistoryJournal
  ) async -> Played {
    let world = stepper.map { World(clock: $0.clock, seed: own) } ?? World.live(seed: own)
    let start = world.clock.now
    var played: Played
    do {
      let turn = KeptList.Turn(file: scenario.file, seed: own, attempt: number)
      played = try await play(scenario, on: databases, turn, world)
    } catch {
      let message = Interruption.shared.isInterrupted ? "interrupted" : "\(error)"
      played = Played(
        result: ScenarioResult(scenario, erroredBecause: message, after: world.clock.now - start),
        history: History(events: []))
    }
    played.history.begin(scenario, seed: own)
    journal.append(played.history)
    // It is on disk now.
    played.history = History(events: [])
    return played
  }

  /// Plays it on the target, or on a server and a database of its own.
  private func play(
    _ scenario: Scenario, on databases: Databases?, _ turn: KeptList.Turn, _ world: World
  ) async throws -> Played {
    if let target = options.target {
      let system = try await TargetSystem(target, for: scenario, tag: tag(of: scenario, world), world: world)
      var played = await play(scenario, on: system, world: world)
      await system.stop()
      if !system.fences {
        played.result.notes.append("the target answers no fences: what has not arrived may still be on its way")
      }
      return played
    }
    guard let databases else { throw HarnessError("There is no database to play on.") }
    let database = try await databases.make(world)
    do {
      let system = try await LiveSystem(on: database.opened, for: scenario, world: world)
      let played = await play(scenario, on: system, world: world)
      await system.stop()
      try await database.end(played.result, turn)
      return played
    } catch {
      await database.remove()
      throw error
    }
  }

  /// What no other play's people have: a server that stays knows those of earlier ones, also of the same seed.
  private func tag(of scenario: Scenario, _ world: World) -> String {
    let what = "\(world.seed) \(world.clock.wall.milliseconds) \(world.clock.now) \(scenario.file)"
    return String(hexadecimal(sha256(Array(what.utf8))).prefix(10))
  }

  private func play(_ scenario: Scenario, on system: any SystemUnderTest, world: World) async -> Played {
    switch kind {
    case .functional:
      return Played(scenario, await ScenarioPlayer(system: system, world: world, gate: stepper).play(scenario))
    case .load:
      let shard = options.shard.shard
      let startedAt = world.clock.wall
      let outcome = await LoadPlayer(system: system, world: world, shard: shard, usage: ResourceMeter.read) {
        files.reporter.progress($0)
      }.play(scenario)
      let record = LoadRecord(scenario, outcome, seed: world.seed, shard: shard, startedAt: startedAt)
      var result = ScenarioResult(
        scenario, outcome, checks: runChecks(outcome.history, catalog: scenario.actions))
      let complete = result.completing(record)
      if !options.shard.isWhole {
        // A part can neither keep nor cross what is said of the whole.
        result.thresholds = []
        result.notes.append("this is shard \(shard); 'rehearse merge' judges the thresholds")
      }
      return Played(result: result, history: outcome.history, load: complete)
    }
  }
}

/// One scenario that was played: what the reports say of it, and its history.
struct Played: Sendable {
  var result: ScenarioResult
  var history: History
  /// Of a load, what it has measured.
  var load: LoadRecord?

  init(result: ScenarioResult, history: History, load: LoadRecord? = nil) {
    self.result = result
    self.history = history
    self.load = load
  }

  /// Judges a functional play.
  init(_ scenario: Scenario, _ outcome: ScenarioOutcome) {
    result = ScenarioResult(scenario, outcome, checks: runChecks(outcome.history, catalog: scenario.actions))
    history = outcome.history
  }
}

extension History {
  /// Puts the event that begins a scenario before all others.
  mutating func begin(_ scenario: Scenario, seed: UInt64) {
    let what = HistoryEvent.What.scenario(name: scenario.name, file: scenario.file, seed: seed)
    events.insert(HistoryEvent(time: 0, actor: "", what: what), at: 0)
  }
}
