import Client
import JSON
import Synchronization
import Testing
import Wire
import World

@Suite(.timeLimit(.minutes(1))) struct GraphQLSocketClientTests {
  /// A client whose server is the test, in time that the test makes.
  private final class Fixture: Sendable {
    let transport = ScriptedTransport()
    let clock = ManualClock()
    let world: World
    let events = Recorder<SocketClientEvent>()
    let client: GraphQLSocketClient

    init(heartbeat: Duration? = nil, onEvent: (@Sendable (SocketClientEvent) -> Void)? = nil) {
      var configuration = SocketClientConfiguration()
      configuration.heartbeatInterval = heartbeat
      configuration.heartbeatJitter = 0
      world = World(clock: clock, seed: 1)
      let events = events
      client = GraphQLSocketClient(
        transport: transport, endpoint: Endpoint(host: "a", port: 1), world: world, name: "a",
        configuration: configuration
      ) { event in
        events.record(event)
        onEvent?(event)
      }
    }

    func connect() async throws {
      async let connected: Void = client.connect(token: "t")
      await sent(.connectionInit(payload: ["token": "t"]))
      transport.say(.connectionAck(payload: nil))
      try await connected
    }

    func sent(_ message: TransportMessage) async { await transport.log.wait { $0.contains(.message(message)) } }
  }

  private func lost(_ reason: String) -> SocketClientEvent { .closed(code: 1006, reason: reason, clean: false) }

  @Test("connecting asks for the subprotocol, introduces itself, and returns with the acknowledgement")
  func connect() async throws {
    let fixture = Fixture()
    try await fixture.connect()
    guard case .open(let request)? = fixture.transport.log.elements.first else { return #expect(Bool(false)) }
    #expect(request.headers["Sec-WebSocket-Protocol"] == "graphql-transport-ws")
    #expect(fixture.client.isReady)
    #expect(fixture.client.traffic.sent > 0 && fixture.client.traffic.received == 25)
  }

  @Test("a server that does not acknowledge in time is given up")
  func acknowledgementLimit() async {
    let fixture = Fixture()
    async let failure = #expect(throws: ClientError.self) { try await fixture.client.connect() }
    await fixture.sent(.connectionInit(payload: nil))
    await fixture.clock.sleeps.wait(count: 1)
    fixture.clock.advance(by: .seconds(10))
    #expect(await failure?.kind == .timedOut)
    #expect(fixture.transport.log.elements.last == .abort)
  }

  @Test("connecting can be cancelled")
  func cancelConnect() async {
    let fixture = Fixture()
    let task = fixture.world.spawnThrowing { try await fixture.client.connect() }
    await fixture.sent(.connectionInit(payload: nil))
    task.cancel()
    let error = await #expect(throws: ClientError.self) { try await task.value }
    #expect(error?.kind == .cancelled)
    #expect(fixture.transport.log.elements.last == .abort)
  }

  @Test("everything that comes is told in its order, and the end once, last")
  func order() async throws {
    let fixture = Fixture()
    try await fixture.connect()
    #expect(fixture.client.start(id: "1", query: "{ a }", operationName: nil, variables: ["b": 1]))
    await fixture.sent(.subscribe(id: "1", payload: ["query": "{ a }", "variables": ["b": 1]]))
    fixture.transport.say(.next(id: "1", payload: ["data": 1]))
    fixture.transport.say(.error(id: "2", errors: [["message": "no"]]))
    fixture.transport.say(.complete(id: "1"))
    fixture.transport.say(.closed(code: 4403, reason: "revoked", clean: true))
    fixture.transport.say(.closed(code: 1006, reason: "", clean: false))
    fixture.client.abort()
    #expect(
      fixture.events.elements == [
        .next(id: "1", payload: ["data": 1]), .error(id: "2", errors: [["message": "no"]]), .complete(id: "1"),
        .closed(code: 4403, reason: "revoked", clean: true),
      ])
    #expect(!fixture.client.start(id: "3", query: "{ a }"))
  }

  @Test("whoever is told of an event may call the client, and is told the next one only after it has returned")
  func reentrancy() async throws {
    let depth = Mutex(0)
    let box = Mutex<Fixture?>(nil)
    let fixture = Fixture { event in
      let now = depth.withLock { depth in
        depth += 1
        return depth
      }
      #expect(now == 1)
      if case .next(let id, _) = event {
        let client = box.withLock { $0 }?.client
        client?.complete(id: id)
        client?.close()
        box.withLock { $0 }?.transport.say(.closed(code: 1000, reason: "", clean: true))
      }
      depth.withLock { $0 -= 1 }
    }
    box.withLock { $0 = fixture }
    try await fixture.connect()
    fixture.transport.say(.next(id: "1", payload: ["data": 1]))
    #expect(
      fixture.transport.log.elements.suffix(2) == [.message(.complete(id: "1")), .close(1000, "")])
    #expect(
      fixture.events.elements == [
        .next(id: "1", payload: ["data": 1]), .closed(code: 1000, reason: "", clean: true),
      ])
    box.withLock { $0 = nil }
  }

  @Test("a fence returns with its own pong; an end fails it; a cancelled one is forgotten")
  func fence() async throws {
    let fixture = Fixture()
    try await fixture.connect()
    let tasks = ["a", "b", "c"].map { name in fixture.world.spawnThrowing { try await fixture.client.fence(name) } }
    for name in ["a", "b", "c"] { await fixture.sent(.ping(payload: ["fence": .string(name)])) }
    fixture.transport.say(.pong(payload: ["fence": "b"]))
    try await tasks[1].value
    tasks[2].cancel()
    let cancelled = await #expect(throws: ClientError.self) { try await tasks[2].value }
    #expect(cancelled?.kind == .cancelled)
    fixture.transport.say(.closed(code: 1001, reason: "bye", clean: true))
    let ended = await #expect(throws: ClientError.self) { try await tasks[0].value }
    #expect(ended?.closeCode == .goingAway)
  }

  @Test("a heartbeat that is answered is followed by the next; one that is not ends the connection")
  func heartbeat() async throws {
    let fixture = Fixture(heartbeat: .seconds(20))
    try await fixture.connect()
    // The acknowledgement's limit, then the first pause.
    await fixture.clock.sleeps.wait(count: 2)
    fixture.clock.advance(by: .seconds(20))
    await fixture.sent(.ping(payload: nil))
    fixture.transport.say(.pong(payload: nil))
    await fixture.clock.sleeps.wait(count: 3)
    fixture.clock.advance(by: .seconds(10))
    await fixture.clock.sleeps.wait(count: 4)
    fixture.clock.advance(by: .seconds(10))
    await fixture.clock.sleeps.wait(count: 5)
    #expect(fixture.transport.log.elements.filter { $0 == .message(.ping(payload: nil)) }.count == 2)
    fixture.clock.advance(by: .seconds(10))
    let seen = await fixture.events.wait(count: 2)
    #expect(seen == [.pong(payload: nil), lost("The server did not answer a heartbeat within 10.0 seconds")])
    #expect(fixture.transport.log.elements.last == .abort)
  }

  @Test("heartbeats come at their interval, even where an answer may take longer than that")
  func shortInterval() async throws {
    let fixture = Fixture(heartbeat: .milliseconds(100))
    try await fixture.connect()
    for beats in 1...3 {
      // The acknowledgement's limit, then one pause for each heartbeat.
      await fixture.clock.sleeps.wait(count: beats + 1)
      fixture.clock.advance(by: .milliseconds(100))
      await fixture.transport.log.wait { log in
        log.count { $0 == .message(.ping(payload: nil)) } == beats
      }
    }
  }

  @Test("a silenced client neither hears nor says anything until it is cut")
  func silence() async throws {
    let fixture = Fixture()
    try await fixture.connect()
    fixture.client.silence()
    fixture.transport.say(.next(id: "1", payload: ["data": 1]))
    fixture.transport.say(.ping(payload: nil))
    #expect(!fixture.client.start(id: "1", query: "{ a }"))
    #expect(fixture.transport.log.elements.last == .silence)
    #expect(fixture.events.elements.isEmpty)
    fixture.client.abort()
    #expect(fixture.transport.log.elements.last == .abort)
    #expect(fixture.events.elements == [lost("The client cut the connection")])
  }

  @Test("a ping is answered, and a server that breaks the protocol is closed with 4400")
  func server() async throws {
    let fixture = Fixture()
    try await fixture.connect()
    fixture.transport.say(.ping(payload: ["a": 1]))
    #expect(fixture.transport.log.elements.last == .message(.pong(payload: ["a": 1])))
    fixture.transport.say(.text(Array("{}".utf8)))
    guard case .close(4400, _)? = fixture.transport.log.elements.last else { return #expect(Bool(false)) }
    guard case .closed(4400, _, false)? = fixture.events.elements.last else { return #expect(Bool(false)) }
  }
}
