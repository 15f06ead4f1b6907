internal import Checks
package import Scenario
internal import Swarm

extension RunSummary {
  /// The most that a page shows in full, so that it stays small: failed scenarios, diagrams, failures of one scenario, and
  /// rows of the list of scenarios.
  private static let failedLimit = 100
  private static let diagramLimit = 20
  private static let failureLimit = 20
  private static let rowLimit = 1_000

  /// `report.html`: one file that needs no network and no script; UTF-8.
  /// - Parameter sourceLine: the line of the file that a mark points into.
  package func html(sourceLine: (Mark) -> String?) -> [UInt8] {
    let verdict = exitCode == 0 ? "passed" : "failed"
    var text = "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
    text += "<meta name=\"viewport\" content=\"width=device-width\">\n"
    text += "<title>Rehearsal: \(verdict)</title>\n<style>\n\(pageStyle)</style>\n</head>\n<body>\n<main>\n"
    text += "<header><h1 class=\"\(verdict)\">\(verdict == "passed" ? "✓ Passed" : "✗ Failed")</h1>\n"
    text += "<p>Rehearsal\(startedAt.map { ", \(escaped(String($0.prefix(19)).replacing("T", with: " "))) UTC" } ?? "")"
    text += " · \(escaped(world)) · \(escaped(database)) · seed \(seed) · \(readable(duration))</p></header>\n"
    text += tiles
    if examinedNothing { text += "<p class=\"failed\">\(escaped(Self.nothingExamined)).</p>\n" }
    if interrupted { text += "<p class=\"failed\">The run was interrupted.</p>\n" }
    text += failureSections(sourceLine)
    for (index, result) in scenarios.enumerated() where result.metrics != nil {
      text += load(result, id: "load-\(index)")
    }
    text += thresholdSection + scenarioSection + checkSection
    return Array((text + "</main>\n</body>\n</html>\n").utf8)
  }

  private var tiles: String {
    var tiles: [(String, String, String)] = []
    for status in [OutcomeStatus.passed, .failed, .errored, .flaky, .skipped] {
      let count = count(status)
      if count > 0 || status == .passed { tiles.append((grouped(Int64(count)), status.rawValue, status.rawValue)) }
    }
    let crossed = thresholds.count { !$0.passed }
    if !thresholds.isEmpty {
      tiles.append(("\(crossed) of \(thresholds.count)", "thresholds crossed", crossed > 0 ? "failed" : "passed"))
    }
    let examined = checks.reduce(0) { $0 + $1.examined }
    let violations = checks.reduce(0) { $0 + $1.violations }
    if !checks.isEmpty {
      tiles.append((grouped(Int64(examined)), "examined by checks", ""))
      tiles.append(
        (grouped(Int64(violations)), violations == 1 ? "violation" : "violations", violations > 0 ? "failed" : "passed")
      )
    }
    return "<ul class=\"tiles\">"
      + tiles.map { "<li><b class=\"\($0.2)\">\(escaped($0.0))</b> \(escaped($0.1))</li>" }.joined() + "</ul>\n"
  }

  private func failureSections(_ sourceLine: (Mark) -> String?) -> String {
    var text = ""
    let failed = scenarios.filter { !$0.failures.isEmpty }
    for (index, result) in failed.prefix(Self.failedLimit).enumerated() {
      text +=
        "<section class=\"card\">\n<h2><span class=\"\(result.status.rawValue)\">\(result.status.rawValue)</span> "
      text += "\(escaped(result.title))</h2>\n"
      for failure in result.failures.prefix(Self.failureLimit) { text += html(of: failure, sourceLine) }
      let more = result.failures.count - Self.failureLimit
      if more > 0 { text += "<p>and \(plural(more, "more failure"))</p>\n" }
      if let command = result.playAgain { text += "<p>Play it again: <code>\(escaped(command))</code></p>\n" }
      if index < Self.diagramLimit, let diagram = result.diagram {
        text += "<h3>What happened</h3>\n" + diagram.html(id: "sequence-\(index)", title: result.title)
      }
      text += "</section>\n"
    }
    let rest = failed.count - Self.failedLimit
    return text
      + (rest > 0 ? "<p>\(plural(rest, "more scenario")) did not pass; the list below has them all.</p>\n" : "")
  }

  private func html(of failure: Failure, _ sourceLine: (Mark) -> String?) -> String {
    var text =
      "<h3 class=\"failed\">\(escaped(failure.message))</h3>\n<p><code>\(escaped(failure.mark.description))</code></p>\n"
    if let source = sourceLine(failure.mark) {
      let caret = String(repeating: " ", count: max(0, failure.mark.column - 1)) + "^"
      text += "<pre>\(escaped(source))\n\(caret)</pre>\n"
    }
    text += "<table class=\"facts\">\n"
    var rows = failure.rows[...]
    while let first = rows.popFirst() {
      var lines = [first]
      while let next = rows.first, next.label.isEmpty {
        lines.append(next)
        rows.removeFirst()
      }
      let body = lines.map {
        $0.tone == .plain ? escaped($0.text) : "<span class=\"\($0.tone)\">\(escaped($0.text))</span>"
      }
      text += "<tr><th scope=\"row\">\(first.label)</th><td>\(body.joined(separator: "\n"))</td></tr>\n"
    }
    return text + "</table>\n"
  }

  private func load(_ result: ScenarioResult, id: String) -> String {
    guard let metrics = result.metrics, !metrics.summaries.isEmpty else { return "" }
    var text =
      "<section class=\"card\">\n<h2><span class=\"\(result.isGood ? "passed" : "failed")\">load</span> \(escaped(result.title))</h2>\n"
    if let distrust = result.generator.flatMap(distrust) { text += "<p class=\"failed\">\(escaped(distrust))</p>\n" }
    if let charts = LoadCharts(result) { text += charts.html(id: id) }
    let rows = metrics.summaries.map { summary -> [String] in
      var row = [summary.metric.rawValue, grouped(summary.count)]
      row.append(summary.rate.map { readable($0, unit: summary.metric.kind == .share ? "share" : "") } ?? "")
      guard let spread = summary.spread else { return row }
      let unit = summary.metric.unit
      return row + [50, 90, 95, 99].map { readable(spread.percentile($0), unit: unit) }
        + [readable(spread.maximum, unit: unit), summary.metric.origin ?? ""]
    }
    text += "<h3>The whole run</h3>\n"
    text += table(
      ["metric", "count", "rate", "p50", "p90", "p95", "p99", "max", "measured from"], rows, numbers: 1..<8)
    if let generator = result.generator {
      text += "<p class=\"dim\">Generator: \(escaped(generatorLine(generator)))</p>\n"
    }
    for note in result.notes { text += "<p class=\"dim\">\(escaped(note))</p>\n" }
    return text + "</section>\n"
  }

  private var thresholdSection: String {
    if thresholds.isEmpty { return "" }
    return "<section class=\"card\">\n<h2>Thresholds</h2>\n"
      + table(
        ["", "metric", "threshold", "observed"],
        thresholds.map { result in
          let unit = Metric(rawValue: result.threshold.metric)?.unit(of: result.threshold.aggregate) ?? ""
          return [
            result.passed ? "passed" : "failed", result.threshold.series, result.threshold.expression,
            result.observed.map { readable($0, unit: unit) } ?? "no samples",
          ]
        }) + "</section>\n"
  }

  private var scenarioSection: String {
    // Those that did not pass come into a long list first.
    let order =
      scenarios.count <= Self.rowLimit ? scenarios : scenarios.filter { !$0.isGood } + scenarios.filter(\.isGood)
    let shown = order.prefix(Self.rowLimit)
    var text = "<section class=\"card\">\n<h2>Scenarios</h2>\n" + gantt
    text += table(
      ["", "scenario", "file", "time"], shown.map { [$0.status.rawValue, $0.title, $0.file, readable($0.duration)] },
      numbers: 3..<4)
    if order.count > shown.count { text += "<p>and \(grouped(Int64(order.count - shown.count))) more</p>\n" }
    return text + "</section>\n"
  }

  /// Which scenario ran when, beside which.
  private var gantt: String {
    let timed = scenarios.filter { $0.began != nil && $0.metrics == nil }.prefix(Self.rowLimit / 2)
    guard timed.count > 1 else { return "" }
    var lanes: [(name: String, bars: [Lanes.Bar])] = []
    var ends: [Double] = []
    for result in timed.sorted(by: { ($0.began ?? .zero) < ($1.began ?? .zero) }) {
      let (start, length) = (result.began?.seconds ?? 0, result.duration.seconds)
      let bar = Lanes.Bar(
        start: start, length: length, name: result.title, style: result.status.rawValue,
        hint: "\(result.title): \(result.status.rawValue), \(readable(result.duration))")
      if let lane = ends.firstIndex(where: { $0 <= start }) {
        lanes[lane].bars.append(bar)
        ends[lane] = start + length
      } else {
        lanes.append(("\(lanes.count + 1)", [bar]))
        ends.append(start + length)
      }
    }
    return "<div class=\"wide\">"
      + Lanes(lanes: lanes, length: ends.max() ?? 0).svg(id: "gantt", title: "When each was played")
      + "</div>\n"
  }

  private var checkSection: String {
    if checks.isEmpty { return "" }
    return "<section class=\"card\">\n<h2>Checks</h2>\n"
      + table(
        ["check", "examined", "violations"],
        checks.map { [$0.name, grouped(Int64($0.examined)), grouped(Int64($0.violations))] }, numbers: 1..<3)
      + "</section>\n"
  }

  /// - Parameter numbers: the columns whose cells stand at the right.
  private func table(_ header: [String], _ rows: [[String]], numbers: Range<Int> = 0..<0) -> String {
    func cell(_ name: String, _ column: Int, _ text: String) -> String {
      // A status is coloured by its own name.
      let status = column == 0 ? OutcomeStatus(rawValue: text).map { " class=\"\($0.rawValue)\"" } : nil
      return "<\(name)\(status ?? (numbers.contains(column) ? " class=\"n\"" : ""))>\(escaped(text))</\(name)>"
    }
    var text = "<table>\n<tr>" + header.enumerated().map { cell("th", $0, $1) }.joined() + "</tr>\n"
    for row in rows {
      let cells = row + Array(repeating: "", count: max(0, header.count - row.count))
      text += "<tr>" + cells.enumerated().map { cell("td", $0, $1) }.joined() + "</tr>\n"
    }
    return text + "</table>\n"
  }
}
