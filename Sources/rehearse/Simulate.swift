import ArgumentParser
import Harness

struct Simulate: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Play functional scenarios in virtual time, on one thread, from one seed.")

  @OptionGroup var play: PlayOptions

  @Option(help: "How many schedules to explore, from --seed upwards.")
  var seeds = 1

  func run() async throws {
    let run = SimulatedRun(try play.options(defaultPath: "Scenarios"), seeds: try positive(seeds, "--seeds"))
    try await self.play { try run.perform() }
  }
}
