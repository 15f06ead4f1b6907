import ArgumentParser
import Harness

struct Merge: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Join the shards of a load run and judge the thresholds of the whole.",
    discussion: "Every shard must be there, once: rehearse load PATH --shard 1/4 --seed 7, 2/4, 3/4, 4/4.")

  @Argument(help: "The folders of the runs.", completion: .directory)
  var runs: [String]

  @Option(help: "The folder for the joined run's files (default: .rehearsal/<run>).", completion: .directory)
  var out: String?

  @Option(help: "Write the JUnit report to this file too.", completion: .file())
  var junit: String?

  @Option(help: "Write the JSON summary to this file too.", completion: .file())
  var json: String?

  @Option(help: "Write the HTML report to this file too.", completion: .file())
  var html: String?

  @Flag(name: .shortAndLong, help: "Print failures and totals only.")
  var quiet = false

  func validate() throws {
    for (option, value) in [("--out", out), ("--junit", junit), ("--json", json), ("--html", html)] where value == "" {
      throw ValidationError("'\(option)' must not be empty")
    }
  }

  func run() async throws {
    var options = RunOptions(paths: runs)
    options.out = out
    options.junit = junit
    options.json = json
    options.html = html
    options.quiet = quiet
    let chosen = options
    try await play { try MergedRun.perform(chosen) }
  }
}
