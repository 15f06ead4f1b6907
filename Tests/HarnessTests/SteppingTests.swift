import Harness
import JSON
import Synchronization
import Testing
import World

/// Time and steps in a person's hand.
@Suite("Steps and time scales", .timeLimit(.minutes(1)))
struct SteppingTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private static let steps = """
      - connect: [ada, grace]
      - as: ada
        do: createThread
        with: { url: "https://acme.example/plan" }
        capture: { thread: createThread.thread.id }
      - as: grace
        subscribe: messageAdded
        with: { threadId: "${thread}" }
      - as: ada
        do: sendMessage
        with: { threadId: "${thread}", content: [{ text: Hello }] }
      - as: grace
        received: messageAdded
      - as: grace
        expect: messageAdded
        within: 10s
    """

  private func options(_ steps: String = steps, out: String = "out") throws -> RunOptions {
    let text = """
      name: A greeting
      actions: \(root)/Scenarios/actions
      world: { organizations: { acme: [ada, grace] } }
      steps:
      \(steps)
      """
    return try folder.options(text, out: out)
  }

  private func summary(_ out: String = "out") throws -> JSON { try JSON.parse(try folder.read("\(out)/summary.json")) }

  /// Plays with these lines typed; the input ends after them.
  private func step(
    _ lines: [String], _ options: RunOptions, beforeLine: @escaping @Sendable (Int) async -> Void = { _ in }
  ) async throws -> (result: RunResult, shown: String) {
    let typed = Mutex(0)
    let shown = Mutex("")
    let stepper = Stepper {
      let number = typed.withLock { number in
        defer { number += 1 }
        return number
      }
      await beforeLine(number)
      return lines.indices.contains(number) ? lines[number] : nil
    } write: { text in
      shown.withLock { $0 += text }
    }
    let result = try await LiveRun(options, kind: .functional, stepper: stepper).perform()
    return (result, shown.withLock { $0 })
  }

  @Test("each step waits for a line, shows where it stands, and what is known without secrets; then the rest goes on")
  func walk() async throws {
    let (result, shown) = try await step(["", "n", "v", "", "", "", "i", "help", "c"], try options())
    #expect(result.verdict == .passed)
    for words in [
      "scenario.yaml:5  ada, grace: connect\n", "scenario.yaml:7  ada: do createThread\n",
      "scenario.yaml:11  grace: subscribe messageAdded\n", "  thread = \"",
      "scenario.yaml:19  grace: expect messageAdded\n",
      "  grace messageAdded: 1\n    {\"messageAdded\":", "Enter or n: next step",
    ] {
      #expect(shown.contains(words), "\(words)\n\(shown)")
    }
    #expect(!shown.contains("eyJ"))
  }

  @Test("time stands still while a step waits: the wait is in nothing that is measured")
  func halts() async throws {
    let world = World.live(seed: 1)
    let wait = Duration.milliseconds(300)
    let began = world.clock.now
    let (result, _) = try await step(["", "", "", "", "", "c"], try options()) { line in
      if line == 4 { try? await world.sleep(for: wait) }
    }
    #expect(result.verdict == .passed)
    let duration = try summary()["scenarios"]?[0]?["durationMs"]?.number ?? .infinity
    #expect(duration <= (world.clock.now - began - wait).milliseconds)
  }

  @Test("the play ends at once when somebody says so, or types no more: exit code 130", arguments: [["", "q"], [""]])
  func quits(lines: [String]) async throws {
    let (result, shown) = try await step(lines, try options())
    #expect(result.verdict == .interrupted)
    #expect(!shown.contains("sendMessage"))
    #expect(try summary()["interrupted"] == true)
  }

  @Test("not exactly one scenario, or several repetitions, are refused")
  func refused() async throws {
    var two = try options()
    two.paths.append(try folder.write(String(decoding: try folder.read("scenario.yaml"), as: UTF8.self), as: "b.yaml"))
    var twice = try options()
    twice.repetitions = 2
    for chosen in [two, twice] { #expect(try await self.step([], chosen).result.verdict == .badInput) }
  }

  @Test("loads of different scales are neither joined nor compared")
  func mixed() async throws {
    let text = """
      name: A load
      actions: \(root)/Scenarios/actions
      world: { organizations: { acme: { generate: 2 } } }
      load:
        organization: acme
        virtualUsers: 2
        journey: [{ do: viewer }, { pause: 10ms }]
        executor: per-vu-iterations
        iterations: 1
      """
    var chosen = RunOptions(paths: [try folder.write(text, as: "load.yaml")])
    chosen.seed = 7
    chosen.quiet = true
    var merging = RunOptions(paths: [])
    merging.out = "\(folder.path)/merged"
    merging.quiet = true
    for (part, scale) in [("1/2", 1.0), ("2/2", 1.0), ("2/2", 2.0)] {
      chosen.shard = try #require(ShardOption(part))
      chosen.timeScale = scale
      chosen.out = "\(folder.path)/part-\(merging.paths.count)"
      #expect(try await LiveRun(chosen, kind: .load).perform().verdict == .passed)
      merging.paths.append(try #require(chosen.out))
    }
    let (first, scaled) = (merging.paths[0], merging.paths[2])
    merging.paths.removeLast()
    #expect(try MergedRun.perform(merging).verdict == .passed)
    merging.paths = [first, scaled]
    #expect(throws: InputError.self) { try MergedRun.perform(merging) }
    #expect(throws: InputError.self) { try ComparedRun.perform(base: first, head: scaled, json: nil) }
  }

  @Test("a scale multiplies what a scenario waits for, wherever it stands, and is recorded; what is measured stays")
  func scale() async throws {
    let steps = """
        - connect: [ada, grace]
        - as: ada
          enter: https://acme.example/plan
          capture: { page: enterPage.page.id }
        - as: grace
          subscribe: presenceChanged
          with: { pageId: "${page}" }
        - use: leave
      flows:
        leave:
          steps:
            - disconnect: { actor: ada, how: silent }
            - each: [grace]
              steps:
                - expect: presenceChanged
                  where: { presenceChanged.kind: LEFT }
                  within: 10s
      server: { presenceLease: 8s }
      """
    var chosen = try options(steps)
    for (scale, duration) in [(1.0, 8_000.0), (2.0, 16_000.0)] {
      chosen.timeScale = scale
      #expect(try SimulatedRun(chosen, seeds: 1).perform().verdict == .passed)
      let summary = try summary()
      #expect(summary["timeScale"]?.number == scale)
      let taken = summary["scenarios"]?[0]?["durationMs"]?.number ?? 0
      #expect(taken >= duration && taken < duration * 1.5, "\(taken)")
    }
    // Only the record knows.
    #expect(try await Replay("\(folder.path)/out", out: "\(folder.path)/again", quiet: true).perform() == .passed)
    #expect(try summary("again")["timeScale"] == summary()["timeScale"])
  }
}
