// rehearse: the command line. It reads arguments, hands them to Harness, and turns the outcome into an exit code.

import ArgumentParser
import Glibc
import Harness

@main
struct Main {
  static func main() async {
    let verdict: Verdict
    do {
      var command = try Rehearse.parseAsRoot()
      if var asynchronous = command as? any AsyncParsableCommand {
        try await asynchronous.run()
      } else {
        try command.run()
      }
      verdict = .passed
    } catch let end as CommandEnd {
      verdict = end.verdict
    } catch let error as InputError {
      Terminal.writeError("error: \(error)\n")
      verdict = .badInput
    } catch let error as HarnessError {
      Terminal.writeError("error: \(error)\n")
      verdict = .harness
    } catch {
      // ArgumentParser's own: help and version are not mistakes.
      let message = Rehearse.fullMessage(for: error)
      if Rehearse.exitCode(for: error).isSuccess {
        Terminal.write(message + "\n")
        verdict = .passed
      } else {
        Terminal.writeError(message + "\n")
        verdict = .badInput
      }
    }
    exit(verdict.rawValue)
  }
}

/// How a command ended, when it did not simply pass.
struct CommandEnd: Error {
  let verdict: Verdict
}

struct Rehearse: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rehearse",
    abstract: "Does the collaboration product still work, for many people at once, from database to socket?",
    discussion: """
      Plays scenario files with a swarm of simulated clients against a complete server and checks what every client saw.

      Exit codes: 0 all passed, 1 a scenario or a check failed, 2 the input is wrong, 3 the harness could not do its \
      work, 99 a threshold was crossed, 130 interrupted.
      """,
    version: Build.version,
    subcommands: [
      Run.self, Load.self, Merge.self, Compare.self, Simulate.self, ReplayCommand.self, ShrinkCommand.self, Check.self,
      Lint.self,
      Record.self, Serve.self, Migrate.self, SchemaCommand.self,
    ])
}
