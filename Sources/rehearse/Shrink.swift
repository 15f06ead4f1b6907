import ArgumentParser
import Harness

struct ShrinkCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "shrink",
    abstract: "The smallest scenario that still fails as one of a recorded run did.",
    discussion: """
      Leaves out steps, people and declarations as long as the same failure shows, in virtual time where it shows there.

      Exit codes: 0 it is as small as it gets or the time is up, 1 the failure did not show again.
      """)

  @Argument(
    help: ArgumentHelp("The run's folder, such as .rehearsal/latest.", valueName: "run"), completion: .directory)
  var folder: String

  @Option(help: "The name or file of the scenario, where several failed.")
  var scenario: String?

  @Option(help: "How long it may take, such as 60s or 5m.")
  var budget: DurationOption = .minute

  @Option(help: "The file for the result (default: shrunk.yaml in the run's folder).", completion: .file())
  var out: String?

  @Flag(name: .shortAndLong, help: "Print the result only.")
  var quiet = false

  func validate() throws { if out == "" { throw ValidationError("'--out' must not be empty") } }

  func run() async throws {
    let (folder, scenario, budget, out, quiet) = (folder, scenario, budget.duration, out, quiet)
    let verdict = try await interruptible {
      try await Shrink(folder, scenario: scenario, budget: budget, out: out, quiet: quiet).perform()
    }
    if verdict != .passed { throw CommandEnd(verdict: verdict) }
  }
}

extension DurationOption: ExpressibleByArgument {
  /// Reads `60s`.
  public init?(argument: String) { self.init(argument) }

  /// What `--help` shows as the default.
  public var defaultValueDescription: String { description }
}
