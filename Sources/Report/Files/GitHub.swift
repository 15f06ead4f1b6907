internal import Scenario
internal import Swarm

extension RunSummary {
  /// What GitHub shows of one step at most, of each kind.
  private static let annotationLimit = 10
  /// Scenarios whose failures a summary of a job shows: it may have a megabyte.
  private static let summaryLimit = 20

  /// Workflow commands of GitHub Actions: an annotation at the step of each failure and at each crossed threshold.
  package var githubAnnotations: String {
    var lines: [String] = []
    for result in scenarios {
      for failure in result.failures {
        let again = result.playAgain.map { ["play it again: \($0)"] } ?? []
        let text = ([failure.message] + failure.rows.map(\.line) + again).joined(separator: "\n")
        lines.append(
          annotation(result.status == .flaky ? "warning" : "error", failure.mark, result.title, text))
      }
      for threshold in result.thresholds where !threshold.passed {
        let observed = threshold.observed.map { "observed \(rounded($0))" } ?? "no samples"
        let text = "\(threshold.threshold.series) \(threshold.threshold.expression): \(observed)"
        lines.append(annotation("error", threshold.threshold.mark, result.title, text))
      }
    }
    return lines.prefix(Self.annotationLimit).map { $0 + "\n" }.joined()
  }

  private func annotation(_ kind: String, _ mark: Mark, _ title: String, _ text: String) -> String {
    GitHubCommand.text(
      kind, [("file", mark.file), ("line", "\(mark.line)"), ("col", "\(mark.column)"), ("title", title)], text)
  }

  /// Markdown for the summary of a job: the verdict, the failures, the thresholds; UTF-8.
  package var githubSummary: [UInt8] {
    var text = "### Rehearsal: \(exitCode == 0 ? "passed" : "failed")\n\n"
    text += "\(count(.passed)) passed, \(count(.failed)) failed, \(count(.errored)) errored, \(count(.flaky)) flaky, "
    text += "\(count(.skipped)) skipped in \(readable(duration)), seed \(seed)\n\n"
    let failed = scenarios.filter { !$0.failures.isEmpty }
    for result in failed.prefix(Self.summaryLimit) {
      var lines = result.failures.flatMap { $0.lines + [""] }
      if let command = result.playAgain { lines.append("play it again: \(command)") }
      // Between tags, so that no line of it is taken for Markdown.
      let body = lines.map(escaped).joined(separator: "\n")
      text += "<details open><summary>\(escaped(result.title))</summary><pre>\n\(body)\n</pre></details>\n\n"
    }
    if failed.count > Self.summaryLimit { text += "and \(failed.count - Self.summaryLimit) more\n\n" }
    for result in thresholds {
      let observed = result.observed.map { "\(rounded($0))" } ?? "no samples"
      let line = "\(result.passed ? "✓" : "✗") \(result.threshold.series) \(result.threshold.expression): \(observed)"
      text += "<pre>\(escaped(line))</pre>\n"
    }
    return Array(text.utf8)
  }
}
