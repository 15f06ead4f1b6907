internal import Scenario

/// Tells which scenarios a run would play, without playing them.
package enum ScenarioList {
  /// - Parameter plan: say also how they would be played.
  package static func write(_ options: RunOptions, plan: Bool) throws -> Verdict {
    let scenarios: [Scenario]
    switch try RunFiles(options, command: "run").choose(.functional) {
    case .success(let chosen): scenarios = chosen
    case .failure(let mistakes):
      Terminal.writeError(mistakes.text)
      return .badInput
    }
    for scenario in scenarios {
      let tags = scenario.tags.isEmpty ? "" : "  [\(scenario.tags.joined(separator: ", "))]"
      Terminal.write("\(scenario.file)  \(scenario.name)\(tags)\n")
      guard plan else { continue }
      Terminal.write("  \(scenario.actors.map(\.name).joined(separator: ", ")): \(scenario.steps.count) steps\n")
    }
    guard plan else { return .passed }
    let repeats = options.untilFailure ? "until one fails, at most " : ""
    Terminal.write(
      "\(RunFiles.count(of: scenarios)) would be played on \(options.place), \(options.jobs) at a time, "
        + "times: \(repeats)\(options.plannedRepetitions), retries: \(options.retries)\n")
    return .passed
  }
}
