import Harness
import History
import JSON
import Report
import Testing

@Suite("Runs")
struct RunTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func options(_ text: String, out: String = "out") throws -> RunOptions {
    try folder.options(text, out: out)
  }

  private func summary(_ out: String = "out") throws -> JSON { try JSON.parse(try folder.read("\(out)/summary.json")) }

  /// Ada writes to Grace, who must see `text`.
  private func greeting(expecting text: String) -> String {
    """
    name: A greeting
    actions: \(root)/Scenarios/actions
    world: { organizations: { acme: [ada, grace] } }
    steps:
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
        expect: messageAdded
        where: { messageAdded.text: \(text) }
        within: \(text == "Hello" ? "10s" : "200ms")
    """
  }

  @Test("a scenario that holds passes, and its reports and history are written")
  func passes() async throws {
    let result = try await LiveRun(try options(greeting(expecting: "Hello")), kind: .functional).perform()
    #expect(result.verdict == .passed)
    let summary = try summary()
    #expect(summary["version"] == 1)
    #expect(summary["seed"] == 7)
    #expect(summary["passed"] == 1)
    #expect(summary["failed"] == 0)
    #expect(summary["scenarios"]?[0]?["status"] == "passed")
    #expect((summary["checks"]?[0]?["examined"]?.int ?? 0) > 0)
    let history = try History(jsonLines: try folder.read("out/history.jsonl"))
    guard case .scenario("A greeting", _, 7) = history.events.first?.what else {
      Issue.record("the history does not begin with its scenario")
      return
    }
    #expect(String(decoding: try folder.read("out/junit.xml"), as: UTF8.self).contains("A greeting"))
    #expect(try StoredHistories.check(["\(folder.path)/out/history.jsonl"]) == .passed)
  }

  @Test("a scenario that does not hold fails, with the line, what was expected and what was seen")
  func fails() async throws {
    let result = try await LiveRun(try options(greeting(expecting: "Goodbye")), kind: .functional).perform()
    #expect(result.verdict == .failed)
    let failure = try summary()["scenarios"]?[0]?["failures"]?[0]
    #expect(failure?["line"] == 17)
    #expect(failure?["message"]?.string?.contains("grace") == true)
  }

  @Test("mistakes in a file are all reported, and nothing is started")
  func mistakes() async throws {
    let text = """
      name: Broken
      actions: \(root)/Scenarios/actions
      timeot: 5s
      world: { organizations: { acme: [ada] } }
      steps:
        - connect: [ada, adda]
        - as: ada
          do: viewer
          returns: { viewer.nam: ada }
        - as: ada
          expect: closed
          within: soon
      """
    guard case .badInput(let message) = try await LiveRun(try options(text), kind: .functional).perform() else {
      Issue.record("the file was played")
      return
    }
    for place in ["scenario.yaml:3:", "scenario.yaml:6:", "scenario.yaml:9:", "scenario.yaml:12:"] {
      #expect(message.contains(place), "\(message)")
    }
    #expect(message.contains("timeout"))
    #expect(throws: (any Error).self) { try summary() }
  }

  @Test("a run without a scenario is no success")
  func nothing() async throws {
    var chosen = try options(greeting(expecting: "Hello"))
    chosen.tags = ["no such tag"]
    #expect(try await LiveRun(chosen, kind: .functional).perform().verdict == .badInput)
    #expect(try await LiveRun(try options(greeting(expecting: "Hello")), kind: .load).perform().verdict == .badInput)
  }

  @Test("a run whose clients did nothing fails, though no step did")
  func examinedNothing() async throws {
    let text = """
      name: Nobody does anything
      actions: \(root)/Scenarios/actions
      world: { organizations: { acme: [ada] } }
      steps:
        - connect: ada
      """
    #expect(try await LiveRun(try options(text), kind: .functional).perform().verdict == .failed)
    #expect(try SimulatedRun(try options(text), seeds: 1).perform().verdict == .failed)
  }

  @Test("a failure is tried again as often as asked, every attempt is in the history, and repeating ends with it")
  func retries() async throws {
    var chosen = try options(greeting(expecting: "Goodbye"))
    chosen.retries = 2
    chosen.untilFailure = true
    #expect(try await LiveRun(chosen, kind: .functional).perform().verdict == .failed)
    let summary = try summary()
    #expect(summary["failed"] == 1)
    #expect(summary["skipped"] == 0)
    #expect(summary["scenarios"]?[0]?["attempts"] == 3)
    let history = try History(jsonLines: try folder.read("out/history.jsonl"))
    #expect(history.events.count { if case .scenario = $0.what { true } else { false } } == 3)
  }

  @Test("a regular expression chooses by name and file; one that finds nothing, or is none, is a mistake")
  func grep() async throws {
    var chosen = try options(greeting(expecting: "Hello"))
    for (pattern, verdict) in [("^A gr", Verdict.passed), ("scenario.yaml", .passed), ("farewell", .badInput)] {
      chosen.grep = pattern
      #expect(try await LiveRun(chosen, kind: .functional).perform().verdict == verdict, "\(pattern)")
    }
    chosen.grep = "("
    guard case .badInput(let text) = try await LiveRun(chosen, kind: .functional).perform() else {
      Issue.record("the expression was taken")
      return
    }
    #expect(text.contains("is not a regular expression"))
  }

  @Test("one seed gives one simulated history, another seed another")
  func simulated() throws {
    func history(_ seed: UInt64, _ out: String) throws -> [UInt8] {
      var chosen = try options(greeting(expecting: "Hello"), out: out)
      chosen.seed = seed
      #expect(try SimulatedRun(chosen, seeds: 1).perform().verdict == .passed)
      return try folder.read("\(out)/history.jsonl")
    }
    let first = try history(7, "first")
    #expect(try history(7, "again") == first)
    #expect(try history(8, "other") != first)
  }

  @Test("a simulated run takes virtual time, not real time")
  func virtualTime() throws {
    let text = """
      name: An hour
      actions: \(root)/Scenarios/actions
      timeout: 2h
      server: { presenceLease: 1h }
      world: { organizations: { acme: [ada, grace] } }
      steps:
        - connect: [ada, grace]
        - as: ada
          enter: https://acme.example/plan
          capture: { page: enterPage.page.id }
        - as: grace
          subscribe: presenceChanged
          with: { pageId: "${page}" }
        - disconnect: { actor: ada, how: silent }
        - as: grace
          expect: presenceChanged
          where: { presenceChanged.kind: LEFT, presenceChanged.user.id: "${ada.id}" }
          within: 90m
      """
    #expect(try SimulatedRun(try options(text), seeds: 1).perform().verdict == .passed)
    let duration = try summary()["durationMs"]?.number ?? .infinity
    #expect(duration < 60_000)
  }
}
