import ArgumentParser
import Harness

struct Check: AsyncParsableCommand {
  static let configuration = CommandConfiguration(abstract: "Run the checks on stored histories.")

  @Argument(help: "Files history.jsonl.", completion: .file(extensions: ["jsonl"]))
  var histories: [String]

  func run() async throws {
    let verdict = try StoredHistories.check(histories)
    if verdict != .passed { throw CommandEnd(verdict: verdict) }
  }
}
