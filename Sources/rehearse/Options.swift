import ArgumentParser
import Harness

/// Where the outcome of a run goes.
struct OutputOptions: ParsableArguments {
  @Option(help: "The folder for the run's files (default: .rehearsal/<run>).", completion: .directory)
  var out: String?

  @Option(help: "Write the JUnit report to this file too.", completion: .file())
  var junit: String?

  @Option(help: "Write the JSON summary to this file too.", completion: .file())
  var json: String?

  @Option(help: "Write the HTML report to this file too.", completion: .file())
  var html: String?

  @Flag(name: .shortAndLong, help: "Print failures and totals only.")
  var quiet = false

  func validate() throws {
    for (option, value) in [("--out", out), ("--junit", junit), ("--json", json), ("--html", html)] where value == "" {
      throw ValidationError("'\(option)' must not be empty")
    }
  }

  func apply(to options: inout RunOptions) {
    options.out = out
    options.junit = junit
    options.json = json
    options.html = html
    options.quiet = quiet
  }
}

/// Options that every command that plays scenarios shares.
struct PlayOptions: ParsableArguments {
  @Argument(help: "Scenario files, or folders of them.", completion: .file(extensions: ["yaml"]))
  var paths: [String] = []

  @Option(help: "The number that everything random is derived from (default: another one each time).")
  var seed: UInt64?

  @Option(help: "Play only scenarios with this tag; may be given several times.")
  var tag: [String] = []

  @Option(help: ArgumentHelp("Play only scenarios whose name or file this finds something in.", valueName: "regex"))
  var grep: String?

  @Flag(help: "Stop at the first failure.")
  var bail = false

  @Option(help: "Multiply the waits of scenarios (within, pauses, leases), as for a slow machine; from 0.1 to 100.")
  var timeScale = 1.0

  @OptionGroup var output: OutputOptions

  @Flag(name: .shortAndLong, help: "Print more of each scenario.")
  var verbose = false

  func validate() throws {
    guard RunOptions.timeScales.contains(timeScale) else {
      throw ValidationError("'--time-scale' must be from 0.1 to 100, not \(timeScale)")
    }
  }

  func options(defaultPath: String? = nil) -> RunOptions {
    var options = RunOptions(paths: paths.isEmpty ? [defaultPath].compactMap(\.self) : paths)
    options.seed = seed
    options.tags = tag
    options.grep = grep
    options.bail = bail
    options.timeScale = timeScale
    output.apply(to: &options)
    options.verbose = verbose
    return options
  }
}

/// Somebody's running server, in the place of one of our own.
struct TargetOption: ParsableArguments {
  @Option(help: ArgumentHelp("Play against the server at this URL (http://host:port/path).", valueName: "url"))
  var target: String?

  @Option(help: ArgumentHelp("An organization of a target that is a server of ours.", valueName: "slug=secret|@file"))
  var organization: [String] = []

  @Option(
    help: ArgumentHelp("The token of an actor at the target; '*' is everybody else.", valueName: "actor=token|@file"))
  var token: [String] = []

  @Option(help: ArgumentHelp("A header field for everything that is sent to the target.", valueName: "name: value"))
  var header: [String] = []

  func validate() throws {
    guard target == nil, let option = [organization, token, header].firstIndex(where: { !$0.isEmpty }) else { return }
    throw ValidationError("'\(["--organization", "--token", "--header"][option])' needs '--target'")
  }

  func options() throws -> TargetOptions? {
    try target.map { try TargetOptions(url: $0, organizations: organization, tokens: token, headers: header) }
  }
}

/// On which database.
struct DatabaseOption: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "sqlite, postgres (made here and removed), or the postgres:// URL of a server to make databases on.",
      valueName: "database"))
  var database: DatabaseChoice = .sqlite
}

extension DatabaseChoice: ExpressibleByArgument {
  /// Reads `sqlite`, `postgres` or a URL.
  public init?(argument: String) { self.init(argument) }

  /// What `--help` shows as the default.
  public var defaultValueDescription: String { name }
}

/// Refuses what is not a whole number from 1 up.
func requirePositive(_ value: Int, _ option: String) throws {
  guard value >= 1 else { throw ValidationError("'\(option)' must be 1 or more, not \(value)") }
}

extension AsyncParsableCommand {
  /// Runs `work` in a task that Ctrl-C and SIGTERM cancel.
  /// - Parameter patience: how long it may take to stop.
  func interruptible<T: Sendable>(
    patience: Duration = Interruption.usualPatience, _ work: @escaping @Sendable () async throws -> T
  ) async throws -> T {
    let task = Interruptible.start(patience: patience, work)
    do { return try await task.value } catch {
      if Interruption.shared.isInterrupted { throw CommandEnd(verdict: .interrupted) }
      throw error
    }
  }

  /// Runs what plays scenarios, and ends the command as it ended.
  func play(_ work: @escaping @Sendable () async throws -> RunResult) async throws {
    let result = try await interruptible(work)
    if case .badInput(let text) = result { Terminal.writeError(text) }
    try result.tellGitHub(ProcessEnvironment.all)
    if result.verdict != .passed { throw CommandEnd(verdict: result.verdict) }
  }
}
