import ArgumentParser
import Harness

struct Check: AsyncParsableCommand {
  static let configuration = CommandConfiguration(abstract: "Run the checks on stored histories.")

  @Argument(help: "Files history.jsonl.", completion: .file(extensions: ["jsonl"]))
  var histories: [String]

  func run() async throws {
    var violated = false
    for path in histories {
      for judged in try StoredHistories.check(path) {
        Terminal.write("\(judged.name) (\(judged.file))\n")
        for check in judged.checks {
          let mark = check.violations == 0 ? "ok" : "VIOLATED"
          Terminal.write("  \(check.name): \(check.examined) examined, \(check.violations) violations, \(mark)\n")
          for finding in check.findings {
            violated = true
            let events = finding.events.map { String($0 + 1) }.joined(separator: ", ")
            Terminal.write("    \(finding.message) (events \(events))\n")
          }
        }
      }
    }
    if violated { throw Status(code: .failed) }
  }
}
