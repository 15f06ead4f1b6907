import Checks
import JSON
import Report
import Scenario
import Simulation
import Swarm
import Testing

/// What people read when something went wrong: each golden in `Fixtures/failures` must be clear at once.
@Suite("Failures")
struct FailureTests {
  struct Situation: CustomTestStringConvertible, Sendable {
    var testDescription: String
    var steps: String
    var manners = ToyServer.Manners()

    init(_ name: String, _ steps: String, _ manners: ToyServer.Manners = ToyServer.Manners()) {
      testDescription = name
      self.steps = steps
      self.manners = manners
    }
  }

  private static let sendHi = "- { as: ada, do: send, with: { thread: t, text: Hi } }\n"

  private static let situations = [
    Situation(
      "nothing-arrived",
      """
      - { as: ada, do: send, with: { thread: another, text: Hi } }
      - { as: grace, expect: added, where: { added.text: Hi }, within: 500ms }
      """),
    Situation("wrong-field", sendHi + "- { as: grace, expect: added, where: { added.text: Ho, added.thread: t } }"),
    Situation(
      "nearest-of-several",
      """
      - repeat: 12
        steps:
          - { as: ada, do: send, with: { thread: t, text: "Hi ${index}" } }
      - as: grace
        expect: added
        where: { added.text: { matches: "^Ho" }, added.sequence: { lessThan: 3 } }
      """),
    Situation("too-late", sendHi + "- { as: grace, expect: added, within: 10ms }", ToyServer.Manners(showsLate: true)),
    Situation(
      "before-the-mark",
      sendHi + "- { as: grace, received: added }\n- mark: now\n"
        + "- { as: grace, expect: added, where: { added.text: Hi }, since: now, within: 100ms }"),
    Situation(
      "taken-by-another-step",
      sendHi + "- { as: grace, expect: added }\n- { as: grace, expect: added, where: { added.text: Hi } }"),
    Situation("too-few", sendHi + "- { as: grace, expect: added, count: 2, within: 1s }"),
    Situation("one-too-many", sendHi + "- { as: grace, expect: added, exactly: 1 }", ToyServer.Manners(copies: 2)),
    Situation("must-not-come", sendHi + "- { as: grace, never: added, where: { added.text: Hi } }"),
    Situation(
      "wrong-order",
      """
      - { as: ada, do: send, with: { thread: t, text: a } }
      - { as: ada, do: send, with: { thread: t, text: b } }
      - { as: grace, expect: added, count: 2, inOrder: { added.text: [b, a] } }
      """),
    Situation(
      "socket-closed",
      "- { as: ada, do: send, with: { thread: another, text: end all sockets } }\n- { as: grace, expect: added }"),
    Situation("refused", "- { as: ada, do: send, with: { thread: t, text: forbidden } }"),
    Situation("not-refused", "- { as: ada, do: send, with: { thread: t, text: Hi }, fails: { code: INVALID } }"),
    Situation(
      "capture-missing",
      "- { as: ada, do: send, with: { thread: t, text: forbidden }, fails: { code: INVALID }, "
        + "capture: { id: send.message.id } }"),
    Situation(
      "eventually-did-not",
      sendHi
        + "- { as: ada, eventually: count, with: { thread: t }, returns: { count: 2 }, within: 300ms }"),
    Situation(
      "always-did-not",
      """
      - parallel:
          - - { as: ada, always: count, with: { thread: t }, returns: { count: { atMost: 1 } }, until: sent, every: 10ms }
          - - { as: grace, do: send, with: { thread: t, text: a } }
            - { as: grace, do: send, with: { thread: t, text: b } }
            - barrier: sent
      """),
    Situation(
      "received-too-few",
      sendHi
        + "- { as: grace, received: added, where: { added.text: Hi }, count: { atLeast: 2 } }"),
    Situation("delivered-twice", sendHi + "- { as: grace, expect: added }", ToyServer.Manners(copies: 2)),
  ]

  /// Plays it.
  /// - Returns: what came of it, and the lines of its file.
  private func play(_ situation: Situation) throws -> (result: ScenarioResult, source: [Substring]) {
    let steps = situation.steps.split(separator: "\n").map { "  " + $0 }.joined(separator: "\n")
    let text = ScenarioFileTests.scenario(steps)
    let scenario = try ScenarioFileTests.load("s.yaml", ScenarioFileTests.ChatFiles(text))
    let outcome = try simulate(seed: 1) { [scenario] world in
      await ScenarioPlayer(system: ToyServer(world: world, situation.manners), world: world).play(scenario)
    }
    var result = ScenarioResult(scenario, outcome, checks: runChecks(outcome.history, catalog: scenario.actions))
    result.name = situation.testDescription
    result.playAgain = "rehearse simulate s.yaml --seed 1"
    return (result, text.split(separator: "\n", omittingEmptySubsequences: false))
  }

  @Test("the sequence of what happened is drawn", arguments: ["too-late", "delivered-twice"])
  func drawing(_ name: String) throws {
    let situation = try #require(Self.situations.first { $0.testDescription == name })
    let summary = RunSummary(
      seed: 1, database: "sqlite", world: "simulated", startedAt: nil, duration: .seconds(1),
      scenarios: [try play(situation).result])
    let page = String(decoding: summary.html { _ in nil }, as: UTF8.self)
    let start = try #require(page.firstRange(of: "<svg")).lowerBound
    let end = try #require(page.firstRange(of: "</svg>")).upperBound
    Golden.expect(String(page[start..<end]) + "\n", isIn: "\(Golden.root)/Fixtures/failures/\(name).svg")
  }

  @Test("each situation is told so that it is clear at once", arguments: situations)
  func golden(_ situation: Situation) throws {
    let (result, source) = try play(situation)
    #expect(result.failures.map { Failure(json: $0.json) } == result.failures)
    let terminal = TerminalText(style: TerminalStyle(colour: false, live: false)) { String(source[$0.line - 1]) }
    Golden.expect(
      terminal.lines(for: result).joined(separator: "\n") + "\n",
      isIn: "\(Golden.root)/Fixtures/failures/\(situation.testDescription).txt")
  }
}
