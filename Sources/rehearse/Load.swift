import ArgumentParser
import Harness

struct Load: AsyncParsableCommand {
  static let configuration = CommandConfiguration(abstract: "Play load scenarios; their thresholds decide.")

  @OptionGroup var play: PlayOptions
  @OptionGroup var database: DatabaseOption
  @OptionGroup var target: TargetOption

  @Option(
    help: ArgumentHelp(
      "Put on one part of the load only, as the second of four; 'rehearse merge' joins the parts.", valueName: "2/4"))
  var shard: ShardOption = .whole

  func validate() throws {
    guard !play.paths.isEmpty else {
      throw ValidationError("Missing expected argument '<paths> ...': which scenario files?")
    }
    if shard != .whole, play.seed == nil {
      throw ValidationError("'--shard' needs '--seed': all parts of a load have the same")
    }
  }

  func run() async throws {
    var options = play.options()
    options.database = database.database
    options.shard = shard
    options.target = try target.options()
    let run = LiveRun(options, kind: .load)
    try await self.play { try await run.perform() }
  }
}

extension ShardOption: ExpressibleByArgument {
  /// Reads `2/4`.
  public init?(argument: String) { self.init(argument) }

  /// What `--help` shows as the default.
  public var defaultValueDescription: String { description }
}
