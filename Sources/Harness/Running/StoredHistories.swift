internal import Checks
internal import History
internal import Scenario

/// The checks on stored histories.
package enum StoredHistories {
  /// Judges each file scenario by scenario, with the rules of the scenario's own actions, and prints what came out.
  /// - Throws: ``InputError`` for a file that cannot be read or is not a history, or when a scenario's file is gone.
  package static func check(_ paths: [String]) throws -> Verdict {
    var violated = false
    for path in paths {
      for part in try parts(of: path) {
        Terminal.write("\(part.name) (\(part.file))\n")
        for check in runChecks(part.history, catalog: try catalog(of: part, in: path)) {
          Terminal.write("  \(check.name): \(check.examined) examined, \(check.violations) violations\n")
          for finding in check.findings {
            violated = true
            let events = finding.events.map { String(part.firstLine + $0) }.joined(separator: ", ")
            Terminal.write("    \(finding.message) (\(path), line \(events))\n")
          }
        }
      }
    }
    return violated ? .failed : .passed
  }

  /// One scenario's part of a stored history.
  private struct Part {
    let name: String
    let file: String
    /// The line of the file on which it begins.
    let firstLine: Int
    var history = History(events: [])
  }

  private static func parts(of path: String) throws -> [Part] {
    let history: History
    do { history = try History(jsonLines: try RunFolder.read(path)) } catch let error as HistoryFileError {
      throw InputError("\(path):\(error.line): \(error.message).")
    } catch { throw InputError("\(error)") }
    var parts: [Part] = []
    for (index, event) in history.events.enumerated() {
      if case .scenario(let name, let file, _) = event.what {
        parts.append(Part(name: name, file: file, firstLine: index + 1))
      }
      guard !parts.isEmpty else { throw InputError("\(path):1: A history begins with a scenario.") }
      parts[parts.count - 1].history.events.append(event)
    }
    guard !parts.isEmpty else { throw InputError("\(path) holds no history, so there is nothing to check.") }
    return parts
  }

  private static func catalog(of part: Part, in path: String) throws -> ActionCatalog {
    guard let scenario = try ScenarioSelection.load([part.file]).scenarios.first else {
      throw InputError("\(path): The scenario '\(part.name)' cannot be read from \(part.file) any more.")
    }
    return scenario.actions
  }
}
