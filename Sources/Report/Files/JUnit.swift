internal import Checks
internal import Scenario
internal import Swarm

extension RunSummary {
  /// `junit.xml`: a suite of the scenarios, one of the checks, one of the thresholds; UTF-8.
  package var junit: [UInt8] {
    var suites = [scenarioSuite]
    if !checks.isEmpty { suites.append(checkSuite) }
    if !thresholds.isEmpty { suites.append(thresholdSuite) }
    var text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"rehearsal\""
    text += " tests=\"\(suites.reduce(0) { $0 + $1.cases.count })\" failures=\"\(total(suites, .failed))\""
    text += " errors=\"\(total(suites, .errored))\" skipped=\"\(total(suites, .skipped))\""
    text += " time=\"\(seconds(duration))\">\n"
    for suite in suites { text += suite.text }
    return Array((text + "</testsuites>\n").utf8)
  }

  private func total(_ suites: [Suite], _ status: OutcomeStatus) -> Int {
    suites.reduce(0) { $0 + $1.count(status) }
  }

  private var scenarioSuite: Suite {
    Suite(
      name: "scenarios",
      cases: scenarios.map {
        Case(
          name: $0.title, classname: $0.file, mark: $0.mark, status: $0.status, duration: $0.duration,
          failures: $0.failures, playAgain: $0.playAgain, output: $0.notes)
      })
  }

  private var checkSuite: Suite {
    let place = Mark(file: "history.jsonl", line: 1, column: 1)
    var suite = Suite(
      name: "checks",
      cases: checks.map { check in
        let message = "\(check.violations) violations in \(check.examined) examined"
        return Case(
          name: check.name, classname: "checks", status: check.violations == 0 ? .passed : .failed, duration: .zero,
          failures: check.violations == 0 ? [] : [Failure(mark: place, message: message)],
          output: ["examined \(check.examined)"])
      })
    if examinedNothing {
      let failure = Failure(mark: place, message: Self.nothingExamined)
      suite.cases.append(
        Case(name: "something-to-judge", classname: "checks", status: .failed, duration: .zero, failures: [failure]))
    }
    return suite
  }

  private var thresholdSuite: Suite {
    Suite(
      name: "thresholds",
      cases: scenarios.flatMap { scenario in
        scenario.thresholds.map { result in
          let observed = result.observed.map { "observed \(rounded($0))" } ?? "no samples"
          return Case(
            name: "\(scenario.title): \(result.threshold.series) \(result.threshold.expression)",
            classname: scenario.file, mark: result.threshold.mark, status: result.passed ? .passed : .failed,
            duration: .zero,
            failures: result.passed ? [] : [Failure(mark: result.threshold.mark, message: observed)],
            output: [observed])
        }
      })
  }
}

private struct Case {
  var name: String
  var classname: String
  var mark: Mark?
  var status: OutcomeStatus
  var duration: Duration
  var failures: [Failure]
  var playAgain: String?
  var output: [String] = []

  /// What tells of failures: the name for one that was made good by a retry is Surefire's, which CI servers know.
  private static let elements: [OutcomeStatus: String] = [
    .failed: "failure", .errored: "error", .flaky: "flakyFailure",
  ]

  var text: String {
    var text = "    <testcase name=\"\(escaped(name))\" classname=\"\(escaped(classname))\""
    if let mark { text += " file=\"\(escaped(mark.file))\" line=\"\(mark.line)\"" }
    text += " time=\"\(seconds(duration))\""
    if status == .passed, output.isEmpty { return text + "/>\n" }
    text += ">\n"
    if status == .skipped { text += "      <skipped/>\n" }
    if let first = failures.first, let element = Self.elements[status] {
      var parts = failures.map { $0.lines.joined(separator: "\n") }
      if let playAgain { parts.append("play it again: \(playAgain)") }
      let body = parts.joined(separator: "\n\n")
      text += "      <\(element) message=\"\(escaped(first.message))\">\(escapedBody(body))</\(element)>\n"
    }
    if !output.isEmpty {
      text += "      <system-out>\(escapedBody(output.joined(separator: "\n")))</system-out>\n"
    }
    return text + "    </testcase>\n"
  }

  /// Within an element, line feeds may stand as they are and read better.
  private func escapedBody(_ text: String) -> String {
    text.split(separator: "\n", omittingEmptySubsequences: false).map { escaped(String($0)) }.joined(separator: "\n")
  }
}

private struct Suite {
  var name: String
  var cases: [Case]

  func count(_ status: OutcomeStatus) -> Int { cases.count { $0.status == status } }

  var text: String {
    var text = "  <testsuite name=\"\(escaped(name))\" tests=\"\(cases.count)\" failures=\"\(count(.failed))\""
    text += " errors=\"\(count(.errored))\" skipped=\"\(count(.skipped))\""
    text += " time=\"\(seconds(cases.reduce(.zero) { $0 + $1.duration }))\">\n"
    for test in cases { text += test.text }
    return text + "  </testsuite>\n"
  }
}

private func seconds(_ duration: Duration) -> String { fixed(Double(duration.roundedMilliseconds) / 1000, digits: 3) }
