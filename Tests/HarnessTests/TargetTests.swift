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

  private func run(_ text: String, _ target: TargetOptions) async throws -> RunResult {
    var options = RunOptions(paths: [try folder.write(text, as: "scenario.yaml")])
    options.out = "\(folder.path)/out"
    options.quiet = true
    options.target = target
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
}
