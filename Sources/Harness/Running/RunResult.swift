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
}
