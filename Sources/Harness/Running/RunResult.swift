package import Report

/// How a command that plays scenarios ended.
package enum RunResult: Sendable {
  /// The files have mistakes, or none are to be played; the text says all of it.
  case badInput(String)
  case finished(RunSummary)

  package var verdict: Verdict {
    switch self {
    case .badInput: .badInput
    case .finished(let summary): Verdict(rawValue: summary.exitCode) ?? .harness
    }
  }

  /// Within a workflow of GitHub Actions: annotations, and the job's summary.
  /// - Throws: ``HarnessError`` when the summary's file cannot be written.
  package func tellGitHub(_ environment: [String: String]) throws {
    guard case .finished(let summary) = self, environment["GITHUB_ACTIONS"] == "true" else { return }
    Terminal.write(summary.githubAnnotations)
    guard let path = environment["GITHUB_STEP_SUMMARY"], !path.isEmpty else { return }
    // Earlier commands of the step may have written to it.
    let before = RunFolder.exists(path) ? try RunFolder.read(path) : []
    try RunFolder.write(before + summary.githubSummary, to: path)
  }
}
