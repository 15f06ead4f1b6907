import ArgumentParser
import Harness

struct Compare: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "What broke, what got slower or faster between two runs.",
    usage: """
      rehearse compare BASE HEAD
      rehearse compare --baseline COMMAND PATH...
      """,
    discussion: """
      BASE and HEAD are folders of runs. With --baseline, this build's server and that of the older one that COMMAND \
      starts play the load scenarios at PATH by turns, and the ratio decides.

      Exit codes: 0 nothing is worse, 1 a scenario broke, 99 a load got worse, 3 too little was measured to decide.
      """)

  @Argument(help: "Two folders of runs; with --baseline, load scenarios.")
  var paths: [String]

  @Option(help: "The older build's rehearse, as a shell starts it.")
  var baseline: String?

  @Option(help: "With --baseline: the newer build's, if it is not this program.")
  var candidate: String?

  @Option(help: "With --baseline: how often each build plays the loads.")
  var rounds = 16

  @Option(help: "With --baseline: the difference in per cent that matters to nobody (default: 2).")
  var margin: Double?

  @Option(help: "With --baseline: the number that everything random is derived from.")
  var seed: UInt64?

  @Option(help: "With --baseline: the folder for the runs (default: .rehearsal/<run>).", completion: .directory)
  var out: String?

  @Option(help: "Write the findings to this JSON file too.", completion: .file())
  var json: String?

  @OptionGroup var database: DatabaseOption

  func validate() throws {
    try requirePositive(rounds, "--rounds")
    guard rounds <= PairedRun.roundLimit else {
      throw ValidationError("'--rounds' must be \(PairedRun.roundLimit) or less, not \(rounds)")
    }
    if let margin, !(0...100).contains(margin) { throw ValidationError("'--margin' must be from 0 to 100 per cent") }
    if baseline == nil, candidate != nil || margin != nil {
      throw ValidationError("'\(candidate != nil ? "--candidate" : "--margin")' needs '--baseline'")
    }
    if json == "" || out == "" { throw ValidationError("'--json' and '--out' must not be empty") }
    guard baseline == nil, paths.count != 2 else { return }
    throw ValidationError("Two folders of runs are compared, BASE and HEAD; here are \(paths.count)")
  }

  func run() async throws {
    let verdict: Verdict
    if let baseline {
      var options = RunOptions(paths: paths)
      options.database = database.database
      options.seed = seed
      options.out = out
      options.json = json
      let run = PairedRun(options, baseline: baseline, candidate: candidate, rounds: rounds, margin: margin)
      verdict = try await interruptible { try await run.perform() }
    } else {
      verdict = try ComparedRun.perform(base: paths[0], head: paths[1], json: json)
    }
    if verdict != .passed { throw CommandEnd(verdict: verdict) }
  }
}
