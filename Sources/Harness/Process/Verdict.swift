/// How a command ended; the raw values are the exit codes of the command line, a fixed contract.
package enum Verdict: Int32, Sendable {
  case passed = 0
  /// A scenario or a check failed.
  case failed = 1
  /// The input is wrong: usage, a scenario file.
  case badInput = 2
  /// The harness could not do its work: a database would not start, a target cannot be reached.
  case harness = 3
  /// A threshold was crossed.
  case threshold = 99
  case interrupted = 130
}

/// What a person gave is wrong: a file that is not what it should be.
package struct InputError: Error, Sendable, CustomStringConvertible {
  package let description: String

  init(_ description: String) { self.description = description }
}

/// Why the harness could not do its work, in one sentence for a person, and what they can do about it.
package struct HarnessError: Error, Sendable, CustomStringConvertible {
  package let message: String
  package let hint: String?

  package init(_ message: String, hint: String? = nil) {
    self.message = message
    self.hint = hint
  }

  package var description: String { hint.map { "\(message) \($0)" } ?? message }
}
