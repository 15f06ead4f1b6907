internal import JSON

/// The scenario of a recorded run that is to be shrunk, and how it failed then.
struct FailedScenario {
  let key: ScenarioKey
  let seed: UInt64
  let message: String
  let expected: String?

  /// - Parameter wanted: a name or a file; `nil` where one alone failed.
  /// - Throws: ``InputError`` where it is not clear which is meant, or none failed.
  init(in run: String, _ record: RunRecord, named wanted: String?) throws {
    let results = try StoredRun(run).summary["scenarios"]?.array ?? []
    var failed: [FailedScenario] = []
    for result in results where !["passed", "skipped"].contains(result["status"]?.string) {
      guard let file = result["file"]?.string, let name = result["name"]?.string,
        let failure = result["failures"]?[0], let message = failure["message"]?.string
      else { continue }
      let key = ScenarioKey(file: file, name: name)
      // Of repetitions the first.
      if failed.contains(where: { $0.key == key }) { continue }
      let repetition = result["repetition"]?.int.flatMap { UInt64(exactly: $0) } ?? 1
      failed.append(
        FailedScenario(
          key: key, seed: record.seed &+ repetition &- 1, message: message, expected: failure["expected"]?.string))
    }
    let matching = wanted.map { wanted in failed.filter { $0.key.name == wanted || $0.key.file == wanted } } ?? failed
    guard matching.count == 1, let one = matching.first else {
      let list = failed.map { "\n  \($0.key.name)  (\($0.key.file))" }.joined()
      if failed.isEmpty { throw InputError("No scenario of '\(run)' failed, so there is nothing to shrink.") }
      if let wanted { throw InputError("No one scenario '\(wanted)' failed in '\(run)'; failed are:\(list)") }
      throw InputError("\(failed.count) scenarios of '\(run)' failed; say which by --scenario:\(list)")
    }
    self = one
  }

  private init(key: ScenarioKey, seed: UInt64, message: String, expected: String?) {
    self.key = key
    self.seed = seed
    self.message = message
    self.expected = expected
  }
}
