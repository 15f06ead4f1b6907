internal import Database
internal import Scenario
internal import Swarm
internal import World

/// The smallest scenario that still fails as a recorded one did: delta debugging over the pieces of its text, level by level
/// (Misherghi and Su, "HDD: Hierarchical Delta Debugging", ICSE 2006), until no single one can go.
package struct Shrink {
  /// How often a failure that comes and goes is played before it is believed to be gone.
  private static let tryLimit = 5

  private let run: String
  private let record: RunRecord
  private let failed: FailedScenario
  private let candidates: Candidates
  private let budget: Duration
  private let out: String?
  private let quiet: Bool

  /// - Parameters:
  ///   - run: the folder of a run.
  ///   - scenario: the name or file of the one to shrink; `nil` where one alone failed.
  ///   - budget: how long it may take.
  ///   - out: the file for the result; `nil` is `shrunk.yaml` in the run's folder.
  /// - Throws: ``InputError`` when the folder holds no run of functional scenarios, or it is not clear which to shrink.
  package init(
    _ run: String, scenario: String? = nil, budget: Duration = .seconds(60), out: String? = nil, quiet: Bool = false
  ) throws {
    self.run = run
    record = try RunRecord(of: run)
    guard record.command != "load" else {
      throw InputError("'\(run)' is a run of loads; what is shrunk are functional scenarios.")
    }
    failed = try FailedScenario(in: run, record, named: scenario)
    candidates = try Candidates(record, try record.inputs(in: run), failed)
    self.budget = budget
    self.out = out
    self.quiet = quiet
  }

  /// Shrinks it, and writes what it has come to, also when it is interrupted.
  /// - Throws: ``HarnessError`` when nothing can be played or written; ``InputError`` for a scenario that can no longer be
  ///   read.
  package func perform() async throws -> Verdict {
    guard let bytes = candidates.inputs.read(failed.key.file, limit: LoadLimits().fileBytes),
      let text = ScenarioText(String(decoding: bytes, as: UTF8.self)), let scenario = candidates.scenario(text.text)
    else {
      throw InputError(
        "'\(failed.key.file)', as the run had it, is no scenario of this build: 'rehearse lint' tells why.")
    }
    let search = Search(candidates, text, deadline: LiveClock().now + budget, tryLimit: Self.tryLimit, say: say)
    do {
      guard try await search.reproduce(scenario) else {
        await search.stop()
        if Interruption.shared.isInterrupted { return .interrupted }
        Terminal.writeError(
          "The recorded failure did not show again in \(search.played) plays, so there is nothing to go by:\n"
            + "  \(failed.message)\n")
        return .failed
      }
      try await search.shrink()
      await search.stop()
    } catch {
      await search.stop()
      throw error
    }
    try write(search, original: text.stepCount)
    return Interruption.shared.isInterrupted ? .interrupted : .passed
  }

  private func say(_ text: String) { if !quiet { Terminal.write("\(text)\n") } }

  private func write(_ search: Search, original: Int) throws {
    let path = out ?? "\(run)/shrunk.yaml"
    try RunFolder.makeFolders(above: path)
    let folder = path.lastIndex(of: "/").map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
    let copies = try RelativePath(from: folder, to: run)
    let moved = search.best.moved(from: failed.key.file, in: candidates.inputs) {
      copies.path(InputFiles.place(of: $0))
    }
    let note = "# What is left of \(failed.key.file) by 'rehearse shrink'; it fails so:\n# \(search.message)\n"
    try RunFolder.write(Array((note + moved).utf8), to: path)
    let place = search.isSimulated ? "virtual time" : "real time"
    let steps = search.best.stepCount
    say(
      "\(steps) of \(original) steps are left after \(search.played) plays in \(place)"
        + (search.isOver ? "; there was no time for more" : ", and none can go"))
    let command = search.isSimulated ? "simulate" : "run"
    var options = record.options
    options.target = nil
    Terminal.write("Written to \(path); play it by:\n")
    let playAgain = options.playAgain(
      command, path, seed: search.seed, on: search.isSimulated ? nil : options.database)
    Terminal.write("  \(playAgain)\n")
  }
}
