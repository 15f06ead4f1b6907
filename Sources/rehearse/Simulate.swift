import ArgumentParser
import Harness

struct Simulate: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Play functional scenarios in virtual time, on one thread, from one seed.")

  @OptionGroup var play: PlayOptions

  @Option(help: "How many schedules to explore, from --seed upwards.")
  var seeds = 1

  func validate() throws { try requirePositive(seeds, "--seeds") }

  func run() async throws {
    let run = SimulatedRun(play.options(defaultPath: "Scenarios"), seeds: seeds)
    try await self.play { try run.perform() }
  }
}
