internal import Client
internal import Database
internal import Scenario

/// What a run was asked for, from the command line.
package struct RunOptions: Sendable {
  /// Files and folders of scenarios.
  package var paths: [String]
  package var database = DatabaseChoice.sqlite
  /// Somebody else's server in the place of ones of our own.
  package var target: TargetOptions?
  /// What every random stream is derived from; `nil` takes one that differs from run to run.
  package var seed: UInt64?
  /// Scenarios that are played at the same time.
  package var jobs = 1
  /// Only scenarios with one of these tags; empty is all.
  package var tags: [String] = []
  /// How often each scenario is played.
  package var repetitions = 1
  /// Which part of a load this process puts on.
  package var shard = ShardOption.whole
  /// Repeat until a scenario fails, at most ``repetitionLimit`` times.
  package var untilFailure = false
  /// How often a scenario that failed is played again.
  package var retries = 0
  /// Whether a scenario that passed only when it was played again fails the run.
  package var failsOnFlaky = false
  /// Only scenarios whose name or file this regular expression finds something in.
  package var grep: String?
  /// Only scenarios that did not pass in the latest run.
  package var lastFailed = false
  /// Exactly these scenarios, whatever else would choose; `nil` in a run that is no replay.
  var only: [ScenarioKey]?
  /// Where the scenarios are read.
  var inputs: any ScenarioFiles = DiskFiles()
  /// What the waits of scenarios are multiplied by, within ``timeScales``.
  package var timeScale = 1.0
  /// Which scenarios' databases stay.
  package var keep = DatabaseKeeping.none
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

  package static let timeScales = 0.1...100

  /// The most repetitions without a number of one's own.
  static let repetitionLimit = 1_000

  /// How often each scenario is played unless something stops the run.
  var plannedRepetitions: Int { untilFailure && repetitions <= 1 ? Self.repetitionLimit : max(1, repetitions) }

  var timeScaleText: String { Int(exactly: timeScale).map(String.init) ?? "\(timeScale)" }

  /// Where scenarios are played, for people.
  var place: String { target.map { "\($0.endpoint)" } ?? database.shown }

  package init(paths: [String]) { self.paths = paths }

  /// The command that plays one scenario of the run again, from the same seed.
  /// - Parameter database: `nil` where the command has no choice.
  func playAgain(_ command: String, _ file: String, seed: UInt64, on database: DatabaseChoice?) -> String {
    // Secrets are left for the person to add.
    let place =
      target.map { " --target \(shellWord($0.endpoint.description))" }
      ?? database.map { " --database \(shellWord($0.shown))" } ?? ""
    let scale = timeScale == 1 ? "" : " --time-scale \(timeScaleText)"
    return "rehearse \(command) \(shellWord(file)) --seed \(seed)\(place)\(scale)"
  }
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
      let prefix = ["postgres://", "postgresql://", "sqlite:"].first { text.hasPrefix($0) }
      // SQLite takes an empty path for a file that nobody ever sees again.
      guard let prefix, text.count > prefix.count || prefix != "sqlite:" else { return nil }
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

  /// As it was given.
  var text: String { if case .url(let url) = self { url } else { name } }

  /// The same without a password: what reports and records hold.
  var shown: String {
    guard case .url(let text) = self, let url = try? PostgresURL(text) else { return name }
    return url.withoutPassword.text
  }
}

/// Which scenarios' databases stay when a run has ended.
package enum DatabaseKeeping: Sendable {
  case none
  /// Of those that failed, or could not be played.
  case failed
  case all
}
