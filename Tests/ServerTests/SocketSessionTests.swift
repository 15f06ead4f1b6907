import GraphQL
import JSON
import Server
import Testing
import Wire
import World

@Suite(.timeLimit(.minutes(1))) struct SocketSessionTests {
  /// A socket of its own server, without a network.
  private struct Fixture {
    let service = FixtureService()
    let clock = ManualClock()
    let outbound: RecordingOutbound
    let core: ServerCore

    init(outboundLimit: Int = .max, _ change: (inout ServerConfiguration) -> Void = { _ in }) {
      outbound = RecordingOutbound(limit: outboundLimit)
      var configuration = ServerConfiguration()
      change(&configuration)
      core = ServerCore(service: service, world: World(clock: clock, seed: 1), configuration: configuration)
    }

    func open(_ headers: HTTPHeaders = ["Sec-WebSocket-Protocol": "graphql-transport-ws"]) throws -> any SocketInbound {
      try core.openSocket(
        upgrade: HTTPRequest(method: "GET", target: "/graphql", headers: headers), outbound: outbound
      ).get()
    }

    /// An open socket that has introduced itself.
    func ready() async throws -> any SocketInbound {
      let socket = try open()
      socket.receive(.connectionInit(payload: nil))
      await outbound.log.wait { $0.contains(.message(.connectionAck(payload: nil))) }
      return socket
    }

    func closed() async -> RecordingOutbound.Entry? {
      await outbound.log.wait { $0.contains { if case .close = $0 { true } else { false } } }
      return outbound.log.elements.last
    }

    func received(_ message: TransportMessage) async { await outbound.log.wait { $0.contains(.message(message)) } }

    /// Everything the server said after `connection_ack`.
    var answers: [TransportMessage] { Array(outbound.messages.drop { $0 != .connectionAck(payload: nil) }.dropFirst()) }
  }

  private func event(_ id: String, _ text: String) -> TransportMessage {
    .next(id: id, payload: ["data": ["events": .string(text)]])
  }

  @Test("a token comes from the payload, from its authorization, or from the upgrade")
  func tokens() async throws {
    let headers: HTTPHeaders = ["Sec-WebSocket-Protocol": "graphql-transport-ws", "Authorization": "Bearer header"]
    let payloads: [(JSONObject?, String)] = [
      (["token": "payload"], "payload"), (["authorization": "Bearer bearer"], "bearer"), (nil, "header"),
      (["other": 1], "header"),
    ]
    for (payload, name) in payloads {
      let fixture = Fixture()
      let socket = try fixture.open(headers)
      socket.receive(.connectionInit(payload: payload))
      await fixture.received(.connectionAck(payload: nil))
      socket.receive(.subscribe(id: "1", payload: ["query": "{ hello }"]))
      await fixture.received(.next(id: "1", payload: ["data": ["hello": .string(name)]]))
      await fixture.received(.complete(id: "1"))
    }
  }

  @Test(
    "a peer that breaks the protocol is closed with the code for it",
    arguments: [
      (["nonsense"], 4400), ([#"{"type":"next","id":"1","payload":{}}"#], 4400),
      ([#"{"type":"connection_init","payload":{"token":7}}"#], 4400),
      ([#"{"type":"subscribe","id":"1","payload":{"query":"{ hello }"}}"#], 4401),
      ([#"{"type":"connection_init","payload":{"token":"bad"}}"#], 4403),
      ([#"{"type":"connection_init","payload":{"token":"slow"}}"#, #"{"type":"connection_init"}"#], 4429),
      (
        [
          #"{"type":"connection_init","payload":{"token":"slow"}}"#,
          #"{"type":"subscribe","id":"1","payload":{"query":"{ hello }"}}"#,
        ], 4401
      ),
    ] as [([String], UInt16)])
  func violations(messages: [String], code: UInt16) async throws {
    let fixture = Fixture()
    let socket = try fixture.open()
    for message in messages { socket.received(text: Array(message.utf8)) }
    guard case .close(code, _)? = await fixture.closed() else {
      return #expect(Bool(false), "\(fixture.outbound.log.elements)")
    }
  }

  @Test(
    "a ready peer that breaks the protocol is closed with the code for it",
    arguments: [
      ([#"{"type":"connection_init"}"#], 4429),
      ([#"{"type":"subscribe","id":"1","payload":{"query":7}}"#], 4400),
      (
        [
          #"{"type":"subscribe","id":"1","payload":{"query":"subscription { events }"}}"#,
          #"{"type":"subscribe","id":"1","payload":{"query":"subscription { events }"}}"#,
        ], 4409
      ),
      ([String(repeating: " ", count: 2000)], 1009),
    ] as [([String], UInt16)])
  func readyViolations(messages: [String], code: UInt16) async throws {
    let fixture = Fixture { $0.messageLimit = 1000 }
    let socket = try await fixture.ready()
    for message in messages { socket.received(text: Array(message.utf8)) }
    guard case .close(code, _)? = await fixture.closed() else {
      return #expect(Bool(false), "\(fixture.outbound.log.elements)")
    }
    await fixture.service.log.wait { $0.contains("closed") }
  }

  @Test("a client without our subprotocol is closed with 4406")
  func subprotocol() async throws {
    let fixture = Fixture()
    _ = try fixture.open(["Sec-WebSocket-Protocol": "graphql-ws"])
    #expect(await fixture.closed() == .close(4406, "Subprotocol not acceptable"))
  }

  @Test("an origin that is not allowed, another path, and a draining server are refused before there is a socket")
  func refusedUpgrades() async {
    let fixture = Fixture { $0.allowedOrigins = ["https://a.example"] }
    func status(_ target: String, _ headers: HTTPHeaders) -> Int? {
      let request = HTTPRequest(method: "GET", target: target, headers: headers)
      guard case .failure(let response) = fixture.core.openSocket(upgrade: request, outbound: fixture.outbound) else {
        return nil
      }
      return response.status
    }
    #expect(status("/graphql", ["Origin": "https://b.example"]) == 403)
    #expect(status("/graphql", ["Origin": "https://a.example"]) == nil)
    #expect(status("/elsewhere", [:]) == 404)
    await fixture.core.drain()
    #expect(status("/graphql", [:]) == 503)
  }

  @Test("a peer that does not introduce itself in time is closed with 4408")
  func initialisationTimeout() async throws {
    let fixture = Fixture()
    _ = try fixture.open()
    _ = await fixture.clock.sleeps.wait(count: 2)
    fixture.clock.advance(by: .seconds(10))
    #expect(await fixture.closed() == .close(4408, "Connection initialisation timeout"))
  }

  @Test("a silent peer is asked for a sign of life, then closed")
  func silence() async throws {
    let fixture = Fixture { $0.silenceLimit = .seconds(40) }
    _ = try await fixture.ready()
    for round in 1...4 {
      await fixture.clock.sleeps.wait { sleeps in sleeps.filter { $0.nanoseconds % 10_000_000_000 == 0 }.count > round }
      fixture.clock.advance(by: .seconds(10))
    }
    guard case .close(1001, _)? = await fixture.closed() else { return #expect(Bool(false)) }
    #expect(fixture.answers == [.ping(payload: nil)])
  }

  @Test("an operation that fails before it runs is answered by an error, one that runs by next and complete")
  func answers() async throws {
    let fixture = Fixture()
    let socket = try await fixture.ready()
    socket.receive(.subscribe(id: "a", payload: ["query": "{ nonsense }"]))
    socket.receive(.subscribe(id: "b", payload: ["query": "subscription { denied }"]))
    socket.receive(.subscribe(id: "c", payload: ["query": "{ partial }"]))
    await fixture.outbound.log.wait(count: 5)
    let byID = { (id: String) in fixture.answers.filter { $0.bytes.contains(id.utf8.first ?? 0) && $0.id == id } }
    #expect(
      byID("a") == [
        .error(
          id: "a",
          errors: [["message": "Syntax Error: { nonsense }", "extensions": ["code": "GRAPHQL_PARSE_FAILED"]]])
      ])
    #expect(
      byID("b") == [.error(id: "b", errors: [["message": "Not permitted", "extensions": ["code": "FORBIDDEN"]]])])
    #expect(
      byID("c") == [
        .next(id: "c", payload: ["errors": [["message": "half"]], "data": ["a": nil]]), .complete(id: "c"),
      ])
  }

  @Test("events that come before a subscription has started are delivered, in order")
  func eagerEvents() async throws {
    let fixture = Fixture()
    let socket = try await fixture.ready()
    socket.receive(.subscribe(id: "1", payload: ["query": "subscription { eager }"]))
    socket.receive(.ping(payload: ["fence": "f"]))
    await fixture.received(.pong(payload: ["fence": "f"]))
    fixture.service.publish("late")
    #expect(fixture.answers == [event("1", "early"), .pong(payload: ["fence": "f"]), event("1", "late")])
  }

  @Test("a fence waits for the subscriptions before it, then for the service; a plain ping waits for nothing")
  func fence() async throws {
    let fixture = Fixture()
    let socket = try await fixture.ready()
    socket.receive(.subscribe(id: "1", payload: ["query": "subscription { gated }"]))
    await fixture.service.log.wait { $0.contains("subscribe gated") }
    socket.receive(.ping(payload: ["fence": "f"]))
    socket.receive(.ping(payload: ["plain": true]))
    #expect(fixture.answers == [.pong(payload: ["plain": true])])
    #expect(!fixture.service.log.elements.contains("fence"))
    fixture.service.open("gated")
    await fixture.received(.pong(payload: ["fence": "f"]))
    #expect(fixture.service.subscriberCount == 1)
    #expect(fixture.service.log.elements.filter { $0 == "alive" }.count == 2)
  }

  @Test("a fence does not wait for a query that runs")
  func fencePassesQuery() async throws {
    let fixture = Fixture()
    let socket = try await fixture.ready()
    socket.receive(.subscribe(id: "1", payload: ["query": "{ slow }"]))
    socket.receive(.ping(payload: ["fence": "f"]))
    await fixture.received(.pong(payload: ["fence": "f"]))
    fixture.service.open("slow")
    await fixture.received(.complete(id: "1"))
  }

  @Test("complete ends a subscription that is still starting; its id may be used again")
  func completeWhileStarting() async throws {
    let fixture = Fixture()
    let socket = try await fixture.ready()
    socket.receive(.subscribe(id: "1", payload: ["query": "subscription { gated }"]))
    await fixture.service.log.wait { $0.contains("subscribe gated") }
    socket.receive(.complete(id: "1"))
    socket.receive(.subscribe(id: "1", payload: ["query": "subscription { events }"]))
    fixture.service.open("gated")
    await fixture.service.log.wait { $0.contains("cancelled") }
    socket.receive(.ping(payload: ["fence": "f"]))
    await fixture.received(.pong(payload: ["fence": "f"]))
    fixture.service.publish("x")
    #expect(fixture.answers == [.pong(payload: ["fence": "f"]), event("1", "x")])
    #expect(fixture.service.subscriberCount == 1)
  }

  @Test("nothing is delivered after complete, from either side")
  func afterComplete() async throws {
    let fixture = Fixture()
    let socket = try await fixture.ready()
    for id in ["1", "2", "3"] { socket.receive(.subscribe(id: id, payload: ["query": "subscription { events }"])) }
    socket.receive(.ping(payload: ["fence": "f"]))
    await fixture.received(.pong(payload: ["fence": "f"]))
    let subscribers = fixture.service.subscribers
    for subscriber in subscribers { subscriber.next(FixtureService.payload("a")) }
    socket.receive(.complete(id: "2"))
    socket.receive(.complete(id: "unknown"))
    #expect(fixture.service.subscriberCount == 2)
    // The order in which subscriptions started is not that of their ids.
    for subscriber in subscribers { subscriber.complete() }
    for subscriber in subscribers { subscriber.next(FixtureService.payload("b")) }
    let answers = fixture.answers
    #expect(answers.filter { $0 == .complete(id: "1") || $0 == .complete(id: "3") }.count == 2)
    #expect(!answers.contains(.complete(id: "2")))
    #expect(answers.count == 1 + 3 + 2)
  }

  @Test("a stream that fails ends with its errors")
  func streamFails() async throws {
    let fixture = Fixture()
    let socket = try await fixture.ready()
    socket.receive(.subscribe(id: "1", payload: ["query": "subscription { events }"]))
    socket.receive(.ping(payload: ["fence": "f"]))
    await fixture.received(.pong(payload: ["fence": "f"]))
    fixture.service.subscribers.first?.fail(Array(#"[{"message":"gone"}]"#.utf8))
    #expect(fixture.answers.last == .error(id: "1", errors: [["message": "gone"]]))
  }

  @Test("a socket that ends takes its subscriptions and its query with it, and lets its mutation finish")
  func ended() async throws {
    let fixture = Fixture()
    let socket = try await fixture.ready()
    socket.receive(.subscribe(id: "1", payload: ["query": "subscription { events }"]))
    socket.receive(.subscribe(id: "2", payload: ["query": "{ slow }"]))
    socket.receive(.subscribe(id: "3", payload: ["query": "mutation { slow }"]))
    await fixture.service.log.wait { log in log.filter { $0 == "execute slow" }.count == 2 }
    socket.receive(.ping(payload: ["fence": "f"]))
    await fixture.received(.pong(payload: ["fence": "f"]))
    socket.ended()
    #expect(fixture.service.subscriberCount == 0)
    fixture.service.open("slow")
    let log = await fixture.service.log.wait { log in log.filter { $0.hasPrefix("executed") }.count == 2 }
    #expect(log.contains("executed slow cancelled"))
    #expect(log.contains("executed slow"))
    #expect(log.filter { $0 == "closed" }.count == 1)
  }

  @Test("a revoked session loses its socket at once")
  func revoked() async throws {
    let fixture = Fixture()
    let socket = try await fixture.ready()
    socket.receive(.subscribe(id: "1", payload: ["query": "subscription { events }"]))
    socket.receive(.ping(payload: ["fence": "f"]))
    await fixture.received(.pong(payload: ["fence": "f"]))
    fixture.service.revokeAll()
    #expect(fixture.outbound.log.elements.last == .close(4403, "Session revoked"))
    #expect(fixture.service.subscriberCount == 0)
    fixture.service.publish("x")
    socket.receive(.ping(payload: nil))
    #expect(fixture.outbound.log.elements.last == .close(4403, "Session revoked"))
    socket.ended()
    #expect(fixture.service.log.elements.filter { $0 == "closed" }.count == 1)
  }

  @Test("a session revoked while its socket opens is not left behind with the service")
  func revokedWhileOpening() async throws {
    let fixture = Fixture()
    let socket = try fixture.open()
    socket.receive(.connectionInit(payload: ["token": "revoked"]))
    await fixture.service.log.wait(count: 2)
    #expect(fixture.service.log.elements == ["opened", "closed"])
    #expect(fixture.outbound.log.elements == [.close(4403, "Session revoked")])
  }

  @Test("a consumer that is too slow is closed with 1008")
  func slowConsumer() async throws {
    let fixture = Fixture(outboundLimit: 4)
    let socket = try await fixture.ready()
    socket.receive(.subscribe(id: "1", payload: ["query": "subscription { events }"]))
    socket.receive(.ping(payload: ["fence": "f"]))
    await fixture.received(.pong(payload: ["fence": "f"]))
    for text in ["a", "b", "c", "d"] { fixture.service.publish(text) }
    #expect(fixture.outbound.log.elements.last == .close(1008, "slow consumer"))
    #expect(fixture.answers == [.pong(payload: ["fence": "f"]), event("1", "a"), event("1", "b")])
  }

  @Test("operations and fences have their limits")
  func limits() async throws {
    let fixture = Fixture {
      $0.operationsPerSocket = 1
      $0.fencesPerSocket = 1
    }
    let socket = try await fixture.ready()
    socket.receive(.subscribe(id: "1", payload: ["query": "subscription { gated }"]))
    socket.receive(.subscribe(id: "2", payload: ["query": "{ hello }"]))
    let answer = await fixture.outbound.log.wait(count: 2).last
    guard case .message(.error("2", _))? = answer else { return #expect(Bool(false), "\(String(describing: answer))") }
    socket.receive(.ping(payload: ["fence": "a"]))
    socket.receive(.ping(payload: ["fence": "b"]))
    #expect(await fixture.closed() == .close(1008, "Too many fences"))
    fixture.service.open("gated")
  }

  @Test("a draining server finishes a socket's operation, then closes it with 1001")
  func drain() async throws {
    let fixture = Fixture()
    let socket = try await fixture.ready()
    socket.receive(.subscribe(id: "1", payload: ["query": "{ slow }"]))
    await fixture.service.log.wait { $0.contains("execute slow") }
    async let drained: Void = fixture.core.drain()
    await fixture.core.begunToDrain()
    fixture.service.open("slow")
    await drained
    #expect(
      fixture.outbound.log.elements.suffix(3) == [
        .message(.next(id: "1", payload: ["data": ["hello": "anonymous"]])), .message(.complete(id: "1")),
        .close(1001, "Server is shutting down"),
      ])
  }
}

extension SocketInbound {
  fileprivate func receive(_ message: TransportMessage) { received(text: message.bytes) }
}

extension TransportMessage {
  fileprivate var id: String? {
    switch self {
    case .next(let id, _), .error(let id, _), .complete(let id), .subscribe(let id, _): id
    default: nil
    }
  }
}
