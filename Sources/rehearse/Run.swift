import ArgumentParser
import Harness

struct Run: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Play functional scenarios, each on a fresh database and server (default: Scenarios/).")

  @OptionGroup var play: PlayOptions
  @OptionGroup var database: DatabaseOption

  @Option(help: "Scenarios that are played at the same time.")
  var jobs = 2

  @Option(name: .customLong("repeat"), help: "How often each scenario is played.")
  var repetitions = 1

  func validate() throws {
    try requirePositive(jobs, "--jobs")
    try requirePositive(repetitions, "--repeat")
  }

  func run() async throws {
    var options = play.options(defaultPath: "Scenarios")
    options.database = database.database
    options.jobs = jobs
    options.repetitions = repetitions
    let run = LiveRun(options, kind: .functional)
    try await self.play { try await run.perform() }
  }
}
