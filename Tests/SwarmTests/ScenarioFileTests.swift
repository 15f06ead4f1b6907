import Checks
import GraphQL
import History
import JSON
import Scenario
import Simulation
import Swarm
import Testing
import World

/// Scenario files of the chat in `Scenarios/examples/chat`, read by the loader and played against the toy that speaks its
/// schema.
@Suite("Playing a scenario file")
struct ScenarioFileTests {
  private static let folder =
    #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(3)
    .joined(separator: "/") + "/Scenarios/examples/chat"

  /// The chat's folder on disk, with one scenario in memory.
  struct ChatFiles: ScenarioFiles {
    let text: String
    private let disk = DiskFiles()

    init(_ text: String) { self.text = text }

    private func place(_ path: String) -> String { path.hasPrefix("/") ? path : folder + "/" + path }
    func kind(of path: String) -> FileKind { path == "s.yaml" ? .file : disk.kind(of: place(path)) }
    func names(in folder: String) -> [String] { disk.names(in: place(folder)) }
    func read(_ path: String, limit: Int) -> [UInt8]? {
      path == "s.yaml" ? Array(text.utf8) : disk.read(place(path), limit: limit)
    }
  }

  static func load(_ path: String, _ files: any ScenarioFiles) throws -> Scenario {
    // Not the schema of the file, which names its own.
    let other = try Schema.build([Source(name: "other", text: "type Query { nothing: Int }")])
    let outcome = ScenarioLoader(schema: other, files: files).load(paths: [path])
    #expect(outcome.text() == "")
    return try #require(outcome.scenarios.first)
  }

  /// Ada and Grace are connected, Grace is subscribed; the steps are from line 9 on.
  static func scenario(_ steps: String, top: String = "") -> String {
    """
    name: x
    schema: schema.graphqls
    include: flows/chat.yaml
    world: { organizations: { acme: [ada, grace] } }
    \(top.isEmpty ? "tags: []" : top)
    steps:
      - connect: [ada, grace]
      - { as: grace, subscribe: added, with: { thread: t } }

    """ + steps
  }

  private static func play(
    _ steps: String, top: String = "", _ manners: ToyServer.Manners = ToyServer.Manners()
  ) throws -> ScenarioOutcome {
    let scenario = try load("s.yaml", ChatFiles(scenario(steps, top: top)))
    return try simulate(seed: 1) { [scenario] world in
      await ScenarioPlayer(system: ToyServer(world: world, manners), world: world).play(scenario)
    }
  }

  @Test("the example for a schema that is not ours passes, checks included")
  func example() throws {
    let scenario = try Self.load(Self.folder + "/greetings.yaml", DiskFiles())
    let outcome = try simulate(seed: 1) { [scenario] world in
      await ScenarioPlayer(system: ToyServer(world: world), world: world).play(scenario)
    }
    #expect(outcome.failures == [])
    let checks = runChecks(outcome.history, catalog: scenario.actions)
    #expect(checks.flatMap(\.findings).isEmpty)
    #expect(checks.first?.examined == 6)
  }

  /// Steps that pass.
  private static let passing = [
    "a push between steps is not lost, nor are two while another step waits": """
      - { as: ada, do: send, with: { thread: t, text: a } }
      - { as: ada, do: send, with: { thread: t, text: b } }
      - { as: ada, do: send, with: { thread: t, text: c } }
      - { as: grace, expect: added, where: { added.text: c } }
      - { as: grace, expect: added, count: 2, inOrder: { added.text: [a, b] } }
      - { as: grace, never: added }
    """,
    "received counts what was taken too": """
      - repeat: 3
        steps:
          - { as: ada, do: send, with: { thread: t, text: "n ${index}" } }
          - { as: grace, expect: added }
      - { as: grace, received: added, count: 3, inOrder: { added.sequence: ascending } }
      - { as: grace, received: added, where: { added.text: n 1 }, count: 1 }
      - { as: grace, received: added, where: { added.text: n 9 }, count: 0 }
    """,
    "since leaves out what came before a label or mark": """
      - { as: ada, do: send, with: { thread: t, text: a } }
      - { as: ada, do: send, with: { thread: t, text: a }, label: second }
      - { as: grace, expect: added, where: { added.text: a, added.sequence: 2 }, since: second, exactly: 1 }
      - mark: now
      - { as: grace, never: added, since: now }
      - { as: grace, received: added, count: 1, since: second }
      - { as: grace, received: added, count: 0, since: now }
    """,
    "eventually waits for what another branch does": """
      - parallel:
          - - { as: ada, eventually: count, with: { thread: t }, returns: { count: 2 }, capture: { n: count } }
            - { as: ada, do: send, with: { thread: t, text: "n ${n}" } }
          - - { as: grace, do: send, with: { thread: t, text: a } }
            - { as: grace, expect: added }
            - { as: grace, do: send, with: { thread: t, text: b } }
      - { as: grace, expect: added, where: { added.text: n 2 } }
    """,
    "always holds for its time, and until a barrier": """
      - { as: ada, always: count, with: { thread: t }, returns: { count: 0 }, for: 1s }
      - parallel:
          - - { as: ada, always: count, with: { thread: t }, returns: { count: { atMost: 1 } }, until: sent, every: 10ms }
            - { as: ada, do: send, with: { thread: t, text: "${id}" } }
          - - { as: grace, do: send, with: { thread: t, text: a }, capture: { id: send.message.id } }
            - barrier: sent
      - { as: grace, received: added, count: 2 }
    """,
    "a flow sees its parameters, and gives back what it returns": """
      - { use: talk, with: { thread: t, text: Hi, from: ada, to: grace }, capture: { first: message } }
      - as: [ada, grace]
        use: talk
        with: { thread: t, text: "${first}", from: actor, to: grace }
      - { as: grace, received: added, where: { added.text: "${first}" }, count: 2 }
    """,
    "a budget that is kept": """
      - { as: ada, do: send, with: { thread: t, text: a }, budget: { statements: 3, operations: 1, duration: 1s } }
    """,
  ]

  @Test("these pass", arguments: passing.keys.sorted())
  func pass(_ name: String) throws {
    let failures = try Self.play(try #require(Self.passing[name])).failures
    #expect(failures == [])
  }

  private struct Failing: CustomTestStringConvertible, Sendable {
    var testDescription: String
    var steps: String
    var message: String
    var seen: String
    var manners = ToyServer.Manners()
  }

  private static let failing = [
    Failing(
      testDescription: "too late",
      steps: """
        - { as: ada, do: send, with: { thread: t, text: a } }
        - { as: grace, expect: added, within: 10ms }
        """, message: "grace received added 15ms too late", seen: "1 event: too late",
      manners: ToyServer.Manners(showsLate: true)),
    Failing(
      testDescription: "never",
      steps: "- { as: grace, expect: added, within: 10ms }", message: "grace did not receive added within 10ms",
      seen: "nothing"),
    Failing(
      testDescription: "taken already",
      steps: """
        - { as: ada, do: send, with: { thread: t, text: a } }
        - { as: grace, expect: added }
        - { as: grace, expect: added, within: 10ms }
        """, message: "grace received added, but it was claimed by line 10 already",
      seen: "1 event: claimed by line 10"),
    Failing(
      testDescription: "before the mark",
      steps: """
        - { as: ada, do: send, with: { thread: t, text: a } }
        - { as: grace, received: added }
        - mark: m
        - { as: grace, expect: added, since: m, within: 10ms }
        """, message: "grace received added before 'm', not after it", seen: "1 event: too early"),
    Failing(
      testDescription: "the time of since is from its label",
      steps: """
        - { as: ada, do: send, with: { thread: t, text: a }, label: sent }
        - { as: ada, always: count, with: { thread: t }, returns: { count: 1 }, for: 1s }
        - { as: ada, do: send, with: { thread: t, text: b } }
        - { as: grace, expect: added, where: { added.text: b }, since: sent, within: 500ms }
        """, message: "grace received added 515ms too late", seen: "2 events: 1 does not match, 1 too late"),
    Failing(
      testDescription: "received too few",
      steps: """
        - { as: ada, do: send, with: { thread: t, text: a } }
        - { as: grace, received: added, count: { atLeast: 2 } }
        """, message: "grace has received 1 event of added so far, not at least 2", seen: "1 event: matches"),
    Failing(
      testDescription: "never comes to it",
      steps: "- { as: ada, eventually: count, with: { thread: t }, returns: { count: 1 }, within: 300ms }",
      message: "ada's count was still wrong after 300ms: count was 0, not 1", seen: "0"),
    Failing(
      testDescription: "does not hold always",
      steps: """
        - parallel:
            - - { as: ada, always: count, with: { thread: t }, returns: { count: 0 }, until: sent }
            - - { as: grace, do: send, with: { thread: t, text: a } }
              - barrier: sent
        """, message: "ada's count was wrong after 10ms: count was 1, not 0", seen: "1"),
    Failing(
      testDescription: "a step over its budget",
      steps: "- { as: ada, do: send, with: { thread: t, text: a }, budget: { statements: 2 } }",
      message: "The step took 3 SQL statements, more than its budget", seen: "3"),
  ]

  @Test("these fail, each for its reason", arguments: failing)
  private func fail(_ one: Failing) throws {
    let steps = one.steps.split(separator: "\n").map { "  " + $0 }.joined(separator: "\n")
    let outcome = try Self.play(steps, one.manners)
    let failure = try #require(outcome.failures.first)
    #expect(outcome.status == .failed && outcome.failures.count == 1)
    #expect(failure.message == one.message)
    #expect(failure.seen == one.seen)
  }

  @Test(
    "all steps together have a budget too", arguments: [("operations: 1", "2 operations"), ("events: 1", "2 events")])
  func budget(_ budget: String, _ taken: String) throws {
    let send = "  - { as: ada, do: send, with: { thread: t, text: a } }\n"
    #expect(try Self.play(send, top: "budget: { \(budget) }").failures == [])
    let outcome = try Self.play(send + send, top: "budget: { \(budget) }")
    #expect(outcome.failures.map(\.message) == ["The scenario took \(taken), more than its budget"])
  }

  @Test("virtual users take rows of a feeder by their iterations; one that has no more rows fails the iteration")
  func feeding() throws {
    let text = """
      name: x
      schema: schema.graphqls
      world: { organizations: { acme: { generate: 2 } } }
      feeders: { greetings: { file: greetings.csv, order: unique } }
      load:
        organization: acme
        virtualUsers: 2
        start: [connect, { subscribe: added, with: { thread: t } }]
        journey: [{ do: send, with: { thread: t, text: "${greetings.greeting}" } }]
        executor: shared-iterations
        iterations: 4
      """
    let scenario = try Self.load("s.yaml", ChatFiles(text))
    // Alone, and as two shards: together these take the same rows, and no row twice.
    for shards in [["1/1"], ["1/2", "2/2"]] {
      let outcomes = try shards.map { text in
        let shard = try #require(Shard(text))
        return try simulate(seed: 1) { [scenario] world in
          await LoadPlayer(system: ToyServer(world: world), world: world, shard: shard).play(scenario)
        }
      }
      let sent = outcomes.flatMap(\.history.events).compactMap { event -> String? in
        guard case .invoke(_, _, _, let variables, _) = event.what else { return nil }
        return variables["text"]?.string
      }
      #expect(sent.sorted() == ["Bonjour, tout le monde", "Er sagte \"Guten Tag\"", "Hello"])
      let failures = outcomes.flatMap(\.failures).map(\.message)
      #expect(failures == ["'greetings' has no more rows: each is used once"])
    }
  }

  @Test("'received' in a load judges what has come since the iteration began, taken or not; other inboxes are not kept")
  func receivedUnderLoad() throws {
    let text = """
      name: x
      schema: schema.graphqls
      world: { organizations: { acme: { generate: 2 } } }
      load:
        organization: acme
        virtualUsers: 2
        start:
          - connect
          - { subscribe: added, with: { thread: "t${vu}" } }
          - { subscribe: added, with: { thread: "t${vu}" }, inbox: unread }
        journey:
          - { do: send, with: { thread: "t${vu}", text: "#${iteration}" } }
          - { expect: added, where: { added.text: "#${iteration}" } }
          - { received: added, count: 1 }
        executor: per-vu-iterations
        iterations: 3
      """
    let scenario = try Self.load("s.yaml", ChatFiles(text))
    let outcome = try simulate(seed: 1) { [scenario] world in
      await LoadPlayer(system: ToyServer(world: world), world: world).play(scenario)
    }
    #expect(outcome.failures == [])
    #expect(outcome.metrics[.checks]?.count == 12 && outcome.metrics[.checks]?.rate == 1)
    #expect(outcome.metrics[.eventsReceived]?.count == 12)
  }
}
