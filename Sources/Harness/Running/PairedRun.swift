internal import Checks
internal import Cryptography
private import Glibc
internal import Report
internal import Scenario
internal import Swarm
internal import World

/// Plays loads with two builds by turns, each time on a server of its own in a process of its own, and compares them. The
/// generator is this build's for both.
package struct PairedRun: Sendable {
  private let options: RunOptions
  private let baseline: String
  private let candidate: String?
  private let rounds: Int
  private let rules: Comparison.Rules

  /// The most rounds.
  package static let roundLimit = 200

  /// - Parameters:
  ///   - options: the load scenarios, the database, and where the runs go.
  ///   - baseline: the older build's `rehearse`, as a shell would start it.
  ///   - candidate: the same of the newer build; `nil` is this one.
  ///   - rounds: how often each build plays them.
  ///   - margin: the difference that matters to nobody, in per cent.
  package init(_ options: RunOptions, baseline: String, candidate: String?, rounds: Int, margin: Double?) {
    self.options = options
    self.baseline = baseline
    self.candidate = candidate
    self.rounds = rounds
    var rules = Comparison.Rules()
    rules.tolerance = margin.map { $0 / 100 } ?? Comparison.pairedMargin
    self.rules = rules
  }

  /// One build in all its rounds.
  private struct Side {
    let name: String
    let command: String
    var measures: [LoadMeasure] = []
    var records: [LoadRecord] = []
    /// Of all rounds the worst.
    var status = OutcomeStatus.passed
  }

  /// - Throws: ``HarnessError`` when a build cannot play the loads; ``InputError`` when they cannot be played by turns.
  package func perform() async throws -> Verdict {
    OpenFiles.raiseLimit()
    if case .url = options.database {
      throw InputError("Builds are compared on databases of their own: '--database sqlite' or 'postgres', not a URL.")
    }
    let world = World.live(seed: options.seed ?? World.freshSeed())
    let files = RunFiles(options, command: "compare")
    let scenarios: [Scenario]
    switch try files.choose(.load) {
    case .success(let chosen): scenarios = chosen
    case .failure(let mistakes):
      Terminal.writeError(mistakes.text)
      return .badInput
    }
    let folder = try files.makeFolder(at: world.clock.wall)
    let secret = hexadecimal(sha256(Array("\(world.seed) \(world.clock.now) \(getpid())".utf8)))
    try folder.write(Array(secret.utf8), as: "secret")
    var changes: [ComparedRuns.Change] = []
    var loads: [(scenario: String, comparison: Comparison)] = []
    var records: [[LoadRecord]] = [[], []]
    for scenario in scenarios {
      var sides = [
        Side(name: "base", command: baseline), Side(name: "head", command: try candidate ?? Self.ownProgram),
      ]
      for round in 0..<rounds {
        // Whoever goes first in one round goes second in the next.
        for index in round % 2 == 0 ? [0, 1] : [1, 0] {
          let place = "round \(round + 1) of \(rounds): \(sides[index].name)"
          files.reporter.say("\(scenario.name): \(place)")
          let log = "\(folder.path)/\(sides[index].name).log"
          // Both builds are given the same.
          let seed = world.seed &+ UInt64(round)
          try await play(scenario, &sides[index], seed: seed, secret: "\(folder.path)/secret", log: log)
        }
      }
      if sides[0].status != sides[1].status {
        changes.append(
          .init(scenario: scenario.name, before: sides[0].status.rawValue, after: sides[1].status.rawValue))
      }
      let played = zip(sides[0].measures, sides[1].measures).map { (base: $0, head: $1) }
      loads.append((scenario.name, Comparison(rounds: played, rules: rules)))
      for (index, side) in sides.enumerated() { records[index] += side.records }
    }
    try folder.write(LoadRecord.file(records[0]), as: "base.json")
    try folder.write(LoadRecord.file(records[1]), as: "head.json")
    let compared = ComparedRuns(changes: changes, scenarios: scenarios.count, loads: loads)
    try folder.write(compared.json, as: "compared.json")
    return try ComparedRun.finish(compared, json: options.json)
  }

  private func play(
    _ scenario: Scenario, _ side: inout Side, seed: UInt64, secret: String, log: String
  ) async throws {
    let world = World.live(seed: seed)
    let organizations = scenario.organizations.map { "\($0.name)=@\(secret)" }
    let server = try await ServerProcess(
      side.command, database: options.database.name, arguments: organizations.flatMap { ["--organization", $0] },
      output: log, world: world)
    defer { server.stop() }
    let target = try TargetOptions(url: server.url, organizations: organizations, tokens: [], headers: [])
    let mistakes = TargetRules.mistakes(of: [scenario], on: target)
    guard mistakes.isEmpty else {
      throw InputError("Builds are played on servers in processes of their own:\n\(mistakes)")
    }
    let system = try await TargetSystem(target, for: scenario, tag: "paired", world: world, process: server)
    let startedAt = world.clock.wall
    let outcome = await LoadPlayer(system: system, world: world, usage: ResourceMeter.read).play(scenario)
    await system.stop()
    try Task.checkCancellation()
    let result = ScenarioResult(scenario, outcome, checks: runChecks(outcome.history, catalog: scenario.actions))
    guard result.status != .errored else {
      throw HarnessError(
        "'\(side.command)' could not play '\(scenario.name)': \(result.failures.first?.message ?? "").",
        hint: "The server's output is in \(log).")
    }
    if result.status != .passed { side.status = result.status }
    side.measures.append(LoadMeasure(outcome))
    let record = LoadRecord(scenario, outcome, seed: seed, shard: .whole, startedAt: startedAt)
    side.records.append(result.completing(record))
  }

  private static var ownProgram: String {
    get throws {
      var path = [CChar](repeating: 0, count: Int(PATH_MAX))
      let count = readlink("/proc/self/exe", &path, path.count - 1)
      guard count > 0 else { throw HarnessError("This program cannot find its own file.") }
      let program = String(decoding: path.prefix(count).map { UInt8(bitPattern: $0) }, as: UTF8.self)
      return "'\(program.replacing("'", with: "'\\''"))'"
    }
  }
}
