// Report: a finished run as terminal text, summary.json, junit.xml and report.html.

package import Checks
internal import History
package import Scenario
package import Swarm

/// A finished run: what every report is made of.
package struct RunSummary: Sendable {
  /// Version of `summary.json`; a new one only when a field changes its meaning or goes.
  package static let version = 1

  package var seed: UInt64
  /// `sqlite`, `postgres` or a URL without its password.
  package var database: String
  /// `live`, `target` or `simulated`.
  package var world: String
  /// Civil time of the start, RFC 3339; `nil` in the simulated world.
  package var startedAt: String?
  package var duration: Duration
  package var scenarios: [ScenarioResult]
  package var interrupted = false
  /// What the waits of the scenarios were multiplied by; what is measured never is.
  package var timeScale = 1.0
  /// Whether a flaky scenario fails the run.
  package var failsOnFlaky = false

  package init(
    seed: UInt64, database: String, world: String, startedAt: String?, duration: Duration, scenarios: [ScenarioResult]
  ) {
    self.seed = seed
    self.database = database
    self.world = world
    self.startedAt = startedAt
    self.duration = duration
    self.scenarios = scenarios
  }

  package func count(_ status: OutcomeStatus) -> Int { scenarios.count { $0.status == status } }

  package var thresholds: [ThresholdResult] { scenarios.flatMap(\.thresholds) }

  /// The checks of all scenarios added up, in the order they first appear.
  package var checks: [CheckTotal] {
    var totals: [CheckTotal] = []
    for check in scenarios.flatMap(\.checks) {
      if let index = totals.firstIndex(where: { $0.name == check.name }) {
        totals[index].examined += check.examined
        totals[index].violations += check.violations
      } else {
        totals.append(CheckTotal(name: check.name, examined: check.examined, violations: check.violations))
      }
    }
    return totals
  }

  /// Whether scenarios passed and no check found anything to judge: such a run shows nothing, and fails.
  package var examinedNothing: Bool {
    let totals = checks
    return count(.passed) + count(.flaky) > 0 && !totals.isEmpty && totals.allSatisfy { $0.examined == 0 }
  }

  static let nothingExamined = "The checks found nothing to judge: no client did or saw anything, so the run fails"

  /// 0 all passed, 1 a scenario or a check failed or the checks found nothing to judge, 3 the harness could not do its work, 99 a threshold was crossed, 130
  /// interrupted. What a person must look at first decides.
  package var exitCode: Int32 {
    if interrupted { return 130 }
    if count(.failed) > 0 || (failsOnFlaky && count(.flaky) > 0) { return 1 }
    if count(.errored) > 0 { return 3 }
    if examinedNothing { return 1 }
    if thresholds.contains(where: { !$0.passed }) { return 99 }
    return 0
  }
}

/// One check over all scenarios.
package struct CheckTotal: Sendable, Hashable {
  package let name: String
  package var examined: Int
  package var violations: Int
}

/// How one scenario, functional or load, came out, with the checks over its history.
package struct ScenarioResult: Sendable {
  package var name: String
  package var file: String
  package var mark: Mark
  package var status: OutcomeStatus
  package var duration: Duration
  package var failures: [Failure]
  package var notes: [String]
  package var checks: [CheckResult]
  package var thresholds: [ThresholdResult]
  /// `nil` for a functional scenario.
  package var metrics: MetricsSnapshot?
  /// What happened around the first failure.
  package var diagram: SequenceDiagram?
  /// What a load has measured second by second, and what it was doing.
  package var intervals: [MetricsInterval] = []
  package var phases: [LoadPhase] = []
  /// When it began, since the run did; `nil` where that tells nothing.
  package var began: Duration?
  /// How the generator of a load fared.
  package var generator: GeneratorReport?
  /// Which repetition it is, from 1, when the run repeats.
  package var repetition: Int?
  /// How often it was played until it passed, or was given up.
  package var attempts = 1
  /// The command that plays it again, from the same seed; shown with its failures.
  package var playAgain: String?

  private init(_ scenario: Scenario, status: OutcomeStatus, duration: Duration) {
    name = scenario.name
    file = scenario.file
    mark = scenario.mark
    self.status = status
    self.duration = duration
    failures = []
    notes = []
    checks = []
    thresholds = []
  }

  /// A violated check fails a scenario whose steps have passed.
  package init(_ scenario: Scenario, _ outcome: ScenarioOutcome, checks: [CheckResult]) {
    self.init(scenario, status: outcome.status, duration: outcome.duration)
    failures = outcome.failures
    notes = outcome.notes
    if let failure = failures.first { diagram = SequenceDiagram(outcome.history, failure) }
    judge(checks, outcome.history)
  }

  package init(_ scenario: Scenario, _ outcome: LoadOutcome, checks: [CheckResult]) {
    self.init(scenario, status: outcome.status, duration: outcome.duration)
    failures = outcome.failures
    notes = outcome.notes
    thresholds = outcome.thresholds
    metrics = outcome.metrics
    intervals = outcome.intervals
    phases = outcome.phases
    generator = outcome.generator
    if let failure = failures.first(where: { $0.actor != nil }) {
      diagram = SequenceDiagram(outcome.history, failure, bystanders: false)
    }
    judge(checks, outcome.history)
  }

  /// A load as its record tells of it; its thresholds are judged anew.
  package init(_ record: LoadRecord) {
    name = record.scenario
    file = record.mark.file
    mark = record.mark
    status = record.status
    duration = record.duration
    failures = record.failures
    notes = record.notes
    checks = record.checks.map { CheckResult(name: $0.name, examined: $0.examined, violations: $0.violations) }
    thresholds = record.judged
    metrics = record.metrics
    intervals = record.intervals
    phases = record.phases
    generator = record.generator
  }

  /// A scenario for which the harness could not even set up the stage.
  package init(_ scenario: Scenario, erroredBecause message: String, after duration: Duration) {
    self.init(scenario, status: .errored, duration: duration)
    failures = [Failure(mark: scenario.mark, message: message)]
  }

  package init(skipped scenario: Scenario) {
    self.init(scenario, status: .skipped, duration: .zero)
  }

  /// The result of a further attempt: one that passed shows why the first did not.
  /// - Parameter attempts: how many there were with this one.
  package func retried(after first: ScenarioResult, attempts: Int) -> ScenarioResult {
    var result = self
    result.attempts = attempts
    if status == .passed {
      result.status = .flaky
      result.failures = first.failures
      result.diagram = first.diagram
      result.notes.append("failed at first, and passed when it was played for the \(ordinal(attempts)) time")
    }
    return result
  }

  /// Whether nothing is wrong with it: it passed, and no threshold was crossed.
  package var isGood: Bool { (status == .passed || status == .flaky) && thresholds.allSatisfy(\.passed) }

  /// The name, with the repetition where there are several.
  package var title: String { repetition.map { "\(name) (\($0))" } ?? name }

  private mutating func judge(_ results: [CheckResult], _ history: History) {
    checks = results
    guard results.contains(where: { $0.violations > 0 }) else { return }
    let texts = EventText(history)
    for check in results where check.violations > 0 {
      if status == .passed { status = .failed }
      for finding in check.findings.prefix(Self.shownFindings) {
        let events = finding.events.filter { history.events.indices.contains($0) }.map { history.events[$0] }
        let failure = Failure(
          mark: Self.place(finding.mark) ?? mark, message: "\(check.name): \(finding.message)",
          details: events.map(texts.line))
        failures.append(failure)
        if diagram == nil {
          diagram = SequenceDiagram(history, failure, evidence: finding.events, bystanders: metrics == nil)
        }
      }
      let rest = check.violations - min(check.violations, Self.shownFindings)
      if rest > 0 { notes.append("\(check.name): \(rest) more violations") }
    }
  }

  /// Findings of one check that are shown as failures.
  private static let shownFindings = 5

  private static func place(_ text: String?) -> Mark? {
    guard let parts = text?.split(separator: ":", omittingEmptySubsequences: false), parts.count >= 3,
      let line = Int(parts[parts.count - 2]), let column = Int(parts[parts.count - 1])
    else { return nil }
    return Mark(file: parts.dropLast(2).joined(separator: ":"), line: line, column: column)
  }
}
