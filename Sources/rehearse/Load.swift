import ArgumentParser
import Harness

struct Load: AsyncParsableCommand {
  static let configuration = CommandConfiguration(abstract: "Play load scenarios; their thresholds decide.")

  @OptionGroup var play: PlayOptions
  @OptionGroup var database: DatabaseOption

  func run() async throws {
    var options = try play.options(defaultPath: nil)
    options.database = database.database
    let run = LiveRun(options, kind: .load)
    try await self.play { try await run.perform() }
  }
}
