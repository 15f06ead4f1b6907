import Harness
import JSON
import Testing

@Suite("Targets")
struct TargetTests {
  private static let secret = String(repeating: "s", count: 32)
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @Test(
    "what is no target is refused in one sentence, without a secret in it",
    arguments: [
      ("https://localhost", [], [], [], "TLS"),
      ("localhost", [], [], [], "http://"),
      ("http://localhost", ["acme"], [], [], "SLUG=SECRET"),
      ("http://localhost", ["acme=hush"], [], [], "--organization"),
      ("http://localhost", ["acme=@/nowhere"], [], [], "cannot be read"),
      ("http://localhost", [], ["ada=hush", "ada=hush"], [], "'ada' twice"),
      ("http://localhost", [], [], ["X-Key\r\nhush: 1"], "Name: value"),
      ("http://localhost", ["acme=\(secret)"], ["ada=hush"], [], "does not go with"),
    ] as [(String, [String], [String], [String], String)])
  func refused(url: String, organizations: [String], tokens: [String], headers: [String], words: String) {
    let error = #expect(throws: InputError.self) {
      try TargetOptions(url: url, organizations: organizations, tokens: tokens, headers: headers)
    }
    #expect(error?.description.contains(words) == true, "\(String(describing: error))")
    #expect(error?.description.contains("hush") == false)
  }

  /// Where hundreds of tests begin at once, a server of this process does not answer soon.
  static let patience = Duration.seconds(120)

  private func patient(_ target: TargetOptions) -> TargetOptions {
    var target = target
    target.firstAnswerLimit = Self.patience
    return target
  }

  private func run(_ text: String, _ target: TargetOptions) async throws -> RunResult {
    var options = RunOptions(paths: [try folder.write(text, as: "scenario.yaml")])
    options.out = "\(folder.path)/out"
    options.quiet = true
    options.target = patient(target)
    return try await LiveRun(options, kind: .functional).perform()
  }

  private let scenario = """
    name: Two
    actions: \(root)/Scenarios/actions
    server: { presenceLease: 1s }
    world: { organizations: { acme: [ada] , globex: [eve] } }
    steps:
      - as: ada
        do: viewer
        statements: { atMost: 3 }
      - as: eve
        do: viewer
        capture: { count: "@statements" }
      - as: ada
        do: viewer
        budget: { statements: 2 }
    """

  @Test("what needs a server of our own is refused, each at its place, before anything is sent")
  func unplayable() async throws {
    let target = try TargetOptions(
      url: "http://127.0.0.1:1", organizations: ["acme=\(Self.secret)"], tokens: [], headers: [])
    guard case .badInput(let text) = try await run(scenario, target) else {
      Issue.record("it was played")
      return
    }
    let lines = text.split(separator: "\n").map { $0.drop { $0 != ":" } }
    for (place, words) in [
      (":3:", "presenceLease"), (":4:", "'globex'"), (":7:", "SQL"), (":11:", "SQL"), (":14:", "SQL"),
    ] {
      #expect(lines.contains { $0.hasPrefix(place) && $0.contains(words) }, "\(place) \(words)\n\(text)")
    }
    #expect(lines.count == 5, "\(text)")
  }

  @Test("an actor without a way in is refused; one with a token, or everybody's header, is not")
  func ways() async throws {
    let text = """
      name: One
      actions: \(root)/Scenarios/actions
      world: { organizations: { acme: [ada] } }
      steps:
        - as: ada
          do: viewer
      """
    let none = try TargetOptions(url: "http://127.0.0.1:1", organizations: [], tokens: ["eve=t"], headers: [])
    guard case .badInput(let refusal) = try await run(text, none) else {
      Issue.record("it was played")
      return
    }
    #expect(refusal.contains("ada cannot log in"))
    for (tokens, headers) in [(["*=t"], []), ([], ["X-Key: 1"])] as [([String], [String])] {
      let target = try TargetOptions(url: "http://127.0.0.1:1", organizations: [], tokens: tokens, headers: headers)
      let error = await #expect(throws: HarnessError.self) { _ = try await run(text, target) }
      #expect(error?.description.contains("http://127.0.0.1:1/graphql cannot be used") == true)
    }
  }

  /// The chat of `Scenarios/examples`, on its own server over real sockets.
  private func chat(_ kind: ScenarioKind, _ path: String, _ target: TargetOptions) async throws -> JSON {
    var options = RunOptions(paths: [path])
    options.seed = 7
    options.out = "\(folder.path)/out"
    options.quiet = true
    options.target = patient(target)
    if case .badInput(let text) = try await LiveRun(options, kind: kind).perform() { Issue.record("\(text)") }
    for file in ["summary.json", "history.jsonl", "junit.xml", "report.html", "run.json"] {
      #expect(!String(decoding: try folder.read("out/\(file)"), as: UTF8.self).contains("-key"), "\(file)")
    }
    return try JSON.parse(try folder.read("out/summary.json"))
  }

  private static let greetings = "\(root)/Scenarios/examples/chat/greetings.yaml"

  @Test(
    "a scenario with a schema of its own passes on its server, by a token for each or a header for all",
    arguments: [
      (["ada=ada-key", "grace=grace-key"], [], ["ada-key", "grace-key"]),
      ([], ["Authorization: Bearer all-key"], ["all-key"]),
    ] as [([String], [String], Set<String>)])
  func foreign(tokens: [String], headers: [String], keys: Set<String>) async throws {
    try await ChatServer.serving(keys: keys) { server, url in
      let target = try TargetOptions(url: url, organizations: [], tokens: tokens, headers: headers)
      let summary = try await chat(.functional, Self.greetings, target)
      #expect(summary["exitCode"] == 0, "\(summary["scenarios"]?.text ?? "")")
      #expect(summary["world"] == "target" && summary["checks"]?[0]?["examined"]?.int ?? 0 > 0)
      #expect(server.seen == keys)
      // What is not known is not let in, which no report takes for a pass.
      let wrong = try TargetOptions(url: url, organizations: [], tokens: ["*=other-key"], headers: [])
      #expect(try await chat(.functional, Self.greetings, wrong)["passed"] == 0)
    }
  }

  @Test("virtual users of a load come in by the token for everybody")
  func foreignLoad() async throws {
    let text = """
      name: Everybody talks
      schema: \(root)/Scenarios/examples/chat/schema.graphqls
      actions: \(root)/Scenarios/examples/chat/actions
      world: { organizations: { acme: { generate: 4 } } }
      load:
        organization: acme
        virtualUsers: 4
        start: [connect, { subscribe: added, with: { thread: t } }]
        journey: [{ do: send, with: { thread: t, text: "n ${iteration}" } }]
        executor: per-vu-iterations
        iterations: 3
      thresholds: { errors: rate==0, "delivery_latency{event:added}": count>0 }
      """
    try await ChatServer.serving(keys: ["all-key"]) { _, url in
      let target = try TargetOptions(url: url, organizations: [], tokens: ["*=all-key"], headers: [])
      let summary = try await chat(.load, try folder.write(text, as: "load.yaml"), target)
      #expect(summary["exitCode"] == 0, "\(summary["scenarios"]?.text ?? "") \(summary["thresholds"]?.text ?? "")")
    }
  }
}
