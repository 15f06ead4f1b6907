import ArgumentParser
import Harness

struct Run: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Play functional scenarios, each on a fresh database and server (default: Scenarios/).")

  @OptionGroup var play: PlayOptions
  @OptionGroup var database: DatabaseOption
  @OptionGroup var target: TargetOption

  @Option(help: "Scenarios that are played at the same time (default: 2; 1 with --target).")
  var jobs: Int?

  @Option(name: .customLong("repeat"), help: "How often each scenario is played.")
  var repetitions = 1

  @Flag(help: "Repeat until a scenario fails (without --repeat, at most 1000 times).")
  var untilFailure = false

  @Option(help: "How often a scenario that failed is played again; one that then passes is flaky.")
  var retries = 0

  @Flag(help: "Fail when a scenario is flaky.")
  var failOnFlaky = false

  @Flag(help: "Play only scenarios that did not pass in the latest run (.rehearsal/latest).")
  var lastFailed = false

  @Flag(help: "Keep each scenario's database, and say how to connect to it.")
  var keep = false

  @Flag(help: "Keep the databases of scenarios that fail.")
  var keepFailed = false

  @Flag(help: "Take one scenario step by step at the terminal; time stands still while a step waits.")
  var step = false

  @Flag(help: "List the scenarios and play none.")
  var list = false

  @Flag(help: "Say what would be played and how, and play nothing.")
  var dryRun = false

  func validate() throws {
    guard (0...100).contains(retries) else {
      throw ValidationError("'--retries' must be from 0 to 100, not \(retries)")
    }
    if keep || keepFailed, target.target != nil {
      throw ValidationError("'--keep' and '--keep-failed' have nothing to keep with '--target'")
    }
    if step, !TerminalInput.isThere {
      throw ValidationError("'--step' needs a terminal: standard input or output is none")
    }
    try requirePositive(jobs ?? 1, "--jobs")
    try requirePositive(repetitions, "--repeat")
  }

  func run() async throws {
    var options = play.options(defaultPath: "Scenarios")
    options.database = database.database
    options.target = try target.options()
    // On one server, those who are on one page see each other.
    options.jobs = jobs ?? (options.target == nil ? 2 : 1)
    options.repetitions = repetitions
    options.untilFailure = untilFailure
    options.retries = retries
    options.failsOnFlaky = failOnFlaky
    options.lastFailed = lastFailed
    options.keep = keep ? .all : keepFailed ? .failed : .none
    if list || dryRun {
      let verdict = try ScenarioList.write(options, plan: dryRun)
      if verdict != .passed { throw CommandEnd(verdict: verdict) }
      return
    }
    let input = TerminalInput()
    let stepper = step ? Stepper(read: { await input.line() }, write: { Terminal.write($0) }) : nil
    let run = LiveRun(options, kind: .functional, stepper: stepper)
    try await self.play { try await run.perform() }
  }
}
