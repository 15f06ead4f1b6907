import Client
import JSON
import Server
import Testing
import Wire
import World

@Suite(.timeLimit(.minutes(1))) struct EndToEndTests {
  private let subscription = "subscription { events }"

  private func event(_ id: String, _ text: String) -> SocketClientEvent {
    .next(id: id, payload: ["data": ["events": .string(text)]])
  }

  @Test("queries go over HTTP, on connections that are kept")
  func http() async throws {
    try await LiveServer.run { live in
      for _ in 0..<3 {
        let response = try await live.http.execute(query: "{ hello }", variables: ["a": 1], token: "anna")
        #expect(response.status == 200)
        #expect(response.data?["hello"]?.string == "anna")
        #expect(response.bytesReceived == 25 && response.bytesSent > 20)
      }
      let failed = try await live.http.execute(query: "{ nonsense }")
      #expect(failed.status == 400 && failed.errors.count == 1)
    }
  }

  @Test("many requests at once share a few connections, and none is lost")
  func pool() async throws {
    try await LiveServer.run { live in
      var configuration = NetworkConfiguration()
      configuration.connectionsPerEndpoint = 3
      let transport = NIOClientTransport(world: live.world, configuration: configuration)
      let http = GraphQLHTTPClient(transport: transport, endpoint: live.endpoint)
      let names = try await withThrowingTaskGroup(of: String?.self) { group in
        for index in 0..<50 {
          group.addTask { try await http.execute(query: "{ hello }", token: "t\(index)").data?["hello"]?.string }
        }
        return try await group.reduce(into: Set<String>()) { names, name in if let name { names.insert(name) } }
      }
      #expect(names == Set((0..<50).map { "t\($0)" }))
      await transport.shutDown()
    }
  }

  @Test("what one client publishes reaches the others, in order, before the fence")
  func subscribe() async throws {
    try await LiveServer.run { live in
      let (a, aEvents) = live.socket("a")
      let (b, bEvents) = live.socket("b")
      try await a.connect(token: "anna")
      try await b.connect(token: "ben")
      a.start(id: "1", query: subscription)
      b.start(id: "x", query: subscription)
      try await a.fence("live")
      try await b.fence("live")
      let texts = (0..<100).map { "m\($0)" }
      for text in texts {
        _ = try await live.http.execute(query: "mutation { publish }", variables: ["text": .string(text)])
      }
      try await a.fence("done")
      try await b.fence("done")
      #expect(aEvents.elements.filter { if case .next = $0 { true } else { false } } == texts.map { event("1", $0) })
      #expect(bEvents.elements.filter { if case .next = $0 { true } else { false } } == texts.map { event("x", $0) })
      #expect(aEvents.elements.last == .pong(payload: ["fence": "done"]))
      a.close()
      #expect(await aEvents.closed() == .closed(code: 1000, reason: "", clean: true))
      await live.service.log.wait { $0.contains("closed") }
    }
  }

  @Test("queries and mutations go over a socket, too")
  func operationsOverSocket() async throws {
    try await LiveServer.run { live in
      let (client, events) = live.socket()
      try await client.connect(token: "anna")
      client.start(id: "q", query: "{ hello }")
      let seen = await events.wait { $0.contains(.complete(id: "q")) }
      #expect(seen == [.next(id: "q", payload: ["data": ["hello": "anna"]]), .complete(id: "q")])
      client.start(id: "bad", query: "{ nonsense }")
      await events.wait { $0.contains { if case .error("bad", _) = $0 { true } else { false } } }
    }
  }

  @Test("a bad token closes the socket, and connect says why")
  func forbidden() async throws {
    try await LiveServer.run { live in
      let (client, events) = live.socket()
      let error = await #expect(throws: ClientError.self) { try await client.connect(token: "bad") }
      #expect(error?.closeCode == .forbidden)
      #expect(error?.message.contains("Unknown session") == true)
      #expect(events.elements == [.closed(code: 4403, reason: "Unknown session", clean: true)])
    }
  }

  @Test("a revoked session loses its socket")
  func revoked() async throws {
    try await LiveServer.run { live in
      let (client, events) = live.socket()
      try await client.connect()
      async let fence: Void = client.fence("f")
      try await fence
      live.service.revokeAll()
      #expect(await events.closed() == .closed(code: 4403, reason: "Session revoked", clean: true))
      let error = await #expect(throws: ClientError.self) { try await client.fence("late") }
      #expect(error?.kind == .closed)
      #expect(!client.start(id: "1", query: subscription))
    }
  }

  @Test("a server that stops finishes what runs, then closes sockets with 1001")
  func drain() async throws {
    try await LiveServer.run { live in
      let (client, events) = live.socket()
      try await client.connect()
      async let slow = live.http.execute(query: "{ slow }")
      await live.service.log.wait { $0.contains("execute slow") }
      async let stopped: Void = live.server.stop()
      await live.core.begunToDrain()
      let error = await #expect(throws: ClientError.self) { try await live.socket("b").client.connect() }
      #expect(error?.kind == .refused)
      #expect(events.elements.isEmpty)
      live.service.open("slow")
      #expect(try await slow.status == 200)
      #expect(await events.closed() == .closed(code: 1001, reason: "Server is shutting down", clean: true))
      await stopped
    }
  }

  @Test("a server that stops does not wait for ever")
  func stopDeadline() async throws {
    try await LiveServer.run { live in
      let (client, events) = live.socket()
      try await client.connect()
      async let slow: GraphQLHTTPResponse? = try? live.http.execute(query: "{ slow }")
      await live.service.log.wait { $0.contains("execute slow") }
      await live.server.stop(deadline: .milliseconds(50))
      #expect(await events.closed() == .closed(code: 1001, reason: "Server is shutting down", clean: true))
      #expect(await slow == nil)
      live.service.open("slow")
    }
  }

  @Test("a port that is taken is a clear error")
  func portTaken() async throws {
    try await LiveServer.run { live in
      let error = await #expect(throws: ServerError.self) {
        try await HTTPServer.start(core: live.core, world: live.world, port: live.server.port)
      }
      #expect(error == .portTaken(live.server.port))
    }
  }

  @Test("an aborted connection ends the server's socket; a silenced one neither hears nor says anything")
  func abortAndSilence() async throws {
    try await LiveServer.run { live in
      let (silent, silentEvents) = live.socket("silent")
      let (other, otherEvents) = live.socket("other")
      for client in [silent, other] {
        try await client.connect()
        client.start(id: "1", query: subscription)
        try await client.fence("f")
      }
      silent.silence()
      live.service.publish("x")
      try await other.fence("g")
      #expect(otherEvents.elements.contains(event("1", "x")))
      #expect(silentEvents.elements == [.pong(payload: ["fence": "f"])])
      await #expect(throws: ClientError.self) { try await silent.fence("h") }
      #expect(live.service.subscriberCount == 2)
      other.abort()
      await live.service.log.wait { $0.contains("closed") }
      #expect(live.service.subscriberCount == 1)
      #expect(await otherEvents.closed() == .closed(code: 1006, reason: "The client cut the connection", clean: false))
      silent.abort()
      await live.service.log.wait { log in log.filter { $0 == "closed" }.count == 2 }
    }
  }

  @Test("a consumer that does not read is closed, and others do not notice")
  func slowConsumer() async throws {
    try await LiveServer.run({ configuration, limits in
      configuration.outboundMessages = 8
      limits.closeHandshake = .milliseconds(50)
    }) { live in
      let (silent, _) = live.socket("silent")
      try await silent.connect()
      silent.start(id: "1", query: subscription)
      try await silent.fence("f")
      silent.silence()
      let text = String(repeating: "x", count: 1 << 20)
      while live.service.subscriberCount > 0, !Task.isCancelled {
        live.service.publish(text)
        await Task.yield()
      }
      await live.service.log.wait { $0.contains("closed") }
      let (other, _) = live.socket("other")
      try await other.connect()
      try await other.fence("g")
      silent.abort()
    }
  }

  @Test("nobody there, no such name, and no TLS are told apart")
  func unreachable() async throws {
    let world = World.live(seed: 1)
    let transport = NIOClientTransport(world: world)
    func kind(_ endpoint: Endpoint) async -> ClientError.Kind? {
      let client = GraphQLHTTPClient(transport: transport, endpoint: endpoint)
      let viaHTTP = await #expect(throws: ClientError.self) { try await client.execute(query: "{ hello }") }
      let socket = GraphQLSocketClient(transport: transport, endpoint: endpoint, world: world, name: "a") { _ in }
      let viaSocket = await #expect(throws: ClientError.self) { try await socket.connect() }
      #expect(viaHTTP == viaSocket)
      return viaHTTP?.kind
    }
    #expect(await kind(Endpoint(host: "127.0.0.1", port: 1)) == .refused)
    #expect(await kind(Endpoint(scheme: .https, host: "127.0.0.1", port: 1)) == .unsupported)
    await transport.shutDown()
  }

  @Test("a request that is not answered in time, or is cancelled, ends; the pool goes on")
  func timeouts() async throws {
    try await LiveServer.run { live in
      var configuration = NetworkConfiguration()
      configuration.responseLimit = .milliseconds(500)
      configuration.connectionsPerEndpoint = 1
      let transport = NIOClientTransport(world: live.world, configuration: configuration)
      let http = GraphQLHTTPClient(transport: transport, endpoint: live.endpoint)
      let late = await #expect(throws: ClientError.self) { try await http.execute(query: "{ slow }") }
      #expect(late?.kind == .timedOut)
      let patient = live.http
      let task = live.world.spawnThrowing { try await patient.execute(query: "{ slow }") }
      await live.service.log.wait { log in log.filter { $0 == "execute slow" }.count == 2 }
      task.cancel()
      let cancelled = await #expect(throws: ClientError.self) { try await task.value }
      #expect(cancelled?.kind == .cancelled)
      live.service.open("slow")
      let good = try await http.execute(query: "{ hello }")
      #expect(good.status == 200)
      await transport.shutDown()
    }
  }

  @Test("a server that does not speak our protocol is told apart")
  func notOurProtocol() async throws {
    try await LiveServer.run { live in
      var endpoint = live.endpoint
      endpoint.path = "/health"
      let client = GraphQLSocketClient(transport: live.transport, endpoint: endpoint, world: live.world, name: "a") {
        _ in
      }
      let error = await #expect(throws: ClientError.self) { try await client.connect() }
      #expect(error?.kind == .protocolViolation)
      #expect(error?.message.contains("404") == true)
    }
  }
}
