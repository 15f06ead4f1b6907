import Cryptography
import GraphQL
import Server
import Testing
import Wire

/// graphql-transport-ws (github.com/enisdenjo/graphql-ws, PROTOCOL.md) over real sockets: what one side says, and what
/// the other must answer.
@Suite(.timeLimit(.minutes(1))) struct TransportConformance {
  private enum Step {
    /// The client sends this text.
    case say(String)
    case sayBinary([UInt8])
    /// The server sends exactly this text next.
    case hear(String)
    /// The server sends a text next that has these words.
    case find([String])
    /// The server sends these texts next, in any order.
    case hearAll(Set<String>)
    /// The server closes with this code next; its reason has these words.
    case closed(UInt16, String)
    /// The client sends a close frame, and the server answers with another of that code.
    case leave
    /// The connection is cut.
    case cut
    /// An event is published.
    case publish(String)
    /// The oldest subscription's stream ends.
    case complete
    /// The oldest subscription's stream fails.
    case fail
    case open(String)
    /// Waits until the service was told this.
    case told(String)
    case revoke
  }

  private struct Case {
    let name: String
    var subprotocol: String? = "graphql-transport-ws"
    var configure: (@Sendable (inout ServerConfiguration) -> Void)?
    let steps: [Step]

    init(
      _ name: String, subprotocol: String? = "graphql-transport-ws", _ steps: [Step],
      configure: (@Sendable (inout ServerConfiguration) -> Void)? = nil
    ) {
      self.name = name
      self.subprotocol = subprotocol
      self.configure = configure
      self.steps = steps
    }
  }

  private static func subscribe(_ id: String, _ query: String, _ more: String = "") -> Step {
    .say(#"{"id":"\#(id)","type":"subscribe","payload":{"query":"\#(query)"\#(more)}}"#)
  }

  private static func complete(_ id: String) -> Step { .say(completed(id)) }
  private static func completed(_ id: String) -> String { #"{"id":"\#(id)","type":"complete"}"# }
  private static func next(_ id: String, _ data: String) -> String {
    #"{"id":"\#(id)","type":"next","payload":{"data":\#(data)}}"#
  }
  private static func event(_ id: String, _ text: String) -> Step { .hear(next(id, #"{"events":"\#(text)"}"#)) }

  private static let initialise = Step.say(#"{"type":"connection_init"}"#)
  private static let ack = Step.hear(#"{"type":"connection_ack"}"#)
  private static let ready = [initialise, ack]
  private static let slowInitialise = Step.say(#"{"type":"connection_init","payload":{"token":"slow"}}"#)
  /// After this, whatever the server was about to send has come.
  private static let nothingElse = [
    Step.say(#"{"type":"ping","payload":{"fence":"f"}}"#), .hear(#"{"type":"pong","payload":{"fence":"f"}}"#),
  ]
  private static let events = [subscribe("1", "subscription { events }"), .told("subscribed")]

  private static var connection: [Case] {
    let long = String(repeating: "x", count: 200)
    return [
      Case("no subprotocol", subprotocol: nil, [.closed(4406, "Subprotocol not acceptable")]),
      Case("the old subprotocol", subprotocol: "graphql-ws", [.closed(4406, "Subprotocol not acceptable")]),
      Case("ours among others", subprotocol: "graphql-ws, graphql-transport-ws", ready),
      Case("an init", ready),
      Case("an init with null", [.say(#"{"type":"connection_init","payload":null}"#), ack]),
      Case("an init with a payload", [.say(#"{"type":"connection_init","payload":{"a":[1]}}"#), ack]),
      Case("no init in time", [.closed(4408, "Connection initialisation timeout")]) {
        $0.initialisationTimeout = .milliseconds(20)
      },
      Case(
        "pings are no init", [.say(#"{"type":"ping"}"#), .hear(#"{"type":"pong"}"#), .closed(4408, "initialisation")]
      ) { $0.initialisationTimeout = .milliseconds(500) },
      Case("a second init", ready + [initialise, .closed(4429, "Too many initialisation requests")]),
      Case("a second init before the first is acknowledged", [slowInitialise, initialise, .closed(4429, "Too many")]),
      Case(
        "a second init while an operation runs", ready + events + [initialise, .closed(4429, ""), .told("cancelled")]),
      Case(
        "a forbidden token", [.say(#"{"type":"connection_init","payload":{"token":"bad"}}"#), .closed(4403, "session")]),
      Case("an operation before init", [subscribe("1", "{ hello }"), .closed(4401, "Unauthorized")]),
      Case("an operation before ack", [slowInitialise, subscribe("1", "{ hello }"), .closed(4401, "Unauthorized")]),
      Case("complete before init is ignored", [complete("1")] + ready),
      Case("pong before init is ignored", [.say(#"{"type":"pong"}"#)] + ready),
      Case(
        "ping before init", [.say(#"{"type":"ping","payload":{"a":1}}"#), .hear(#"{"type":"pong","payload":{"a":1}}"#)]),
      Case("ping", ready + [.say(#"{"type":"ping"}"#), .hear(#"{"type":"pong"}"#)]),
      Case("ping with null", ready + [.say(#"{"type":"ping","payload":null}"#), .hear(#"{"type":"pong"}"#)]),
      Case(
        "ping with an empty payload",
        ready + [.say(#"{"type":"ping","payload":{}}"#), .hear(#"{"type":"pong","payload":{}}"#)]),
      Case(
        "a ping's payload comes back as it is",
        ready + [
          .say(#"{"payload":{"b":[1,null,{"ü":"😀\n"}],"a":-0.5},"type":"ping"}"#),
          .hear(#"{"type":"pong","payload":{"b":[1,null,{"ü":"😀\n"}],"a":-0.5}}"#),
        ]),
      Case("pongs that nobody asked for", ready + [.say(#"{"type":"pong","payload":{"a":1}}"#)] + nothingElse),
      Case("a ping while a query runs", ready + [subscribe("1", "{ slow }"), .told("execute slow")] + nothingElse),
      // Long, so that a machine with much to do does not miss the moment at which the server asks.
      Case(
        "the server asks who is silent, and leaves",
        [.hear(#"{"type":"ping"}"#), initialise, ack, .hear(#"{"type":"ping"}"#), .closed(1001, "heard")]
      ) { $0.silenceLimit = .milliseconds(1200) },
      Case("a close reason fits its frame", ready + [.say(#"{"type":"\#(long)"}"#), .closed(4400, "xxx")]),
      Case("close is answered", ready + [.leave, .told("closed")]),
      Case("close ends what runs", ready + events + [.leave, .told("cancelled"), .told("closed")]),
      Case("a cut ends what runs", ready + events + [.cut, .told("cancelled"), .told("closed")]),
      Case(
        "a cut while an operation starts",
        ready + [
          subscribe("1", "subscription { gated }"), .told("subscribe gated"), .cut, .told("closed"), .open("gated"),
          .told("cancelled"),
        ]),
      Case("a session that is revoked", ready + events + [.revoke, .closed(4403, "revoked"), .told("cancelled")]),
      Case("a message over the limit", ready + [.say(String(repeating: " ", count: 2000)), .closed(1009, "1000")]) {
        $0.messageLimit = 1000
      },
      Case("a binary message", ready + [.sayBinary(Array(#"{"type":"ping"}"#.utf8)), .closed(1003, "text")]),
    ]
  }

  /// Messages that are none, and words of the reason.
  private static var invalid: [Case] {
    let messages = [
      ("", "JSON"), ("nonsense", "JSON"), ("{\"type\":\"ping\"", "JSON"), (#"{"type":"ping"}{"type":"ping"}"#, "JSON"),
      ("[]", "an array"), ("7", "a number"), ("null", "null"), (#""ping""#, "a string"), ("{}", "'type'"),
      (#"{"type":7}"#, "'type'"), (#"{"type":null}"#, "'type'"), (#"{"type":"start","id":"1","payload":{}}"#, "start"),
      (#"{"type":"PING"}"#, "PING"), (#"{"type":""}"#, "type"),
      (#"{"type":"connection_init","payload":"x"}"#, "an object"),
      (#"{"type":"connection_init","payload":[]}"#, "an object"),
      (#"{"type":"ping","payload":"x"}"#, "an object"), (#"{"type":"ping","payload":[]}"#, "an object"),
      (#"{"type":"pong","payload":7}"#, "an object"), (#"{"type":"pong","payload":false}"#, "an object"),
      (#"{"type":"connection_ack"}"#, "server"), (#"{"type":"next","id":"1","payload":{}}"#, "server"),
      (#"{"type":"error","id":"1","payload":[]}"#, "server"),
      (#"{"type":"subscribe","payload":{"query":"{ hello }"}}"#, "'id'"),
      (#"{"type":"subscribe","id":1,"payload":{"query":"{ hello }"}}"#, "'id'"),
      (#"{"type":"subscribe","id":null,"payload":{"query":"{ hello }"}}"#, "'id'"),
      (#"{"type":"subscribe","id":"","payload":{"query":"{ hello }"}}"#, "'id'"),
      (#"{"type":"subscribe","id":"1"}"#, "'payload'"), (#"{"type":"subscribe","id":"1","payload":null}"#, "'payload'"),
      (#"{"type":"subscribe","id":"1","payload":"{ hello }"}"#, "'payload'"),
      (#"{"type":"subscribe","id":"1","payload":[{"query":"{ hello }"}]}"#, "'payload'"),
      (#"{"type":"complete"}"#, "'id'"), (#"{"type":"complete","id":1}"#, "'id'"),
      (#"{"type":"complete","id":""}"#, "'id'"),
    ]
    let payloads = [
      (#"{}"#, "'query'"), (#"{"query":null}"#, "'query'"), (#"{"query":7}"#, "'query'"), (#"{"query":{}}"#, "'query'"),
      (#"{"query":"{ hello }","variables":[]}"#, "'variables'"),
      (#"{"query":"{ hello }","variables":"{}"}"#, "'variables'"),
      (#"{"query":"{ hello }","operationName":7}"#, "'operationName'"),
      (#"{"query":"{ hello }","extensions":[]}"#, "'extensions'"),
      (#"{"query":"{ hello }","extensions":7}"#, "'extensions'"),
    ]
    return messages.map { text, hint in Case("no message: \(text)", ready + [.say(text), .closed(4400, hint)]) }
      + payloads.map { payload, hint in
        Case(
          "no operation: \(payload)",
          ready + [.say(#"{"type":"subscribe","id":"1","payload":\#(payload)}"#), .closed(4400, hint)])
      }
  }

  private static var operations: [Case] {
    let hello = next("1", #"{"hello":"anonymous"}"#)
    let text = String(repeating: "0123456789", count: 20_000)
    let digest = hexadecimal(sha256(Array("{ hello }".utf8)))
    let persisted = #","extensions":{"persistedQuery":{"version":1,"sha256Hash":"\#(digest)"}}"#
    let echo = "query A($t: String!) { echo(text: $t) } query B { hello }"
    return [
      Case("a query", ready + [subscribe("1", "{ hello }"), .hear(hello), .hear(completed("1"))] + nothingElse),
      Case(
        "a mutation",
        ready + [
          subscribe("1", "mutation { publish(text: \\\"x\\\") }"), .hear(next("1", #"{"publish":"x"}"#)),
          .hear(completed("1")),
        ]),
      Case(
        "a mutation that a subscription of the same socket tells of",
        ready + events + [
          subscribe("2", "mutation { publish(text: \\\"x\\\") }"),
          .hearAll([next("1", #"{"events":"x"}"#), next("2", #"{"publish":"x"}"#), completed("2")]),
        ]),
      Case(
        "an operationName and variables",
        ready + [
          subscribe("1", echo, #","operationName":"A","variables":{"t":"ü\"\\😀\n\u0007"}"#),
          .hear(next("1", #"{"echo":"ü\"\\😀\n\u0007"}"#)), .hear(completed("1")),
        ]),
      Case(
        "another operationName",
        ready + [subscribe("1", echo, #","operationName":"B""#), .hear(hello), .hear(completed("1"))]),
      Case(
        "no such operation",
        ready + [subscribe("1", echo, #","operationName":"C""#), .find([#""type":"error""#, "Unknown operation"])]
          + nothingElse),
      Case(
        "no operationName",
        ready + [subscribe("1", echo), .find([#""type":"error""#, "operation name"])] + nothingElse),
      Case(
        "a variable that is missing",
        ready + [subscribe("1", echo, #","operationName":"A""#), .find([#""type":"error""#, "$t"])] + nothingElse),
      Case(
        "null members",
        ready + [
          subscribe("1", "{ hello }", #","operationName":null,"variables":null,"extensions":null"#), .hear(hello),
          .hear(completed("1")),
        ]),
      Case(
        "extensions, and members that nobody knows",
        ready + [subscribe("1", "{ hello }", #","extensions":{"a":1},"more":7"#), .hear(hello), .hear(completed("1"))]),
      Case(
        "no document",
        ready + [
          subscribe("1", "{"),
          .find([#"{"id":"1","type":"error","payload":[{"#, "Syntax Error", #""locations":[{"line":1,"column":2}]"#]),
        ] + nothingElse),
      Case(
        "an empty document", ready + [subscribe("1", ""), .find([#""type":"error""#, "Syntax Error"])] + nothingElse),
      Case(
        "two mistakes",
        ready + [subscribe("1", "{ nothing nowhere }"), .find([#""type":"error""#, "nothing", "nowhere"])] + nothingElse
      ),
      Case(
        "a query that fails in part",
        ready + [
          subscribe("1", "{ hello broken }"),
          .find([#""type":"next""#, #""errors":["#, #""data":{"hello":"anonymous","broken":null}"#]),
          .hear(completed("1")),
        ]),
      Case(
        "a query that fails whole",
        ready + [
          subscribe("1", "{ fatal }"), .find([#""type":"next""#, #""data":null"#, "BROKEN"]), .hear(completed("1")),
        ]),
      Case(
        "introspection",
        ready + [
          subscribe("1", "{ __schema { queryType { name } } }"),
          .hear(next("1", #"{"__schema":{"queryType":{"name":"Query"}}}"#)), .hear(completed("1")),
        ]),
      Case(
        "a long message and a long answer",
        ready + [
          subscribe("1", echo, #","operationName":"A","variables":{"t":"\#(text)"}"#),
          .hear(next("1", #"{"echo":"\#(text)"}"#)), .hear(completed("1")),
        ]),
      Case(
        "an id of any characters",
        ready + [subscribe(#"ü 😀\"\\\n"#, "{ nothing }"), .find([#"{"id":"ü 😀\"\\\n","type":"error""#])]),
      Case(
        "a digest that is not known, then with its document, then alone",
        ready + [
          .say(
            #"{"id":"1","type":"subscribe","payload":{"extensions":{"persistedQuery":{"version":1,"sha256Hash":"\#(digest)"}}}}"#
          ),
          .find([#""type":"error""#, #""message":"PersistedQueryNotFound""#]),
          subscribe("1", "{ hello }", persisted), .hear(hello), .hear(completed("1")),
          subscribe("1", "", persisted), .hear(hello), .hear(completed("1")),
        ]),
      Case(
        "an id again after its operation is complete",
        ready + [
          subscribe("1", "{ hello }"), .hear(hello), .hear(completed("1")), subscribe("1", "{ hello }"), .hear(hello),
          .hear(completed("1")),
        ]),
      Case(
        "an id again after an error",
        ready + [
          subscribe("1", "{"), .find(["error"]), subscribe("1", "{ hello }"), .hear(hello), .hear(completed("1")),
        ]),
      Case(
        "an id that is in use",
        ready + events + [
          subscribe("1", "{ hello }"), .closed(4409, "Subscriber for 1 already exists"), .told("cancelled"),
        ]),
      Case(
        "an id of an operation that starts",
        ready + [
          subscribe("1", "subscription { gated }"), .told("subscribe gated"), subscribe("1", "{ hello }"),
          .closed(4409, "Subscriber for 1 already exists"),
        ]),
      Case(
        "an id of a query that runs",
        ready + [
          subscribe("a", "{ slow }"), .told("execute slow"), subscribe("a", "{ hello }"),
          .closed(4409, "Subscriber for a already exists"),
        ]),
      Case(
        "one operation too many",
        ready + events + [
          subscribe("2", "{ hello }"), .find([#"{"id":"2","type":"error""#, "TOO_MANY_OPERATIONS"]), .publish("x"),
          event("1", "x"),
        ]
      ) { $0.operationsPerSocket = 1 },
      Case(
        "several at once",
        ready + [
          subscribe("1", "{ slow }"), .told("execute slow"), subscribe("2", "{ hello }"),
          .hear(next("2", #"{"hello":"anonymous"}"#)), .hear(completed("2")), subscribe("3", "subscription { events }"),
          .told("subscribed"),
          .publish("x"), event("3", "x"), .open("slow"), .hear(next("1", #"{"slow":"at last"}"#)),
          .hear(completed("1")), .publish("y"), event("3", "y"),
        ]),
    ]
  }

  private static var streams: [Case] {
    [
      Case("events", ready + events + [.publish("a"), event("1", "a"), .publish("b"), event("1", "b")] + nothingElse),
      Case(
        "an event before the subscription is known to be live",
        ready + [subscribe("1", "subscription { eager }"), .hear(next("1", #"{"eager":"early"}"#))]),
      Case(
        "a subscription that is not permitted",
        ready + [
          subscribe("1", "subscription { denied }"),
          .find([#"{"id":"1","type":"error","payload":[{"#, "Not permitted", "FORBIDDEN"]),
        ] + nothingElse),
      Case(
        "a source that fails",
        ready + [subscribe("1", "subscription { faulty }"), .find([#""type":"error""#, "Internal error"])] + nothingElse
      ),
      Case(
        "a subscription that is not valid",
        ready + [
          subscribe("1", "subscription { events eager }"), .find([#""type":"error""#, "only one top level field"]),
        ] + nothingElse),
      Case(
        "an event that fails",
        ready + events + [
          .publish("broken"),
          .find([#""type":"next""#, #""errors":[{"message":"It broke""#, #""data":{"events":null}"#]), .publish("x"),
          event("1", "x"),
        ]),
      Case(
        "a stream that ends",
        ready + events + [.publish("x"), .complete, event("1", "x"), .hear(completed("1"))] + nothingElse),
      Case(
        "a stream that fails",
        ready + events + [.fail, .hear(#"{"id":"1","type":"error","payload":[{"message":"gone"}]}"#)] + nothingElse),
      Case(
        "nothing after the end of a stream",
        ready + events + [.complete, .hear(completed("1")), .publish("x")] + nothingElse),
      Case(
        "nothing after a stream has failed",
        ready + events + [.fail, .find(["error"]), .publish("x"), .complete] + nothingElse),
      Case(
        "nothing after the client completes",
        ready + events + [.publish("a"), event("1", "a"), complete("1"), .told("cancelled"), .publish("b")]
          + nothingElse),
      Case("complete for what nobody knows", ready + [complete("nobody"), complete("nobody")] + nothingElse),
      Case("complete twice", ready + events + [complete("1"), complete("1")] + nothingElse),
      Case(
        "complete that crosses the server's",
        ready + events + [.complete, .hear(completed("1")), complete("1")] + nothingElse),
      Case("complete after an error", ready + [subscribe("1", "{"), .find(["error"]), complete("1")] + nothingElse),
      Case(
        "an id again after the client completes",
        ready + events + [
          complete("1"), .told("cancelled"), subscribe("1", "subscription { eager }"),
          .hear(next("1", #"{"eager":"early"}"#)),
        ]),
      Case(
        "complete while it starts",
        ready + [
          subscribe("1", "subscription { gated }"), .told("subscribe gated"), complete("1"), .open("gated"),
          .told("cancelled"), .publish("x"),
        ] + nothingElse),
      Case(
        "a query that is completed by its client has no result",
        ready + [
          subscribe("1", "{ slow }"), .told("execute slow"), complete("1"), .say(#"{"type":"ping"}"#),
          .hear(#"{"type":"pong"}"#), .open("slow"), .told("executed slow cancelled"),
        ] + nothingElse),
      Case(
        "a mutation that is completed by its client is carried out",
        ready + [
          subscribe("1", "mutation { slow }"), .told("execute slow"), complete("1"), .say(#"{"type":"ping"}"#),
          .hear(#"{"type":"pong"}"#), .open("slow"), .told("executed slow"),
        ] + nothingElse),
      Case(
        "the result of an old operation is not taken for one of a new",
        ready + [
          subscribe("1", "{ slow }"), .told("execute slow"), complete("1"), subscribe("1", "{ hello }"),
          .hear(next("1", #"{"hello":"anonymous"}"#)), .hear(completed("1")), .open("slow"),
        ] + nothingElse),
    ]
  }

  @Test("connections begin, live and end as graphql-transport-ws has it") func connections() async throws {
    try await play(Self.connection)
  }

  @Test("what is no message closes the socket with 4400") func invalidMessages() async throws {
    try await play(Self.invalid)
  }

  @Test("operations are answered by next and complete, or an error") func operations() async throws {
    try await play(Self.operations)
  }

  @Test("streams deliver until either side completes them") func streams() async throws { try await play(Self.streams) }

  private func play(_ cases: [Case]) async throws { for one in cases { try await play(one) } }

  private func play(_ one: Case) async throws {
    try await LiveServer.run(host: EngineService.init) { configuration, _ in
      one.configure?(&configuration)
    } _: { live in
      let socket = try await RawSocket(live, subprotocol: one.subprotocol)
      let chosen = socket.answer.contains("\r\nSec-WebSocket-Protocol: graphql-transport-ws\r\n")
      #expect(chosen == one.subprotocol?.contains("graphql-transport-ws") ?? false, "\(one.name)")
      for (index, step) in one.steps.enumerated() { await play(step, on: socket, live, "\(one.name), step \(index)") }
      // What waits would keep the server from its end.
      for gate in ["authenticate", "gated", "slow"] { live.service.open(gate) }
      socket.raw.close()
    }
  }

  private func play(_ step: Step, on socket: RawSocket, _ live: LiveServer, _ place: Comment) async {
    switch step {
    case .say(let text): socket.say(text)
    case .sayBinary(let bytes): socket.send(.binary, bytes)
    case .hear(let text): #expect(await message(socket) == text, place)
    case .find(let words):
      let text = await message(socket)
      for word in words { #expect(text.contains(word), place) }
    case .hearAll(let texts):
      var heard: Set<String> = []
      for _ in texts { heard.insert(await message(socket)) }
      #expect(heard == texts, place)
    case .closed(let code, let hint):
      guard let frame = await socket.hear() else { return #expect(Bool(false), place) }
      let reason = String(decoding: frame.payload.dropFirst(2), as: UTF8.self)
      #expect(RawSocket.code([frame]) == code, place)
      #expect(reason.contains(hint) || hint.isEmpty, place)
      socket.send(.close, CloseCode(rawValue: code).payload(reason: ""))
      #expect(await socket.hear() == nil, place)
    case .leave:
      socket.send(.close, CloseCode.normal.payload(reason: "bye"))
      #expect(RawSocket.code([await socket.hear() ?? (0, [])]) == 1000, place)
      #expect(await socket.hear() == nil, place)
    case .cut: socket.raw.close()
    case .publish(let text): live.service.publish(text)
    case .complete: live.service.subscribers.first?.complete()
    case .fail: live.service.subscribers.first?.fail(Array(#"[{"message":"gone"}]"#.utf8))
    case .open(let gate): live.service.open(gate)
    case .told(let word): await live.service.log.wait { $0.contains(word) }
    case .revoke: live.service.revokeAll()
    }
  }

  private func message(_ socket: RawSocket) async -> String {
    guard let frame = await socket.hear() else { return "the end of the connection" }
    let text = String(decoding: frame.payload, as: UTF8.self)
    return frame.opcode == 1 ? text : "a frame of kind \(frame.opcode): \(text)"
  }

  @Test("a client that does not read is closed with 1008, after what was queued before")
  func slowReader() async throws {
    try await LiveServer.run({ configuration, limits in
      configuration.outboundMessages = 8
      limits.closeHandshake = .seconds(5)
    }) { live in
      let socket = try await RawSocket(live)
      for step in Self.ready + Self.events { await play(step, on: socket, live, "start") }
      try await socket.raw.stopReading()
      let text = String(repeating: "x", count: 1 << 20)
      while live.service.subscriberCount > 0, !Task.isCancelled {
        live.service.publish(text)
        await Task.yield()
      }
      try await socket.raw.resumeReading()
      let frames = await socket.frames()
      #expect(RawSocket.code(frames) == 1008)
      #expect(frames.last.map { String(decoding: $0.payload.dropFirst(2), as: UTF8.self) } == "slow consumer")
      #expect(frames.count > 8 && frames.dropFirst().dropLast().allSatisfy { $0.opcode == 1 })
    }
  }

  @Test("an init that is being judged is not late")
  func initialisationInProgress() async throws {
    try await LiveServer.run(host: EngineService.init) { configuration, _ in
      configuration.initialisationTimeout = .milliseconds(500)
    } _: { live in
      let slow = try await RawSocket(live)
      await play(Self.slowInitialise, on: slow, live, "init")
      // By the time this one is late, the other would have been, too.
      let late = try await RawSocket(live)
      await play(.closed(4408, "timeout"), on: late, live, "late")
      live.service.open("authenticate")
      await play(Self.ack, on: slow, live, "ack")
      slow.raw.close()
    }
  }

  @Test("a server that stops lets operations finish, then says so to every socket")
  func stop() async throws {
    try await LiveServer.run(host: EngineService.init) { live in
      let socket = try await RawSocket(live)
      for step in Self.ready + Self.events { await play(step, on: socket, live, "start") }
      await play(Self.subscribe("2", "{ slow }"), on: socket, live, "slow")
      await live.service.log.wait { $0.contains("execute slow") }
      async let stopped: Void = live.server.stop()
      await live.core.begunToDrain()
      await play(Self.subscribe("3", "{ hello }"), on: socket, live, "refused")
      await play(.find([#"{"id":"3","type":"error""#, "SERVICE_UNAVAILABLE"]), on: socket, live, "refused")
      live.service.open("slow")
      await play(.hear(Self.next("2", #"{"slow":"at last"}"#)), on: socket, live, "slow")
      await play(.hear(Self.completed("2")), on: socket, live, "slow")
      await play(.closed(1001, "shutting down"), on: socket, live, "end")
      await stopped
    }
  }
}
