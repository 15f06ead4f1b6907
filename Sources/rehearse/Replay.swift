import ArgumentParser
import Harness

struct ReplayCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "replay",
    abstract: "Play a recorded run again: the same files, seed, database, world and options.")

  @Argument(
    help: ArgumentHelp("The run's folder, such as .rehearsal/latest.", valueName: "run"), completion: .directory)
  var folder: String

  @Option(help: "Another database than the recorded one: sqlite, postgres or a postgres:// URL.")
  var database: DatabaseChoice?

  @Option(help: "The folder for the new run's files (default: .rehearsal/<run>).", completion: .directory)
  var out: String?

  @Flag(name: .shortAndLong, help: "Print failures and totals only.")
  var quiet = false

  @Flag(name: .shortAndLong, help: "Print more of each scenario.")
  var verbose = false

  func run() async throws {
    let replay = try Replay(folder, database: database, out: out, quiet: quiet, verbose: verbose)
    let verdict = try await interruptible { try await replay.perform() }
    if verdict != .passed { throw CommandEnd(verdict: verdict) }
  }
}
