private import JSON
internal import Scenario

/// What tells a scenario from all others.
struct ScenarioKey: Hashable, Sendable {
  let file: String
  let name: String

  init(file: String, name: String) {
    self.file = file
    self.name = name
  }

  init(_ scenario: Scenario) { self.init(file: scenario.file, name: scenario.name) }
}

/// Which of the scenarios of the files are wanted, beyond their tags.
struct ScenarioFilter {
  private static let latest = ".rehearsal/latest/summary.json"

  private let options: RunOptions

  init(_ options: RunOptions) { self.options = options }

  /// - Throws: ``InputError`` for what is no regular expression, and when there is no latest run.
  func apply(to scenarios: [Scenario]) throws -> [Scenario] {
    if let only = options.only { return scenarios.filter { only.contains(ScenarioKey($0)) } }
    var chosen = scenarios
    if let pattern = options.grep {
      let regex: Regex<AnyRegexOutput>
      do { regex = try Regex(pattern) } catch {
        throw InputError("'\(pattern)' is not a regular expression: \(error).")
      }
      chosen = chosen.filter { $0.name.contains(regex) || $0.file.contains(regex) }
    }
    if options.lastFailed {
      let failed = try Self.lastFailed()
      chosen = chosen.filter { failed.contains(ScenarioKey($0)) }
    }
    return chosen
  }

  private static func lastFailed() throws -> Set<ScenarioKey> {
    guard let bytes = try? RunFolder.read(latest) else {
      throw InputError("There is no latest run: '\(latest)' cannot be read.")
    }
    guard let results = try? JSON.parse(bytes)["scenarios"]?.array else {
      throw InputError("'\(latest)' is not the summary of a run.")
    }
    var keys: Set<ScenarioKey> = []
    for result in results where !["passed", "skipped"].contains(result["status"]?.string) {
      if let file = result["file"]?.string, let name = result["name"]?.string {
        keys.insert(ScenarioKey(file: file, name: name))
      }
    }
    return keys
  }
}
