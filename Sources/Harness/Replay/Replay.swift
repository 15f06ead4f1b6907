/// Plays a recorded run again: the files as they were then, the same scenarios, seed, database, world and options.
package struct Replay: Sendable {
  private let record: RunRecord
  private let options: RunOptions
  private let recordedDigest: String?
  private let run: String

  /// - Parameters:
  ///   - run: the folder of a run.
  ///   - database: in the place of the recorded one, which may be on a server that is not there; `nil` is that one.
  ///   - out: the folder for the new run's files; `nil` is `.rehearsal/<run>`.
  /// - Throws: ``InputError`` when the folder holds no run, or not what the run was made of.
  package init(
    _ run: String, database: DatabaseChoice? = nil, out: String? = nil, quiet: Bool = false, verbose: Bool = false
  ) throws {
    self.run = run
    record = try RunRecord(of: run)
    var options = record.options
    // Everything is read now: the new run may be told to use the same folder, or be `latest` itself.
    options.inputs = try record.inputs(in: run)
    if let database {
      guard record.command != "simulate" else {
        throw InputError("'\(run)' is a simulated run, whose database is in memory; leave out --database.")
      }
      options.database = database
    }
    options.out = out
    options.quiet = quiet
    options.verbose = verbose
    self.options = options
    let digest = try? RunFolder.read("\(run)/history.sha256")
    recordedDigest = digest.map { String(String(decoding: $0, as: UTF8.self).prefix { $0 != "\n" }) }
  }

  /// What a person should know about the difference between then and now: another build, files that have changed since.
  package var notes: [String] {
    var notes: [String] = []
    let build = Build.identifier()
    if build != record.build { notes.append("this is build \(build); the run was played by \(record.build)") }
    for path in record.changed { notes.append("'\(path)' has changed since the run; played is what it was then") }
    return notes
  }

  /// Plays the run. A simulated one must have the recorded history, byte for byte.
  /// - Throws: ``HarnessError`` when a database will not start or a file cannot be written.
  package func perform() async throws -> Verdict {
    for note in notes { Terminal.writeError("note: \(note)\n") }
    guard record.command == "simulate" else {
      return ended(try await LiveRun(options, kind: record.command == "load" ? .load : .functional).perform())
    }
    let (result, digest) = try SimulatedRun(options, seeds: record.seeds).performWithDigest()
    let verdict = ended(result)
    guard let digest, verdict != .interrupted else { return verdict }
    guard let recordedDigest else {
      Terminal.writeError("note: '\(run)' was cut off: it has no history.sha256 to compare with\n")
      return verdict
    }
    guard digest == recordedDigest else {
      Terminal.writeError("error: the history differs: its SHA-256 is \(digest), recorded is \(recordedDigest)\n")
      return .failed
    }
    if !options.quiet { Terminal.write("The history is the recorded one, byte for byte: SHA-256 \(digest)\n") }
    return verdict
  }

  private func ended(_ result: RunResult) -> Verdict {
    if case .badInput(let text) = result { Terminal.writeError(text) }
    return result.verdict
  }
}
