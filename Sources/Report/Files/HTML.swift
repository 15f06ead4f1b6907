package import Scenario
internal import Checks
internal import Swarm

extension RunSummary {
  /// `report.html`: one file that needs no network; UTF-8.
  /// - Parameter sourceLine: the line of the file that a mark points into.
  package func html(sourceLine: (Mark) -> String?) -> [UInt8] {
    let verdict = exitCode == 0 ? "passed" : "failed"
    var text = "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n"
    text += "<meta name=\"viewport\" content=\"width=device-width\">\n<title>Rehearsal: \(verdict)</title>\n"
    text += "<style>\n\(Self.style)</style>\n<h1 class=\"\(verdict)\">Rehearsal: \(verdict)</h1>\n"
    text += "<p>\(count(.passed)) passed, \(count(.failed)) failed, \(count(.errored)) errored, "
    if count(.flaky) > 0 { text += "\(count(.flaky)) flaky, " }
    text += "\(count(.skipped)) skipped in \(readable(duration)) · \(escaped(database)) · \(escaped(world)) · "
    text += "seed \(seed)\(startedAt.map { " · \(escaped($0))" } ?? "")</p>\n"
    if examinedNothing { text += "<p class=\"failed\">\(Self.nothingExamined).</p>\n" }
    text += failureSection(sourceLine) + scenarioSection + checkSection + thresholdSection + metricSection
    return Array(text.utf8)
  }

  private func failureSection(_ sourceLine: (Mark) -> String?) -> String {
    var text = ""
    for result in scenarios where !result.failures.isEmpty {
      text += "<section>\n<h2 class=\"failed\">\(escaped(result.title))</h2>\n"
      for failure in result.failures {
        text += "<h3>\(escaped(failure.message))</h3>\n<p><code>\(escaped(failure.mark.description))</code></p>\n"
        if let source = sourceLine(failure.mark) { text += "<pre>\(escaped(source))</pre>\n" }
        text += table([], failure.rows.map { [$0.label, $0.text] })
      }
      if let command = result.playAgain { text += "<p>Play it again: <code>\(escaped(command))</code></p>\n" }
      text += "</section>\n"
    }
    return text
  }

  private var scenarioSection: String {
    "<h2>Scenarios</h2>\n"
      + table(
        ["", "scenario", "file", "time"],
        scenarios.map { [$0.status.rawValue, $0.title, $0.file, readable($0.duration)] })
  }

  private var checkSection: String {
    if checks.isEmpty { return "" }
    return "<h2>Checks</h2>\n"
      + table(
        ["check", "examined", "violations"],
        checks.map { [$0.name, grouped(Int64($0.examined)), grouped(Int64($0.violations))] })
  }

  private var thresholdSection: String {
    if thresholds.isEmpty { return "" }
    return "<h2>Thresholds</h2>\n"
      + table(
        ["", "metric", "threshold", "observed"],
        thresholds.map { result in
          let unit = Metric(rawValue: result.threshold.metric)?.unit(of: result.threshold.aggregate) ?? ""
          return [
            result.passed ? "passed" : "failed", result.threshold.series, result.threshold.expression,
            result.observed.map { readable($0, unit: unit) } ?? "no samples",
          ]
        })
  }

  private var metricSection: String {
    var text = ""
    for result in scenarios {
      guard let metrics = result.metrics, !metrics.summaries.isEmpty else { continue }
      let rows = metrics.summaries.map { summary -> [String] in
        var row = [summary.metric.rawValue, grouped(summary.count)]
        row.append(summary.rate.map { readable($0, unit: summary.metric.kind == .share ? "share" : "") } ?? "")
        guard let spread = summary.spread else { return row }
        let unit = summary.metric.unit
        return row + [50, 90, 95, 99].map { readable(spread.percentile($0), unit: unit) }
          + [readable(spread.maximum, unit: unit), summary.metric.origin ?? ""]
      }
      text += "<h2>Metrics: \(escaped(result.title))</h2>\n"
      text += table(["metric", "count", "rate", "p50", "p90", "p95", "p99", "max", "measured from"], rows)
      guard let generator = result.generator else { continue }
      text += "<p>Generator: \(escaped(generatorLine(generator)))</p>\n"
      if let distrust = distrust(generator) { text += "<p class=\"failed\">\(escaped(distrust))</p>\n" }
    }
    return text
  }

  private func table(_ header: [String], _ rows: [[String]]) -> String {
    var text = "<table>\n"
    if !header.isEmpty { text += "<tr>" + header.map { "<th>\(escaped($0))</th>" }.joined() + "</tr>\n" }
    for row in rows {
      text += "<tr>" + row.map { "<td>\(escaped($0))</td>" }.joined() + "</tr>\n"
    }
    return text + "</table>\n"
  }

  private static let style = """
    body { font: 15px/1.5 system-ui, sans-serif; max-width: 70rem; margin: 2rem auto; padding: 0 1rem; }
    table { border-collapse: collapse; margin: 0.5rem 0 1.5rem; }
    th, td { text-align: left; padding: 0.2rem 0.9rem 0.2rem 0; border-bottom: 1px solid #ddd; vertical-align: top; }
    td { font-variant-numeric: tabular-nums; overflow-wrap: anywhere; }
    pre { background: #f5f5f5; padding: 0.6rem; overflow-x: auto; }
    h1.passed { color: #176f2c; }
    .failed { color: #a5161d; }

    """
}
