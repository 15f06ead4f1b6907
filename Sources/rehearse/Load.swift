import ArgumentParser
import Harness

struct Load: AsyncParsableCommand {
  static let configuration = CommandConfiguration(abstract: "Play load scenarios; their thresholds decide.")

  @OptionGroup var play: PlayOptions
  @OptionGroup var database: DatabaseOption

  func validate() throws {
    guard !play.paths.isEmpty else {
      throw ValidationError("Missing expected argument '<paths> ...': which scenario files?")
    }
  }

  func run() async throws {
    var options = play.options()
    options.database = database.database
    let run = LiveRun(options, kind: .load)
    try await self.play { try await run.perform() }
  }
}
