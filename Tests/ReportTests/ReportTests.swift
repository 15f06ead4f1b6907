import Checks
import History
import JSON
import Report
import Scenario
import Swarm
import Testing

@Suite("Reports")
struct ReportTests {
  private static func mark(_ line: Int) -> Mark { Mark(file: "Scenarios/a <b>.yaml", line: line, column: 5) }

  private static let summary: RunSummary = {
    var scenario = Scenario(
      name: "A & \"B\"", file: "Scenarios/a <b>.yaml", mark: mark(1), actions: ActionCatalog())
    let failure = Failure(
      mark: mark(2), message: "grace did not receive added", expected: "an event where text is '<Hi>'",
      seen: "nothing", details: ["+5ms {\"text\":\"Ho\u{1b}\"}"])
    var failed = ScenarioResult(
      scenario,
      ScenarioOutcome(
        status: .failed, failures: [failure], duration: .milliseconds(1234), history: History(events: [])), checks: [])
    failed.playAgain = "rehearse run 'Scenarios/a <b>.yaml' --seed 42"
    scenario.name = "Fine"
    var passed = ScenarioResult(
      scenario,
      ScenarioOutcome(status: .passed, failures: [], duration: .milliseconds(40), history: History(events: [])),
      checks: runChecks(History(events: []), catalog: ActionCatalog()))
    passed.checks[4] = CheckResult(name: "no-internal-errors", examined: 2, violations: 0)
    scenario.name = "Load"
    let metrics = MetricsRecorder()
    for milliseconds in 1...100 { metrics.record(.deliveryLatency, .milliseconds(milliseconds)) }
    metrics.add(.iterations, 50)
    for index in 0..<200 { metrics.sample(.errors, index == 0) }
    let snapshot = metrics.snapshot(elapsed: .seconds(10))
    let thresholds = [
      Threshold(
        metric: "delivery_latency", expression: "p(95)<50", aggregate: .percentile(95), comparison: .less, limit: 50,
        mark: mark(9)),
      Threshold(
        metric: "checks", expression: "rate==1", aggregate: .rate, comparison: .equal, limit: 1, mark: mark(10)),
    ]
    let load = ScenarioResult(
      scenario,
      LoadOutcome(
        status: .passed, failures: [], duration: .seconds(12), history: History(events: []), metrics: snapshot,
        thresholds: evaluate(thresholds, against: snapshot), notes: ["a note"]), checks: [])
    return RunSummary(
      seed: 42, database: "sqlite", world: "live", startedAt: "2026-11-24T07:08:25.123Z",
      duration: .milliseconds(13_500),
      scenarios: [failed, passed, load])
  }()

  @Test("summary.json has the fields of its version")
  func json() throws {
    let json = try JSON.parse(Self.summary.json)
    #expect(json["version"] == 1)
    #expect(json["seed"] == 42)
    #expect(json["durationMs"] == 13_500)
    #expect(json["passed"] == 2)
    #expect(json["failed"] == 1)
    #expect(json["exitCode"] == 1)
    #expect(json["scenarios"]?[0]?["failures"]?[0]?["line"] == 2)
    #expect(json["scenarios"]?[0]?["failures"]?[0]?["file"] == "Scenarios/a <b>.yaml")
    #expect(json["checks"]?[0]?["name"] == "delivered-exactly-once")
    #expect(json["thresholds"]?[0]?["observed"]?.number.map { abs($0 - 95) < 0.1 } == true)
    #expect(json["thresholds"]?[0]?["passed"] == false)
    #expect(json["thresholds"]?[1]?["observed"] == .null)
    #expect(json["metrics"]?["delivery_latency"]?["count"] == 100)
    #expect(json["metrics"]?["delivery_latency"]?["unit"] == "ms")
    #expect(json["metrics"]?["delivery_latency"]?["max"] == 100)
    #expect(json["metrics"]?["iterations"]?["rate"] == 5)
    #expect(json["metrics"]?["errors"]?["rate"] == 0.005)
  }

  @Test("junit.xml is escaped and counts its cases")
  func junit() {
    let text = String(decoding: Self.summary.junit, as: UTF8.self)
    let expected = """
      <?xml version="1.0" encoding="UTF-8"?>
      <testsuites name="rehearsal" tests="10" failures="3" errors="0" skipped="0" time="13.500">
        <testsuite name="scenarios" tests="3" failures="1" errors="0" skipped="0" time="13.274">
          <testcase name="A &amp; &quot;B&quot;" classname="Scenarios/a &lt;b&gt;.yaml" \
      file="Scenarios/a &lt;b&gt;.yaml" line="1" time="1.234">
            <failure message="grace did not receive added">Scenarios/a &lt;b&gt;.yaml:2:5: grace did not receive added
      expected  an event where text is &#39;&lt;Hi&gt;&#39;
      seen      nothing
      details   +5ms {&quot;text&quot;:&quot;Ho\u{fffd}&quot;}

      play it again: rehearse run &#39;Scenarios/a &lt;b&gt;.yaml&#39; --seed 42</failure>
          </testcase>
          <testcase name="Fine" classname="Scenarios/a &lt;b&gt;.yaml" file="Scenarios/a &lt;b&gt;.yaml" line="1" \
      time="0.040"/>

      """
    #expect(text.hasPrefix(expected))
    #expect(text.hasSuffix("</testsuites>\n"))
    #expect(text.contains("<failure message=\"no samples\">"))
  }

  @Test("the terminal shows the failure with its line, then tables, then totals; without a terminal no escapes")
  func terminal() {
    let text = TerminalText(style: TerminalStyle(colour: false, live: false)) { $0.line == 2 ? "  - as: grace" : nil }
    let expected = """

      ✗ A & "B"
        Scenarios/a <b>.yaml:2:5 grace did not receive added
          2 |   - as: grace
            |     ^
          expected  an event where text is '<Hi>'
          seen      nothing
          details   +5ms {"text":"Ho\u{fffd}"}
        play it again: rehearse run 'Scenarios/a <b>.yaml' --seed 42

      Scenarios
        ✗  A & "B"  Scenarios/a <b>.yaml   1.23 s
        ✓  Fine     Scenarios/a <b>.yaml    40 ms
        ✗  Load     Scenarios/a <b>.yaml  12.00 s

      Checks
        -  delivered-exactly-once        0 examined  0 violations
        -  order-per-thread              0 examined  0 violations
        -  no-leak-across-organizations  0 examined  0 violations
        -  presence-converges            0 examined  0 violations
        ✓  no-internal-errors            2 examined  0 violations

      Metrics  Load
                            count    rate       p50       p90       p95       p99     max  measured from
        delivery_latency      100          50.02 ms  90.05 ms  95.04 ms  99.01 ms  100 ms  intended start
        errors                  1  0.50 %
        iterations             50     5/s
        dropped_iterations      0     0/s

      Thresholds
        ✗  delivery_latency  p(95)<50  95.04 ms
        ✗  checks            rate==1   no samples

      Notes
        Load: a note

      2 passed, 1 failed, 2 thresholds crossed in 13.50 s (sqlite, live, seed 42)

      """
    #expect(text.text(for: Self.summary) == expected)
  }

  @Test("a run that passed with nothing to judge fails, and every report says why")
  func nothingExamined() throws {
    var summary = Self.summary
    summary.scenarios.removeAll { $0.name != "Fine" }
    #expect(summary.exitCode == 0)
    summary.scenarios[0].checks[4] = CheckResult(name: "no-internal-errors", examined: 0, violations: 0)
    #expect(summary.exitCode == 1)
    let json = try JSON.parse(summary.json)
    #expect(json["exitCode"] == 1)
    #expect(json["examinedNothing"] == true)
    let text = TerminalText(style: TerminalStyle(colour: false, live: false)) { _ in nil }.text(for: summary)
    for report in [
      text, String(decoding: summary.junit, as: UTF8.self), String(decoding: summary.html { _ in nil }, as: UTF8.self),
    ] {
      #expect(report.contains("The checks found nothing to judge"))
    }
    #expect(String(decoding: summary.junit, as: UTF8.self).contains("failures=\"1\""))
  }

  @Test("a violated check fails a scenario that passed, and points to the events")
  func violated() {
    let events: [HistoryEvent.What] = [
      .invoke(id: 1, action: "send", kind: "mutation", variables: [:], intended: 0),
      .fail(id: 1, errors: [["message": "no", "extensions": ["code": "INTERNAL"]]]),
    ]
    let history = History(
      events: events.enumerated().map {
        HistoryEvent(time: Int64($0.offset) * 1_500_000, actor: "ada", what: $0.element)
      })
    let scenario = Scenario(name: "S", file: "s.yaml", mark: Self.mark(1), actions: ActionCatalog())
    let result = ScenarioResult(
      scenario, ScenarioOutcome(status: .passed, failures: [], duration: .zero, history: history),
      checks: runChecks(history, catalog: scenario.actions))
    #expect(result.status == .failed)
    #expect(result.failures.first?.message == "no-internal-errors: send of ada failed inside the server: no")
    #expect(
      result.failures.first?.details == [
        "0.0 ms  ada  calls send {}",
        "1.5 ms  ada  send was refused: [{\"message\":\"no\",\"extensions\":{\"code\":\"INTERNAL\"}}]",
      ])
  }

  @Test("a scenario that passes when it is played again is flaky: shown, and a failure only where that is asked for")
  func flaky() throws {
    var summary = Self.summary
    let failed = summary.scenarios[0]
    let passed = summary.scenarios[1]
    let flaky = passed.retried(after: failed, attempts: 2)
    #expect(flaky.status == .flaky)
    #expect(flaky.failures == failed.failures)
    #expect(failed.retried(after: failed, attempts: 2).status == .failed)
    summary.scenarios = [flaky]
    #expect(summary.exitCode == 0)
    let json = try JSON.parse(summary.json)
    #expect(json["flaky"] == 1)
    #expect(json["passed"] == 0)
    #expect(json["scenarios"]?[0]?["attempts"] == 2)
    let junit = String(decoding: summary.junit, as: UTF8.self)
    #expect(junit.contains("tests=\"1\" failures=\"0\""))
    #expect(junit.contains("<flakyFailure message=\"grace did not receive added\">"))
    let text = TerminalText(style: TerminalStyle(colour: false, live: false)) { _ in nil }.text(for: summary)
    #expect(text.contains("~ Fine\n") && text.contains("0 passed, 1 flaky in"))
    #expect(text.contains("Fine: failed at first, and passed when it was played for the 2nd time"))
    #expect(String(decoding: summary.html { _ in nil }, as: UTF8.self).contains("<b class=\"flaky\">1</b> flaky"))
    summary.failsOnFlaky = true
    #expect(summary.exitCode == 1)
  }

  @Test("what a person must look at first decides the exit code")
  func exitCodes() {
    var summary = Self.summary
    #expect(summary.exitCode == 1)
    summary.scenarios.removeFirst()
    #expect(summary.exitCode == 99)
    summary.scenarios.removeLast()
    #expect(summary.exitCode == 0)
    summary.scenarios[0].status = .errored
    #expect(summary.exitCode == 3)
    summary.interrupted = true
    #expect(summary.exitCode == 130)
  }

  @Test("GitHub gets an annotation at each failure and crossed threshold, and a summary in which nothing is Markdown")
  func github() {
    let lines = Self.summary.githubAnnotations.split(separator: "\n")
    #expect(lines.count == 3)
    #expect(
      lines.first?.hasPrefix(
        "::error file=Scenarios/a <b>.yaml,line=2,col=5,title=A & \"B\"::grace did not receive added%0Aexpected  an")
        == true)
    #expect(lines.last?.hasSuffix("title=Load::checks rate==1: no samples") == true)
    let text = String(decoding: Self.summary.githubSummary, as: UTF8.self)
    #expect(text.contains("<summary>A &amp; &quot;B&quot;</summary><pre>\nScenarios/a &lt;b&gt;.yaml:2:5: grace"))
    #expect(text.contains("<pre>✗ checks rate==1: no samples</pre>"))
  }

  @Test("the HTML report stands alone and is escaped")
  func html() {
    let text = String(decoding: Self.summary.html { _ in "<script>" }, as: UTF8.self)
    #expect(text.contains("&lt;script&gt;"))
    #expect(!text.contains("<script"))
    #expect(!text.contains("http://") && !text.contains("https://"))
  }
}
