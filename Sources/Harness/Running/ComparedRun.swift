internal import Report
internal import Swarm

/// Compares run folders: what broke, what got slower or faster.
package enum ComparedRun {
  /// - Parameter json: a file for the findings too.
  /// - Throws: ``InputError`` when a folder is none, or they have nothing in common.
  package static func perform(base: String, head: String, json: String?) throws -> Verdict {
    try finish(try compare([try StoredRun(base)], [try StoredRun(head)]), json: json)
  }

  /// - Parameters:
  ///   - bases: each round of the older build.
  ///   - heads: the same of the newer.
  static func compare(_ bases: [StoredRun], _ heads: [StoredRun]) throws -> ComparedRuns {
    let (before, after) = (statuses(bases), statuses(heads))
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
      let (old, new) = (intervals(of: scenario, bases), intervals(of: scenario, heads))
      if !old.isEmpty, !new.isEmpty { loads.append((scenario, Comparison(base: old, head: new))) }
    }
    return ComparedRuns(changes: changes, scenarios: common.count, loads: loads)
  }

  static func finish(_ compared: ComparedRuns, json: String?) throws -> Verdict {
    Terminal.write(compared.text(TerminalStyle.detected()))
    if let json { try RunFolder.write(compared.json, to: json) }
    return Verdict(rawValue: compared.exitCode) ?? .harness
  }

  /// Of several rounds the worst: what fails in one has failed.
  private static func statuses(_ runs: [StoredRun]) -> [(scenario: String, status: String)] {
    var result: [(scenario: String, status: String)] = []
    for (scenario, status) in runs.flatMap(\.statuses) {
      if let index = result.firstIndex(where: { $0.scenario == scenario }) {
        if status != "passed" { result[index].status = status }
      } else {
        result.append((scenario: scenario, status: status))
      }
    }
    return result
  }

  private static func intervals(of scenario: String, _ runs: [StoredRun]) -> [[MetricsInterval]] {
    runs.compactMap { run in run.loads.first { $0.scenario == scenario }?.intervals }
  }
}
