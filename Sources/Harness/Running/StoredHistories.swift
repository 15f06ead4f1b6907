package import Checks
internal import History
internal import Scenario

/// The checks on stored histories.
package enum StoredHistories {
  /// One scenario's part of a stored history, judged.
  package struct Judged: Sendable {
    package let name: String
    package let file: String
    package let checks: [CheckResult]
  }

  /// Splits a `history.jsonl` at its scenarios and runs the checks on each, with the rules of the scenario's own actions.
  /// - Throws: ``HarnessError`` for a file that cannot be read or is not a history, or when a scenario's file is gone.
  package static func check(_ path: String) throws -> [Judged] {
    let history: History
    do { history = try History(jsonLines: try RunFolder.read(path)) } catch let error as HistoryFileError {
      throw HarnessError("\(path):\(error.line): \(error.message).")
    }
    var parts: [(name: String, file: String, history: History)] = []
    for event in history.events {
      if case .scenario(let name, let file, _) = event.what { parts.append((name, file, History(events: []))) }
      guard !parts.isEmpty else { throw HarnessError("\(path):1: A history begins with a scenario.") }
      parts[parts.count - 1].history.events.append(event)
    }
    return try parts.map { part in
      guard let scenario = try ScenarioSelection.load([part.file]).scenarios.first else {
        throw HarnessError("\(path): The scenario '\(part.name)' cannot be read from \(part.file) any more.")
      }
      return Judged(
        name: part.name, file: part.file, checks: runChecks(part.history, catalog: scenario.actions))
    }
  }
}
