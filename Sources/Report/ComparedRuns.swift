internal import JSON
package import Swarm

/// What came out of the comparison of two runs: what broke, and what got slower or faster.
package struct ComparedRuns: Sendable {
  /// A scenario with another outcome than before; `nil` where a run has not played it.
  package struct Change: Sendable, Hashable {
    package let scenario: String
    package let before: String?
    package let after: String?

    package init(scenario: String, before: String?, after: String?) {
      self.scenario = scenario
      self.before = before
      self.after = after
    }

    /// It passed, and does not any more or is not played any more.
    var isBroken: Bool { before == "passed" && after != "passed" }
  }

  package let changes: [Change]
  /// Scenarios that both runs have played.
  package let scenarios: Int
  package let loads: [(scenario: String, comparison: Comparison)]

  package init(changes: [Change], scenarios: Int, loads: [(scenario: String, comparison: Comparison)]) {
    self.changes = changes
    self.scenarios = scenarios
    self.loads = loads
  }

  /// 1 something broke, 99 a load got worse, 3 there were loads and nothing could be decided of any.
  package var exitCode: Int32 {
    if changes.contains(where: \.isBroken) { return 1 }
    if loads.contains(where: \.comparison.isWorse) { return 99 }
    return loads.isEmpty || loads.contains(where: \.comparison.hasDecided) ? 0 : 3
  }

  /// For people: what changed, a table for each load, a sentence.
  package func text(_ style: TerminalStyle) -> String {
    var lines = ["\(plural(scenarios, "scenario")) in both runs"]
    for change in changes {
      let line = "  \(change.scenario): \(change.before ?? "not played") before, \(change.after ?? "not played") now"
      lines.append(style.paint(line, change.isBroken ? .red : .green))
    }
    for (scenario, comparison) in loads { lines += table(scenario, comparison, style) }
    return (lines + ["", sentence]).joined(separator: "\n") + "\n"
  }

  private func table(_ scenario: String, _ comparison: Comparison, _ style: TerminalStyle) -> [String] {
    var table = Table([.left, .left, .right, .right, .right, .right, .left])
    table.add(["", "", "base", "head", "change", "interval", ""])
    for finding in comparison.findings {
      table.add([
        finding.metric, finding.statistic, readable(finding.base, unit: finding.unit),
        readable(finding.head, unit: finding.unit), change(finding.change, finding),
        "\(change(finding.low, finding)) to \(change(finding.high, finding))", finding.verdict.rawValue,
      ])
    }
    return ["", style.paint(scenario, .bold)]
      + table.lines { row, column, text in
        if row == 0 { return style.paint(text, .dim) }
        guard column == 6 else { return text }
        switch comparison.findings[row - 1].verdict {
        case .worse: return style.paint(text, .red)
        case .better: return style.paint(text, .green)
        case .withinNoise, .tooLittle: return style.paint(text, .dim)
        }
      }.map { "  " + $0 }
  }

  /// In per cent; of a share, in points.
  private func change(_ value: Double, _ finding: Comparison.Finding) -> String {
    let percent = (finding.isShare ? value : value - 1) * 100
    return (percent >= 0 ? "+" : "") + fixed(percent, digits: 1) + (finding.isShare ? " pp" : " %")
  }

  private var sentence: String {
    let broken = changes.count(where: \.isBroken)
    if broken > 0 { return "\(plural(broken, "scenario")) broke" }
    let worse = loads.flatMap { load in load.comparison.findings.filter { $0.verdict == .worse } }
    if !worse.isEmpty {
      return "worse: " + worse.map { "\($0.metric) \($0.statistic)" }.joined(separator: ", ")
    }
    if exitCode == 3 {
      return "too little was measured to decide anything: let the loads run longer, or in more rounds"
    }
    let better = loads.flatMap { load in load.comparison.findings.filter { $0.verdict == .better } }
    if !better.isEmpty {
      return "better: " + better.map { "\($0.metric) \($0.statistic)" }.joined(separator: ", ")
    }
    return loads.isEmpty ? "nothing broke" : "nothing broke; what was measured is within noise"
  }

  /// For programs; UTF-8.
  package var json: [UInt8] {
    let changes = changes.map { change -> JSON in
      [
        "scenario": .string(change.scenario), "before": change.before.map(JSON.string) ?? .null,
        "after": change.after.map(JSON.string) ?? .null, "broke": .bool(change.isBroken),
      ]
    }
    let loads = loads.map { load -> JSON in
      let findings = load.comparison.findings.map { finding -> JSON in
        [
          "metric": .string(finding.metric), "statistic": .string(finding.statistic),
          "base": .double(finding.base), "head": .double(finding.head), "change": Self.finite(finding.change),
          "low": Self.finite(finding.low), "high": Self.finite(finding.high),
          "verdict": .string(finding.verdict.rawValue),
        ]
      }
      return ["scenario": .string(load.scenario), "findings": .array(findings)]
    }
    let root: JSON = [
      "version": 1, "exitCode": .int(Int64(exitCode)), "changes": .array(changes), "loads": .array(loads),
    ]
    return root.bytes + [UInt8(ascii: "\n")]
  }

  private static func finite(_ value: Double) -> JSON { value.isFinite ? .double(value) : .null }
}
