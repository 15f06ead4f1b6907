import ArgumentParser
import Harness

struct Lint: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Find every mistake in scenario files without running them (default: Scenarios/).")

  @Argument(help: "Scenario files, or folders of them.", completion: .file(extensions: ["yaml"]))
  var paths: [String] = []

  @Option(help: "How mistakes are told: \(LintOutput.allCases.map(\.rawValue).joined(separator: ", ")).")
  var format: LintOutput = .text

  func run() async throws {
    let verdict = try ScenarioSelection.lint(paths.isEmpty ? ["Scenarios"] : paths, format: format)
    if verdict != .passed { throw CommandEnd(verdict: verdict) }
  }
}

extension LintOutput: ExpressibleByArgument {}
