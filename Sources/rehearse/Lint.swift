import ArgumentParser
import Harness

struct Lint: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Find every mistake in scenario files without running them (default: Scenarios/).")

  @Argument(help: "Scenario files, or folders of them.", completion: .file(extensions: ["yaml"]))
  var paths: [String] = []

  func run() async throws {
    let outcome = try ScenarioSelection.load(paths.isEmpty ? ["Scenarios"] : paths)
    if !outcome.diagnostics.isEmpty { Terminal.writeError(outcome.text(color: Terminal.showsColors)) }
    if outcome.hasErrors { throw Status(code: .badInput) }
    let count = outcome.scenarios.count
    Terminal.write("\(count) scenario\(count == 1 ? "" : "s") passed, no mistakes\n")
  }
}
