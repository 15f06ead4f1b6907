/// What a run was asked for, from the command line.
package struct RunOptions: Sendable {
  /// Files and folders of scenarios.
  package var paths: [String]
  package var database = DatabaseChoice.sqlite
  /// What every random stream is derived from; `nil` takes one that differs from run to run.
  package var seed: UInt64?
  /// Scenarios that are played at the same time.
  package var jobs = 1
  /// Only scenarios with one of these tags; empty is all.
  package var tags: [String] = []
  /// How often each scenario is played.
  package var repetitions = 1
  /// Stop at the first failure.
  package var bail = false
  /// The run's folder; `nil` is `.rehearsal/<run>`.
  package var out: String?
  /// Further places for the reports.
  package var junit: String?
  package var json: String?
  package var html: String?
  package var quiet = false
  package var verbose = false

  package init(paths: [String]) { self.paths = paths }
}

/// On which database scenarios are played.
package enum DatabaseChoice: Hashable, Sendable {
  /// An ephemeral file for each scenario.
  case sqlite
  /// An ephemeral cluster, with a database for each scenario.
  case postgres
  /// A database of the person's own: `postgres://…` or `sqlite:PATH`.
  case url(String)

  package init?(_ text: String) {
    switch text {
    case "sqlite": self = .sqlite
    case "postgres": self = .postgres
    default:
      guard ["postgres://", "postgresql://", "sqlite:"].contains(where: text.hasPrefix) else { return nil }
      self = .url(text)
    }
  }

  package var name: String {
    switch self {
    case .sqlite: "sqlite"
    case .postgres: "postgres"
    case .url(let url): url.hasPrefix("sqlite:") ? "sqlite" : "postgres"
    }
  }
}
