internal import Report
internal import Swarm

/// Compares run folders: what broke, what got slower or faster.
package enum ComparedRun {
  /// - Parameter json: a file for the findings too.
  /// - Throws: ``InputError`` when a folder is none, or they have nothing in common.
  package static func perform(base: String, head: String, json: String?) throws -> Verdict {
    try finish(try compare(try StoredRun(base), try StoredRun(head)), json: json)
  }

  private static func compare(_ base: StoredRun, _ head: StoredRun) throws -> ComparedRuns {
    let (before, after) = (base.statuses, head.statuses)
    let common = before.filter { old in after.contains { $0.scenario == old.scenario } }
    guard !common.isEmpty else {
      throw InputError("The runs have no scenario in common, so there is nothing to compare.")
    }
    var changes: [ComparedRuns.Change] = []
    for old in before {
      let new = after.first { $0.scenario == old.scenario }?.status
      if new != old.status { changes.append(.init(scenario: old.scenario, before: old.status, after: new)) }
    }
    for new in after where !before.contains(where: { $0.scenario == new.scenario }) {
      changes.append(.init(scenario: new.scenario, before: nil, after: new.status))
    }
    var loads: [(scenario: String, comparison: Comparison)] = []
    for scenario in common.map(\.scenario) {
      let (old, new) = (base.intervals(of: scenario), head.intervals(of: scenario))
      if let old, let new { loads.append((scenario, Comparison(base: [old], head: [new]))) }
    }
    guard loads.isEmpty || base.timeScale == head.timeScale else {
      throw InputError("The loads cannot be compared: they were played with different --time-scale.")
    }
    return ComparedRuns(changes: changes, scenarios: common.count, loads: loads)
  }

  static func finish(_ compared: ComparedRuns, json: String?) throws -> Verdict {
    Terminal.write(compared.text(TerminalStyle.detected()))
    if let json { try RunFolder.write(compared.json, to: json) }
    return Verdict(rawValue: compared.exitCode) ?? .harness
  }
}

extension StoredRun {
  fileprivate func intervals(of scenario: String) -> [MetricsInterval]? {
    loads.first { $0.scenario == scenario }?.intervals
  }
}
