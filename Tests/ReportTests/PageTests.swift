import Checks
import History
import JSON
import Report
import Scenario
import Swarm
import Testing
import World

@Suite("report.html")
struct PageTests {
  private static let hostile = "<script>alert('\"&')</script>"
  private static let mark = Mark(file: "<s>.yaml", line: 1, column: 3)
  private static let scenario = Scenario(name: hostile, file: "<s>.yaml", mark: mark, actions: ActionCatalog())

  /// Grace waits for what Ada has caused; others go on around it.
  private static func failed(others: Int = 0) -> ScenarioResult {
    var events: [HistoryEvent] = []
    func add(_ milliseconds: Int64, _ actor: String, _ what: HistoryEvent.What) {
      events.append(HistoryEvent(time: milliseconds * 1_000_000, actor: actor, what: what))
    }
    add(0, "grace<1>", .connected)
    add(1, "grace<1>", .subscribe(id: 1, action: "added", variables: ["thread": .string(hostile)]))
    for index in 0..<others {
      add(
        2, "vu-\(index % 20)", .invoke(id: 10 + index, action: "n\(index)", kind: "query", variables: [:], intended: 0))
    }
    add(3, "ada", .invoke(id: 2, action: "send", kind: "mutation", variables: [:], intended: 3_000_000))
    add(5, "ada", .fail(id: 2, errors: [["message": .string(hostile)]]))
    add(6, "ada", .closed(code: 4403, reason: hostile, initiated: false))
    add(900, "grace<1>", .fence(name: "f", asked: 0))
    var failure = Failure(mark: mark, message: "grace<1> did not receive added", expected: "an event\n  \(hostile)")
    failure.actor = "grace<1>"
    failure.cause = Failure.Cause(mark: mark, step: "do send", actor: "ada", time: .milliseconds(3))
    failure.deadline = .milliseconds(500)
    failure.time = .milliseconds(900)
    failure.recent = [Failure.Recent(event: hostile, offset: .milliseconds(-1), fate: .early)]
    return ScenarioResult(
      scenario,
      ScenarioOutcome(status: .failed, failures: [failure], duration: .seconds(1), history: History(events: events)),
      checks: [])
  }

  private static func load(seconds: Int) -> ScenarioResult {
    let metrics = MetricsRecorder()
    for second in 0...seconds {
      metrics.endInterval(at: Instant(nanoseconds: Int64(second) * 1_000_000_000))
      for sample in 1...20 { metrics.record(.deliveryLatency, .microseconds(sample * 997 + second)) }
      metrics.add(.iterations, 5)
      metrics.sample(.errors, second == 3)
    }
    let snapshot = metrics.snapshot(elapsed: .seconds(seconds))
    var outcome = LoadOutcome(
      status: .passed, failures: [], duration: .seconds(seconds), history: History(events: []), metrics: snapshot,
      intervals: metrics.intervals, thresholds: [], notes: [])
    outcome.phases = [
      LoadPhase(.phase, lane: "run", name: "connecting", start: .zero, length: .seconds(1)),
      LoadPhase(.stage, lane: hostile, name: "to 100/s", start: .seconds(1), length: .seconds(seconds - 1)),
      LoadPhase(.loss, lane: "sockets", name: "3 lost", start: .seconds(1), length: .seconds(1)),
    ]
    return ScenarioResult(scenario, outcome, checks: [])
  }

  private static func page(_ results: [ScenarioResult]) -> String {
    let summary = RunSummary(
      seed: 1, database: hostile, world: "live", startedAt: nil, duration: .seconds(1), scenarios: results)
    return String(decoding: summary.html { _ in hostile }, as: UTF8.self)
  }

  /// What keeps the text from being read strictly; `nil` when every tag is closed in its turn and nothing stands unescaped.
  private static func disorder(in page: String) -> String? {
    var open: [Substring] = []
    var rest = page[...]
    while let start = rest.firstIndex(of: "<") {
      if rest[..<start].contains(">") { return "a lone > before \(rest[start...].prefix(60))" }
      guard let end = rest[start...].firstIndex(of: ">") else { return "no end of \(rest[start...].prefix(60))" }
      let tag = rest[rest.index(after: start)..<end]
      rest = rest[rest.index(after: end)...]
      let name = tag.prefix { $0.isLetter || $0.isNumber || $0 == "/" }
      if tag.contains("<") || tag.count(where: { $0 == "\"" }) % 2 == 1 { return "a broken tag <\(tag)>" }
      if tag.hasPrefix("!") || tag.hasSuffix("/") || name == "meta" { continue }
      if tag.hasPrefix("/") {
        guard open.popLast() == name.dropFirst() else { return "</\(name.dropFirst())> in the wrong place" }
      } else {
        open.append(name)
      }
    }
    return open.isEmpty ? nil : "\(open) are not closed"
  }

  @Test("the page is well formed, stands alone, tells all that happened and lets no name of others into it")
  func page() throws {
    let page = Self.page([Self.failed(), Self.load(seconds: 12)])
    #expect(Self.disorder(in: page) == nil)
    #expect(!page.contains("<script") && !page.contains("http://") && !page.contains("https://"))
    #expect(page == Self.page([Self.failed(), Self.load(seconds: 12)]))
    let diagram = try #require(page.firstRange(of: "id=\"sequence-0-t\"")).lowerBound
    let drawn = page[diagram...].prefix(20_000)
    for text in [
      ">grace&lt;1&gt;</text>", ">ada</text>", ">server</text>", ">send</text>", "class=\"band-cause\"",
      ">cause</text>",
      "class=\"cross\"", "did not receive added · expected an event", ">503 ms</text>", ">closed 4403</text>",
    ] { #expect(drawn.contains(text), "\(text)") }
    for text in [">connecting</text>", ">3 lost<", "Delivery latency", ">p99</text>", ">errors</text>"] {
      #expect(page.contains(text), "\(text)")
    }
  }

  @Test("a long history is cut to what stands around the failure, and says what it left out")
  func cut() {
    let page = Self.page([Self.failed(others: 400)])
    #expect(Self.disorder(in: page) == nil)
    #expect(page.contains("events left out") && page.contains("other actors took part"))
    #expect(page.contains(">cause</text>") && page.contains("class=\"cross\""))
    #expect(page.utf8.count < 100_000, "\(page.utf8.count)")
  }

  @Test("the page of a load of an hour is as small as that of one of minutes")
  func size() {
    let page = Self.page([Self.load(seconds: 3_600)])
    #expect(Self.disorder(in: page) == nil)
    #expect(page.utf8.count < 200_000, "\(page.utf8.count)")
    #expect(Self.page(Array(repeating: Self.failed(others: 200), count: 500)).utf8.count < 3_000_000)
  }
}
