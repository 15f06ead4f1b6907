import ArgumentParser
import Harness

struct Merge: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Join the shards of a load run and judge the thresholds of the whole.",
    discussion: "Every shard must be there, once: rehearse load PATH --shard 1/4 --seed 7, 2/4, 3/4, 4/4.")

  @Argument(help: "The folders of the runs.", completion: .directory)
  var runs: [String]

  @OptionGroup var output: OutputOptions

  func run() async throws {
    var options = RunOptions(paths: runs)
    output.apply(to: &options)
    let chosen = options
    try await play { try MergedRun.perform(chosen) }
  }
}
