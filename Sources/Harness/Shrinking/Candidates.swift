internal import Database
internal import Report
internal import Scenario
internal import Swarm
internal import World

/// Plays texts in the place of a scenario's file, as the recorded run played it.
struct Candidates {
  /// The run's files with another text in one of them.
  private struct Overlay: ScenarioFiles {
    let files: InputFiles
    let path: String
    let bytes: [UInt8]

    func kind(of path: String) -> FileKind { files.kind(of: path) }
    func names(in folder: String) -> [String] { files.names(in: folder) }
    func read(_ path: String, limit: Int) -> [UInt8]? {
      path == self.path ? Array(bytes.prefix(limit + 1)) : files.read(path, limit: limit)
    }
  }

  let record: RunRecord
  let inputs: InputFiles
  let failed: FailedScenario
  private let loader: RereadingLoader

  init(_ record: RunRecord, _ inputs: InputFiles, _ failed: FailedScenario) throws {
    self.record = record
    self.inputs = inputs
    self.failed = failed
    loader = RereadingLoader(schema: try ScenarioSelection.schema())
  }

  /// The scenario of a text; `nil` for one with mistakes.
  func scenario(_ text: String) -> Scenario? {
    let files = Overlay(files: inputs, path: failed.key.file, bytes: Array(text.utf8))
    let loaded = loader.load(failed.key.file, from: files)
    guard !loaded.hasErrors, let scenario = loaded.scenarios.first, !scenario.steps.isEmpty else { return nil }
    return scenario.scaled(by: record.options.timeScale)
  }

  func simulate(_ scenario: Scenario, seed: UInt64) -> Failure? {
    Self.failure(SimulatedRun.play(scenario, seed: seed))
  }

  func play(_ scenario: Scenario, on databases: Databases) async throws -> Failure? {
    let world = World.live(seed: failed.seed)
    let database = try await databases.make(world)
    do {
      let system = try await LiveSystem(on: database.opened, for: scenario, world: world)
      let outcome = await ScenarioPlayer(system: system, world: world).play(scenario)
      await system.stop()
      await database.remove()
      return Self.failure(Played(scenario, outcome))
    } catch {
      await database.remove()
      throw error
    }
  }

  private static func failure(_ played: Played) -> Failure? {
    played.result.status == .passed ? nil : played.result.failures.first
  }
}
