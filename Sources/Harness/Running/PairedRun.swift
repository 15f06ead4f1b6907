internal import Database
private import Glibc
internal import World

/// Plays loads with two builds by turns, so that what slows the machine down slows both down, and compares them.
package struct PairedRun: Sendable {
  private let options: RunOptions
  private let baseline: String
  private let rounds: Int

  /// - Parameters:
  ///   - options: the load scenarios, the database, and where the runs go.
  ///   - baseline: the older build's `rehearse`, as a shell would start it.
  ///   - rounds: how often each build plays them.
  package init(_ options: RunOptions, baseline: String, rounds: Int) {
    self.options = options
    self.baseline = baseline
    self.rounds = rounds
  }

  /// - Throws: ``HarnessError`` when a build cannot play the loads; ``InputError`` when they cannot be compared.
  package func perform() async throws -> Verdict {
    let world = World.live(seed: options.seed ?? World.freshSeed())
    let folder = try RunFiles(options, command: "compare").makeFolder(at: world.clock.wall)
    var (bases, heads): ([StoredRun], [StoredRun]) = ([], [])
    for round in 0..<rounds {
      // Whoever goes first in one round goes second in the next.
      for isHead in round % 2 == 0 ? [false, true] : [true, false] {
        let out = "\(folder.path)/round-\(round + 1)-\(isHead ? "head" : "base")"
        Terminal.write("round \(round + 1) of \(rounds): \(isHead ? "head" : "base")\n")
        try await play(isHead: isHead, seed: world.seed &+ UInt64(round), out: out)
        let run = try StoredRun(out)
        if isHead { heads.append(run) } else { bases.append(run) }
      }
    }
    return try ComparedRun.finish(try ComparedRun.compare(bases, heads), json: options.json)
  }

  private func play(isHead: Bool, seed: UInt64, out: String) async throws {
    // "$@" keeps what follows as single words.
    var arguments = ["/bin/sh", "-c", isHead ? "exec \"$0\" load \"$@\"" : "exec \(baseline) load \"$@\""]
    arguments.append(try Self.ownProgram)
    arguments += options.paths + ["--database", options.database.name, "--seed", String(seed), "--out", out, "--quiet"]
    try RunFolder.write([], to: "\(out).log")
    let processes = SystemProcesses()
    let pid: Int32
    do { pid = try processes.start(arguments, input: "/dev/null", output: "\(out).log") } catch {
      throw HarnessError("'\(isHead ? "this build" : baseline)' cannot be started: \(error.message).")
    }
    let end = await withTaskCancellationHandler {
      processes.wait(pid)
    } onCancel: {
      kill(pid, SIGTERM)
    }
    try Task.checkCancellation()
    // That a scenario failed or a threshold was crossed is for the comparison to say.
    guard [Verdict.passed, .failed, .threshold].map(\.rawValue).contains(end.code) else {
      throw HarnessError(
        "\(isHead ? "This build" : "The baseline '\(baseline)'") could not play the loads: exit code \(end.code).",
        hint: "Its output is in \(out).log.")
    }
  }

  private static var ownProgram: String {
    get throws {
      var path = [CChar](repeating: 0, count: Int(PATH_MAX))
      let count = readlink("/proc/self/exe", &path, path.count - 1)
      guard count > 0 else { throw HarnessError("This program cannot find its own file.") }
      return String(decoding: path.prefix(count).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
  }
}
