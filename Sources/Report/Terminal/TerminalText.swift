package import Scenario
package import Swarm

/// A finished run as text for people.
package struct TerminalText: Sendable {
  private let style: TerminalStyle
  private let sourceLine: @Sendable (Mark) -> String?

  /// - Parameter sourceLine: the line of the file that a mark points into, without its line feed.
  package init(style: TerminalStyle, sourceLine: @escaping @Sendable (Mark) -> String?) {
    self.style = style
    self.sourceLine = sourceLine
  }

  /// One line that says how a scenario went.
  package func line(for result: ScenarioResult) -> String {
    "\(symbol(result)) \(result.title)  "
      + style.paint("\(result.file)  \(readable(result.duration))", .dim)
  }

  /// Where a load run stands, in one line.
  package func line(for progress: RunProgress) -> String {
    var parts: [String] = []
    let planned = progress.planned.map { " of \(readable($0))" } ?? ""
    switch progress.phase {
    case .connecting:
      parts.append("connecting \(progress.ready)/\(progress.virtualUsers) virtual users, \(readable(progress.elapsed))")
    case .running: parts.append("running \(readable(progress.elapsed))\(planned)")
    case .stopping: parts.append("stopping \(readable(progress.elapsed))\(planned)")
    }
    if progress.phase != .connecting {
      parts.append("\(progress.busy)/\(progress.ready) busy")
      parts.append(plural(progress.iterations, "iteration"))
      if progress.dropped > 0 { parts.append(style.paint("\(progress.dropped) dropped", .yellow)) }
      if let median = progress.deliveryMedian, let high = progress.deliveryHigh {
        parts.append("delivery p50 \(readable(median, unit: "ms")) p95 \(readable(high, unit: "ms"))")
      }
    }
    if progress.errors > 0 { parts.append(style.paint(plural(progress.errors, "error"), .red)) }
    return parts.joined(separator: " · ")
  }

  /// A failure with its place, the line of the file, what was expected and what was seen.
  package func lines(for failure: Failure) -> [String] {
    var lines = ["  \(style.paint("\(failure.mark)", .bold)) \(harmless(failure.message))"]
    if let source = sourceLine(failure.mark) {
      let number = String(failure.mark.line)
      let margin = String(repeating: " ", count: number.count)
      lines.append(style.paint("    \(number) | \(harmless(source))", .dim))
      // Tabs are kept so that the caret stands below its column however wide they are.
      let indent = source.prefix(max(0, failure.mark.column - 1)).map { character -> Character in
        character == "\t" ? "\t" : " "
      }
      lines.append(style.paint("    \(margin) | \(String(indent))^", .dim))
    }
    for row in failure.rows {
      var row = row
      row.text = painted(harmless(row.text), row.tone)
      lines.append("    \(row.line)")
    }
    return lines
  }

  /// A scenario that failed: its failures and the command that plays it again.
  package func lines(for result: ScenarioResult) -> [String] {
    var lines = ["\(symbol(result)) \(style.paint(result.title, .bold))"]
    for failure in result.failures { lines += self.lines(for: failure) }
    if let command = result.playAgain { lines.append("  play it again: \(command)") }
    return lines
  }

  private func painted(_ text: String, _ tone: FailureRow.Tone) -> String {
    switch tone {
    case .plain: text
    case .good: style.paint(text, .green)
    case .bad: style.paint(text, .red)
    case .dim: style.paint(text, .dim)
    }
  }

  /// What a server sent must not command the terminal: control characters, but for tabs, become U+FFFD.
  private func harmless(_ text: String) -> String {
    let isControl = { (scalar: Unicode.Scalar) in
      scalar.value < 0x20 && scalar != "\t" || (0x7f..<0xa0).contains(scalar.value)
    }
    guard text.unicodeScalars.contains(where: isControl) else { return text }
    var result = String.UnicodeScalarView()
    for scalar in text.unicodeScalars { result.append(isControl(scalar) ? "\u{fffd}" : scalar) }
    return String(result)
  }

  /// Failures, then tables, then the totals.
  package func text(for summary: RunSummary) -> String {
    var lines: [String] = []
    for result in summary.scenarios where !result.failures.isEmpty {
      lines += [""] + self.lines(for: result)
    }
    if !style.quiet {
      lines += scenarioTable(summary) + checkTable(summary)
      for result in summary.scenarios { lines += metricTable(result) }
    }
    lines += thresholdLines(summary) + noteLines(summary) + ["", totals(summary)]
    return lines.joined(separator: "\n") + "\n"
  }

  private func scenarioTable(_ summary: RunSummary) -> [String] {
    guard !summary.scenarios.isEmpty else { return [] }
    var table = Table([.left, .left, .left, .right])
    for result in summary.scenarios {
      table.add([mark(result), result.title, result.file, readable(result.duration)])
    }
    return ["", style.paint("Scenarios", .bold)]
      + table.lines { row, column, text in
        column == 0 ? painted(text, summary.scenarios[row]) : column == 2 ? style.paint(text, .dim) : text
      }.map { "  " + $0 }
  }

  private func checkTable(_ summary: RunSummary) -> [String] {
    guard !summary.checks.isEmpty else { return [] }
    var table = Table([.left, .left, .right, .right])
    for check in summary.checks {
      table.add([
        check.violations > 0 ? "✗" : check.examined > 0 ? "✓" : "-", check.name,
        "\(grouped(Int64(check.examined))) examined", plural(check.violations, "violation"),
      ])
    }
    return ["", style.paint("Checks", .bold)]
      + table.lines { row, column, text in
        guard column == 0 else { return text }
        let check = summary.checks[row]
        return style.paint(text, check.violations > 0 ? .red : check.examined > 0 ? .green : .dim)
      }.map { "  " + $0 }
  }

  private func metricTable(_ result: ScenarioResult) -> [String] {
    guard let metrics = result.metrics, !metrics.summaries.isEmpty else { return [] }
    let percentiles = [50.0, 90, 95, 99]
    var table = Table([.left, .right, .right, .right, .right, .right, .right, .right, .left])
    let origins = metrics.summaries.contains { $0.metric.origin != nil } ? ["measured from"] : []
    table.add(["", "count", "rate", "p50", "p90", "p95", "p99", "max"] + origins)
    for summary in metrics.summaries {
      var row = [summary.metric.rawValue, grouped(summary.count), ""]
      if let rate = summary.rate {
        row[2] = summary.metric.kind == .share ? readable(rate, unit: "share") : readable(rate, unit: "") + "/s"
      }
      if let spread = summary.spread {
        row += percentiles.map { readable(spread.percentile($0), unit: summary.metric.unit) }
        row += [readable(spread.maximum, unit: summary.metric.unit)] + [summary.metric.origin].compactMap(\.self)
      }
      table.add(row)
    }
    return ["", style.paint("Metrics", .bold) + style.paint("  \(result.title)", .dim)]
      + table.lines { row, column, text in row == 0 || column == 8 ? style.paint(text, .dim) : text }.map { "  " + $0 }
      + (result.generator.map { ["  " + style.paint("generator: \(generatorLine($0))", .dim)] } ?? [])
  }

  private func thresholdLines(_ summary: RunSummary) -> [String] {
    guard !summary.thresholds.isEmpty else { return [] }
    var table = Table([.left, .left, .left, .left])
    for result in summary.thresholds {
      let unit = Metric(rawValue: result.threshold.metric)?.unit(of: result.threshold.aggregate) ?? ""
      table.add([
        result.passed ? "✓" : "✗", result.threshold.series, result.threshold.expression,
        result.observed.map { readable($0, unit: unit) } ?? "no samples",
      ])
    }
    return ["", style.paint("Thresholds", .bold)]
      + table.lines { row, column, text in
        column == 0 ? style.paint(text, summary.thresholds[row].passed ? .green : .red) : text
      }.map { "  " + $0 }
  }

  private func noteLines(_ summary: RunSummary) -> [String] {
    var notes = summary.scenarios.flatMap { result in
      (result.notes + [result.generator.flatMap(distrust)].compactMap(\.self)).map { "  \(result.title): \($0)" }
    }
    if summary.examinedNothing { notes.append("  " + style.paint(RunSummary.nothingExamined, .red)) }
    return notes.isEmpty ? [] : ["", style.paint("Notes", .bold)] + notes
  }

  private func totals(_ summary: RunSummary) -> String {
    var parts: [String] = []
    for (status, paint) in [
      (OutcomeStatus.passed, TerminalStyle.Paint.green), (.failed, .red), (.errored, .red), (.flaky, .yellow),
      (.skipped, .dim),
    ] {
      let count = summary.count(status)
      if count > 0 || status == .passed { parts.append(style.paint("\(count) \(status.rawValue)", paint)) }
    }
    let crossed = summary.thresholds.count { !$0.passed }
    if crossed > 0 { parts.append(style.paint("\(plural(crossed, "threshold")) crossed", .red)) }
    if summary.interrupted { parts.append(style.paint("interrupted", .yellow)) }
    return parts.joined(separator: ", ")
      + style.paint(
        " in \(readable(summary.duration)) (\(summary.database), \(summary.world), seed \(summary.seed))", .dim)
  }

  private func mark(_ result: ScenarioResult) -> String {
    switch result.status {
    case .passed: result.isGood ? "✓" : "✗"
    case .failed: "✗"
    case .errored: "!"
    case .flaky: "~"
    case .skipped: "-"
    }
  }

  private func symbol(_ result: ScenarioResult) -> String { painted(mark(result), result) }

  private func painted(_ text: String, _ result: ScenarioResult) -> String {
    switch result.status {
    case .passed: style.paint(text, result.isGood ? .green : .red)
    case .failed, .errored: style.paint(text, .red)
    case .flaky: style.paint(text, .yellow)
    case .skipped: style.paint(text, .dim)
    }
  }
}

extension Metric {
  /// The unit of one aggregate of the metric: a count has none.
  func unit(of aggregate: Threshold.Aggregate) -> String {
    switch (kind, aggregate) {
    case (.duration, .count), (.share, .count), (.counter, _): ""
    default: unit
    }
  }
}
