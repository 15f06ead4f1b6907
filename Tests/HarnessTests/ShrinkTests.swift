import Harness
import JSON
import Testing

/// Recorded failures, cut down to what they need.
@Suite("Shrinking", .timeLimit(.minutes(1)))
struct ShrinkTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// Of these 16 steps two matter: the message with the text, and the expectation of another.
  private static let text = """
    name: A long day  # with a remark
    actions: \(root)/Scenarios/actions
    include: flows.yaml
    feeders: { titles: { file: titles.csv } }
    world:
      organizations:
        acme: [ada, grace, linus]
        globex: [eve]
    flows:
      look: { steps: [{ do: viewer }] }
    steps:
      - connect: [ada, grace, linus, eve]
      # Somebody looks around.
      - as: [ada, eve]
        use: ask
      - each: titles
        steps:
          - as: eve
            do: createThread
            with: { url: "https://globex.example/${index}", title: "${titles.title}" }
      - as: ada
        do: createThread
        with: { url: "https://acme.example/other" }
        capture: { other: createThread.thread.id }
      - as: ada
        # The thread that it is about.
        do: createThread
        with: { url: "https://acme.example/plan" }
        capture: { thread: createThread.thread.id, page: createThread.thread.id }
      - as: [grace, linus]
        subscribe: messageAdded
        with: { threadId: "${thread}" }
      - repeat: 3
        steps:
          - as: linus
            do: sendMessage
            with: { threadId: "${other}", content: [{ text: "Noise ${index}" }] }
      - parallel:
          - - as: linus
              do: viewer
            - barrier: met
          - - as: eve
              do: viewer
            - barrier: met
      - as: ada
        do: sendMessage
        with: { threadId: "${thread}", content: [{ text: Hello }] }
      - { as: linus, use: look }
      - as: [linus, grace]
        expect: messageAdded
        where: { messageAdded.text: EXPECTED }
        within: 1s
      - disconnect: [ada, grace, linus]
    """

  /// The folder of a run of that scenario.
  private func run(_ text: String, _ play: (RunOptions) async throws -> RunResult) async throws -> String {
    _ = try folder.write("flows:\n  ask: { steps: [{ do: viewer }] }\n", as: "flows.yaml")
    _ = try folder.write("title\nOne\nTwo\n", as: "titles.csv")
    #expect(try await play(try folder.options(text, out: "run")).verdict == .failed)
    return "\(folder.path)/run"
  }

  private func failure(_ run: String) throws -> JSON? {
    try JSON.parse(try folder.read("\(run)/summary.json"))["scenarios"]?[0]?["failures"]?[0]?["message"]
  }

  @Test("sixteen steps come to the two that matter and what those need, comments kept, which fail in the same way")
  func simulated() async throws {
    let text = Self.text.replacing("EXPECTED", with: "Goodbye")
    let run = try await run(text) { try SimulatedRun($0, seeds: 1).perform() }
    #expect(try await Shrink(run, budget: .seconds(50), quiet: true).perform() == .passed)
    let shrunk = String(decoding: try folder.read("run/shrunk.yaml"), as: UTF8.self)
    let wanted = """
      name: A long day  # with a remark
      actions: "inputs/@root\(root)/Scenarios/actions"
      world:
        organizations:
          acme: [ada, linus]
      steps:
        - connect: [linus]
        - as: ada
          # The thread that it is about.
          do: createThread
          with: { url: "https://acme.example/plan" }
          capture: { thread: createThread.thread.id }
        - as: [linus]
          subscribe: messageAdded
          with: { threadId: "${thread}" }
        - as: ada
          do: sendMessage
          with: { threadId: "${thread}", content: [{ text: Hello }] }
        - as: [linus]
          expect: messageAdded
          where: { messageAdded.text: Goodbye }
          within: 1s

      """
    #expect(shrunk.split(separator: "\n").dropFirst(2).joined(separator: "\n") + "\n" == wanted, "\(shrunk)")
    var again = RunOptions(paths: ["\(run)/shrunk.yaml"])
    again.seed = 7
    again.out = "\(folder.path)/again"
    again.quiet = true
    #expect(try SimulatedRun(again, seeds: 1).perform().verdict == .failed)
    #expect(try failure("again") == failure("run"))
    // What is small already stays as it is.
    let smallest = try await Shrink("\(folder.path)/again", out: "\(folder.path)/out.yaml", quiet: true).perform()
    #expect(smallest == .passed)
    let out = String(decoding: try folder.read("out.yaml"), as: UTF8.self)
    #expect(out.split(separator: "\n").dropFirst(6) == shrunk.split(separator: "\n").dropFirst(4), "\(out)")
  }

  @Test("what should have caused an event that did not come stays, though the event is missed without it too")
  func cause() async throws {
    let text = """
      name: The wrong thread
      actions: \(root)/Scenarios/actions
      world: { organizations: { acme: [ada, grace] } }
      steps:
        - connect: [ada, grace]
        - as: ada
          do: createThread
          with: { url: "https://acme.example/plan" }
          capture: { thread: createThread.thread.id }
        - as: ada
          do: createThread
          with: { url: "https://acme.example/other" }
          capture: { other: createThread.thread.id }
        - as: grace
          subscribe: messageAdded
          with: { threadId: "${thread}" }
        - as: ada
          do: sendMessage
          with: { threadId: "${other}", content: [{ text: Hello }] }
        - as: ada
          do: viewer
        - as: grace
          expect: messageAdded
      """
    let run = try await run(text) { try SimulatedRun($0, seeds: 1).perform() }
    #expect(try await Shrink(run, quiet: true).perform() == .passed)
    let shrunk = String(decoding: try folder.read("run/shrunk.yaml"), as: UTF8.self)
    #expect(shrunk.contains("do: sendMessage") && !shrunk.contains("do: viewer"), "\(shrunk)")
  }

  @Test(
    "a failure that is gone, a run without one, and one of several without a name are told; time that is up is kept to")
  func refused() async throws {
    let text = """
      name: A greeting
      actions: \(root)/Scenarios/actions
      world: { organizations: { acme: [ada] } }
      steps:
        - as: ada
          do: viewer
        - as: ada
          do: viewer
          returns: { viewer.name: eve }
      """
    let run = try await run(text) { try await LiveRun($0, kind: .functional).perform() }
    // No time at all: what there is is written.
    #expect(try await Shrink(run, budget: .nanoseconds(1), quiet: true).perform() == .passed)
    #expect(
      String(decoding: try folder.read("run/shrunk.yaml"), as: UTF8.self).contains("- as: ada\n    do: viewer\n  - as"))
    let error = #expect(throws: InputError.self) { try Shrink(run, scenario: "another", quiet: true) }
    #expect(error?.description.contains("A greeting") == true)
    var summary = String(decoding: try folder.read("run/summary.json"), as: UTF8.self)
    summary = summary.replacing("ada's viewer", with: "ada's page")
    _ = try folder.write(summary, as: "run/summary.json")
    #expect(try await Shrink(run, quiet: true).perform() == .failed)
    _ = try folder.write(summary.replacing("\"failed\"", with: "\"passed\""), as: "run/summary.json")
    #expect(throws: InputError.self) { try Shrink(run, quiet: true) }
  }
}
