import Checks
import History
import JSON
import Scenario
import Simulation
import Swarm
import Testing
import World

@Suite("Playing a scenario")
struct ScenarioPlayerTests {
  private func play(
    _ script: Script, _ manners: ToyServer.Manners = ToyServer.Manners(), seed: UInt64 = 1, timeout: Duration? = nil
  ) throws -> ScenarioOutcome {
    var scenario = Toy.scenario(script)
    if let timeout { scenario.timeout = timeout }
    return try simulate(seed: seed) { [scenario] world in
      await ScenarioPlayer(system: ToyServer(world: world, manners), world: world).play(scenario)
    }
  }

  /// Ada and grace are connected, grace is subscribed.
  private func opening() -> Script {
    var script = Script()
    script.add(["ada", "grace"], .connect)
    script.add(["grace"], Toy.subscribing())
    return script
  }

  @Test("what is sent is seen, captured and told to the checks")
  func pass() throws {
    var script = opening()
    var sending = Toy.sending(.literal("Hi"))
    sending.returns = [
      FieldMatch(path: Toy.path("send.message.text"), matcher: .contains(.literal("H")))
    ]
    sending.statements = .atMost(.literal(3))
    sending.captures = [
      Capture(name: "message", source: .path(Toy.path("send.message.id")), mark: Toy.mark()),
      Capture(name: "count", source: .path(Toy.path("@statements")), mark: Toy.mark()),
    ]
    script.add(["ada"], .operate(sending))
    var expectation = Toy.expecting("Hi", exactly: true)
    expectation.fields.append(
      FieldMatch(path: Toy.path("added.id"), matcher: .equals(.reference("message", Toy.mark()))))
    script.add(["grace"], .expect(expectation))
    script.add(
      ["ada"], .operate(Toy.sending(.text([.literal("n "), .reference("count", Toy.mark())]), channel: .socket)))
    script.add(["grace"], .expect(Toy.expecting("n 3")))
    script.add(["grace"], .never(Toy.expecting()))
    let outcome = try play(script)
    #expect(outcome.failures == [])
    #expect(outcome.status == .passed)
    let checks = runChecks(outcome.history, catalog: Toy.scenario().actions)
    #expect(checks.flatMap(\.findings).isEmpty)
    #expect(checks.first?.examined == 4)
  }

  @Test("a missing event is told with what was expected, the nearest misses, and the step")
  func missing() throws {
    var script = opening()
    script.add(["ada"], .operate(Toy.sending(.literal("Ho"))))
    script.add(["grace"], .expect(Toy.expecting("Hi", within: .milliseconds(500))))
    let outcome = try play(script)
    let failure = try #require(outcome.failures.first)
    #expect(outcome.status == .failed)
    #expect(failure.mark.line == 4)
    #expect(failure.message == "grace received added, but added.text was 'Ho', not 'Hi'")
    #expect(failure.expected == "an event within 500ms where added.text is 'Hi'")
    #expect(failure.seen == "1 event: does not match")
    #expect(failure.cause?.mark.line == 3 && failure.cause?.text == "ada do send")
    let field = Failure.Field(path: "added.text", expected: "'Hi'", seen: "'Ho'")
    #expect(failure.misses.map(\.fields) == [[field]])
    #expect(failure.misses.first?.offset == .milliseconds(5))
    #expect(failure.recent.map(\.fate) == [.unmatched])
    #expect(failure.deadline == .milliseconds(500) && failure.actor == "grace")
    #expect(outcome.duration >= .milliseconds(500))
  }

  @Test("an identifier of an actor is told by its name")
  func named() throws {
    var script = opening()
    script.add(["ada"], .operate(Toy.sending(.reference("ada.id", Toy.mark()))))
    var expectation = Toy.expecting(within: .milliseconds(100))
    expectation.fields = [
      FieldMatch(path: Toy.path("added.text"), matcher: .equals(.reference("grace.id", Toy.mark())))
    ]
    script.add(["grace"], .expect(expectation))
    let failure = try #require(try play(script).failures.first)
    #expect(failure.expected == "an event within 100ms where added.text is 'id-of-grace' (grace)")
    let field = Failure.Field(path: "added.text", expected: "'id-of-grace' (grace)", seen: "'id-of-ada' (ada)")
    #expect(failure.misses.first?.fields == [field])
  }

  @Test("an event that comes after its time does not count")
  func late() throws {
    var script = opening()
    script.add(["ada"], .operate(Toy.sending(.literal("Hi"))))
    script.add(["grace"], .expect(Toy.expecting("Hi", within: .milliseconds(10))))
    var manners = ToyServer.Manners()
    manners.showsLate = true
    #expect(try play(script, manners).status == .failed)
    // Nor does it when nobody looked before it was there.
    var slow = opening()
    slow.add(["ada"], .operate(Toy.sending(.literal("Hi"))))
    slow.add(["grace"], .never(Toy.expecting("Ho")))
    slow.add(["grace"], .expect(Toy.expecting("Hi", within: .milliseconds(10))))
    #expect(try play(slow, manners).failures.first?.seen == "1 event: too late")
  }

  @Test("what arrives while nobody waits is there for whoever asks later, once")
  func kept() throws {
    var script = opening()
    for text in ["a", "b", "c"] { script.add(["ada"], .operate(Toy.sending(.literal(.string(text))))) }
    script.add(["grace"], .expect(Toy.expecting("b")))
    var all = Toy.expecting(count: 2)
    all.order = OrderRule(path: Toy.path("added.text"), values: .literal(["a", "c"]))
    script.add(["grace"], .expect(all))
    script.add(["grace"], .never(Toy.expecting()))
    #expect(try play(script).failures == [])
  }

  @Test("a second copy is found by exactly, and one more by never", arguments: [true, false])
  func tooMuch(exactly: Bool) throws {
    var script = opening()
    script.add(["ada"], .operate(Toy.sending(.literal("Hi"))))
    script.add(["grace"], .expect(Toy.expecting("Hi", exactly: exactly)))
    script.add(["grace"], .never(Toy.expecting("Hi")))
    var manners = ToyServer.Manners()
    manners.copies = 2
    let outcome = try play(script, manners)
    #expect(outcome.failures.map(\.mark.line) == [exactly ? 4 : 5])
    let checks = runChecks(outcome.history, catalog: Toy.scenario().actions)
    #expect(checks.first?.violations == 1)
  }

  @Test("refusals: expected ones pass, others fail the step")
  func refusals() throws {
    var script = opening()
    var refused = Toy.sending(.literal("forbidden"))
    refused.fails = FailureMatch(code: "INVALID", message: "word")
    script.add(["ada"], .operate(refused))
    if case .subscribe(var foreign) = Toy.subscribing(thread: "secret", inbox: "foreign") {
      foreign.fails = FailureMatch(code: "NOT_FOUND", message: nil)
      script.add(["grace"], .subscribe(foreign))
    }
    script.add(["ada"], .operate(Toy.sending(.literal("forbidden"))))
    let outcome = try play(script)
    #expect(outcome.failures.map(\.mark.line) == [5])
    #expect(outcome.failures.first?.seen == "INVALID: No such word")
    var wrong = opening()
    refused.fails = FailureMatch(code: "OTHER", message: nil)
    wrong.add(["ada"], .operate(refused))
    #expect(try play(wrong).status == .failed)
  }

  @Test("branches meet at a barrier and know then what the others captured")
  func branches() throws {
    var first = Script()
    var sending = Toy.sending(.literal("Hi"))
    sending.captures = [Capture(name: "id", source: .path(Toy.path("send.message.id")), mark: Toy.mark())]
    first.add(["ada"], .operate(sending))
    first.add([], .barrier("sent"))
    var second = Script()
    second.add([], .barrier("sent"))
    var expectation = Toy.expecting()
    expectation.fields = [FieldMatch(path: Toy.path("added.id"), matcher: .equals(.reference("id", Toy.mark())))]
    second.add(["grace"], .expect(expectation))
    var script = opening()
    script.add([], .parallel([first.steps, second.steps]))
    #expect(try play(script).failures == [])
  }

  @Test("when one branch fails, the others do not keep the scenario waiting")
  func failingBranch() throws {
    var first = Script()
    first.add(["ada"], .operate(Toy.sending(.literal("forbidden"))))
    first.add([], .barrier("sent"))
    var second = Script()
    second.add([], .barrier("sent"))
    var script = opening()
    script.add([], .parallel([first.steps, second.steps]))
    let outcome = try play(script)
    #expect(outcome.failures.count == 1)
    #expect(outcome.duration < .seconds(1))
  }

  @Test("each and repeat define their names and restore them")
  func loops() throws {
    var inner = Script()
    inner.add([], .operate(Toy.sending(.text([.reference("actor", Toy.mark()), .reference("index", Toy.mark())]))))
    var each = Script()
    each.add([], .each(actors: ["ada", "grace"], steps: inner.steps))
    var script = opening()
    script.add([], .repeat(times: 2, steps: each.steps))
    var all = Toy.expecting(count: 4, exactly: true)
    all.order = OrderRule(path: Toy.path("added.text"), values: .literal(["ada0", "grace0", "ada1", "grace1"]))
    script.add(["grace"], .expect(all))
    #expect(try play(script).failures == [])
  }

  @Test("a socket that the server ends is in the inbox 'closed', and no token is in the history")
  func revoked() throws {
    var script = opening()
    script.add(["ada"], .operate(OperationStep(operation: Toy.revoke, variables: .object([]), channel: .http)))
    var closed = Toy.expecting()
    closed.inbox = "closed"
    closed.fields = [FieldMatch(path: Toy.path("code"), matcher: .equals(.literal(4403)))]
    script.add(["grace"], .expect(closed))
    script.add(["grace"], .connect)
    let outcome = try play(script)
    #expect(outcome.failures == [])
    var unaware = opening()
    unaware.add(["ada"], .operate(OperationStep(operation: Toy.revoke, variables: .object([]), channel: .http)))
    unaware.add(["grace"], .never(Toy.expecting()))
    #expect(try play(unaware).failures.first?.message.contains("closed with code 4403") == true)
    let text = String(decoding: outcome.history.jsonLines, as: UTF8.self)
    #expect(!text.contains("secret-token"))
    #expect(text.contains("[redacted]"))
  }

  @Test(
    "every way to disconnect ends, and a socket that has gone silent hears nothing",
    arguments: DisconnectManner.allCases)
  func disconnecting(manner: DisconnectManner) throws {
    var script = opening()
    script.add(["grace"], .disconnect(manner))
    script.add(["ada"], .operate(Toy.sending(.literal("Hi"))))
    script.add(["grace"], .connect)
    let outcome = try play(script)
    #expect(outcome.failures == [])
    #expect(runChecks(outcome.history, catalog: Toy.scenario().actions).flatMap(\.findings).isEmpty)
  }

  @Test("time that runs out, and a fence that does not come back, fail the step under way")
  func timeout() throws {
    var script = opening()
    script.add(["grace"], .expect(Toy.expecting("Hi", within: .seconds(100))))
    let outcome = try play(script, timeout: .seconds(20))
    #expect(outcome.status == .failed)
    #expect(outcome.failures.map(\.mark.line) == [3])
    var manners = ToyServer.Manners()
    manners.answersFences = false
    #expect(try play(opening(), manners).failures.map(\.mark.line) == [2])
  }

  @Test("without fences time decides, and the notes say so", arguments: [true, false])
  func quietTime(answersPings: Bool) throws {
    var manners = ToyServer.Manners()
    manners.fences = false
    manners.answersFences = answersPings
    var script = opening()
    script.add(["ada"], .operate(Toy.sending(.literal("Hi"))))
    script.add(["grace"], .expect(Toy.expecting("Hi", exactly: true)))
    script.add(["grace"], .never(Toy.expecting()))
    let outcome = try play(script, manners)
    #expect(outcome.failures == [])
    #expect(outcome.notes.count { $0.contains("a quiet time of 300ms, without a fence") } == 2, "\(outcome.notes)")
    manners.copies = 2
    #expect(try play(script, manners).failures.map(\.mark.line) == [4])
  }

  @Test("a server that is not there is the harness's trouble, not a failed scenario")
  func unreachable() throws {
    var manners = ToyServer.Manners()
    manners.refusesConnections = true
    let outcome = try play(opening(), manners)
    #expect(outcome.status == .errored)
    #expect(outcome.failures.map(\.mark.line) == [1])
  }

  @Test("a token that a step shows is not in its failure")
  func noTokenInFailures() throws {
    var script = opening()
    var revoking = OperationStep(operation: Toy.revoke, variables: .object([]), channel: .http)
    revoking.returns = [FieldMatch(path: Toy.path("revoke.token"), matcher: .equals(.literal("other")))]
    script.add(["ada"], .operate(revoking))
    let failure = try #require(try play(script).failures.first)
    #expect(failure.seen == "[redacted]")
    #expect(!"\(failure)".contains("secret-token"))
  }

  @Test("a seed gives one history")
  func deterministic() throws {
    var script = opening()
    var branch = Script()
    for text in ["a", "b"] { branch.add(["ada"], .operate(Toy.sending(.literal(.string(text))))) }
    script.add([], .parallel([branch.steps, branch.steps]))
    let first = try play(script, seed: 7).history.jsonLines
    let second = try play(script, seed: 7).history.jsonLines
    #expect(first == second)
    #expect(!first.isEmpty)
  }
}
