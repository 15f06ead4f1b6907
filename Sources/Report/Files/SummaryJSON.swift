internal import Checks
internal import JSON
internal import Scenario
internal import Swarm

extension RunSummary {
  /// `summary.json`, version ``version``, UTF-8 with a line feed at the end.
  package var json: [UInt8] {
    var root = JSONObject()
    root.append("version", .int(Int64(Self.version)))
    // A seed above 2^63 - 1 does not fit a JSON integer of most readers.
    root.append("seed", Int64(exactly: seed).map(JSON.int) ?? .string(String(seed)))
    root.append("database", .string(database))
    root.append("world", .string(world))
    if let startedAt { root.append("startedAt", .string(startedAt)) }
    root.append("timeScale", .double(timeScale))
    root.append("durationMs", milliseconds(duration))
    for status in [OutcomeStatus.passed, .failed, .errored, .flaky, .skipped] {
      root.append(status.rawValue, .int(Int64(count(status))))
    }
    root.append("interrupted", .bool(interrupted))
    root.append("exitCode", .int(Int64(exitCode)))
    root.append("examinedNothing", .bool(examinedNothing))
    root.append("scenarios", .array(scenarios.map(scenario)))
    root.append(
      "checks",
      .array(
        checks.map {
          ["name": .string($0.name), "examined": .int(Int64($0.examined)), "violations": .int(Int64($0.violations))]
        }))
    root.append("thresholds", .array(scenarios.flatMap { result in result.thresholds.map { threshold($0, result) } }))
    root.append("metrics", metrics(\.summaries) { $0.metric.rawValue })
    root.append("tagged", metrics(\.tagged) { $0.metric.rawValue + ($0.tag?.description ?? "") })
    return JSON.object(root).bytes + [UInt8(ascii: "\n")]
  }

  private func scenario(_ result: ScenarioResult) -> JSON {
    var object: JSONObject = [
      "name": .string(result.name), "file": .string(result.file), "status": .string(result.status.rawValue),
      "durationMs": milliseconds(result.duration), "failures": .array(result.failures.map(\.json)),
    ]
    if let repetition = result.repetition { object.append("repetition", .int(Int64(repetition))) }
    if result.attempts > 1 { object.append("attempts", .int(Int64(result.attempts))) }
    if let command = result.playAgain { object.append("playAgain", .string(command)) }
    if !result.notes.isEmpty { object.append("notes", .array(result.notes.map(JSON.string))) }
    if let generator = result.generator { object.append("generator", generator.json) }
    return .object(object)
  }

  private func threshold(_ result: ThresholdResult, _ scenario: ScenarioResult) -> JSON {
    [
      "metric": .string(result.threshold.series), "expression": .string(result.threshold.expression),
      "observed": result.observed.map { .double(rounded($0)) } ?? .null, "passed": .bool(result.passed),
      "scenario": .string(scenario.name),
    ]
  }

  /// Of the run's only load scenario by name; with several, the later ones' names follow theirs: `errors@Name`.
  private func metrics(_ summaries: (MetricsSnapshot) -> [MetricSummary], _ name: (MetricSummary) -> String) -> JSON {
    var members: [(key: String, value: JSON)] = []
    var names: Set<String> = []
    for result in scenarios {
      for summary in result.metrics.map(summaries) ?? [] {
        let name = name(summary)
        let key = names.insert(name).inserted ? name : "\(name)@\(result.title)"
        members.append((key: key, value: .object(metric(summary))))
      }
    }
    return .object(JSONObject(members))
  }

  private func metric(_ summary: MetricSummary) -> JSONObject {
    var object: JSONObject = ["unit": .string(summary.metric.unit), "count": .int(summary.count)]
    if let origin = summary.metric.origin { object.append("from", .string(origin)) }
    if let trials = summary.trials { object.append("trials", .int(trials)) }
    if let rate = summary.rate { object.append("rate", .double(rounded(rate))) }
    if let spread = summary.spread {
      object.append("min", .double(rounded(spread.minimum)))
      object.append("avg", .double(rounded(spread.average)))
      for percentile in [50, 90, 95, 99] {
        object.append("p\(percentile)", .double(rounded(spread.percentile(Double(percentile)))))
      }
      object.append("max", .double(rounded(spread.maximum)))
    }
    return object
  }

  private func milliseconds(_ duration: Duration) -> JSON { .int(duration.roundedMilliseconds) }
}

/// To the precision of what is measured, so that files do not pretend to more.
func rounded(_ value: Double) -> Double { (value * 1000).rounded() / 1000 }

extension Duration {
  /// Whole milliseconds, rounded.
  var roundedMilliseconds: Int64 {
    let (seconds, attoseconds) = components
    return seconds * 1000 + (attoseconds + 500_000_000_000_000) / 1_000_000_000_000_000
  }
}
