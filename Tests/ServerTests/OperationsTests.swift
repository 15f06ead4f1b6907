import Client
import Foundation
import GraphQL
import JSON
import Server
import Synchronization
import Testing
import Wire
import World

/// What operators rely on: metrics, health, logs.
@Suite(.timeLimit(.minutes(1))) struct OperationsTests {
  /// A log that keeps its lines.
  final class Lines: Sendable {
    private let bytes = Mutex<[UInt8]>([])
    func append(_ more: [UInt8]) { bytes.withLock { $0 += more } }
    var text: String { String(decoding: bytes.withLock { $0 }, as: UTF8.self) }
    func records(_ message: String) throws -> [JSON] {
      try text.split(separator: "\n").map { try JSON.parse(Array($0.utf8)) }.filter { $0["message"]?.string == message }
    }
  }

  private let lines = Lines()

  private func log(_ level: LogLevel = .debug, _ format: LogFormat = .json, _ clock: any WorldClock) -> ServerLog {
    ServerLog(level: level, format: format, clock: clock, schedule: { $0() }, write: { [lines] in lines.append($0) })
  }

  private func core(
    _ service: FixtureService = FixtureService(), _ change: (inout ServerConfiguration) -> Void = { _ in }
  ) -> ServerCore {
    var configuration = ServerConfiguration()
    change(&configuration)
    let world = World(clock: ManualClock(), seed: 1)
    return ServerCore(
      service: service, world: world, configuration: configuration, log: log(.debug, .json, world.clock))
  }

  private func post(_ query: String, _ headers: HTTPHeaders = [:]) -> HTTPRequest {
    var headers = headers
    headers.add("Content-Type", "application/json")
    let body: JSON = ["query": .string(query), "variables": ["text": "variable-secret"]]
    return HTTPRequest(method: "POST", target: "/graphql", headers: headers, body: body.bytes)
  }

  private func metrics(_ core: ServerCore) async throws -> MetricsReader {
    let response = await core.respond(to: HTTPRequest(method: "GET", target: "/metrics"))
    #expect(response.status == 200)
    #expect(response.headers["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8")
    return try MetricsReader(String(decoding: response.body, as: UTF8.self))
  }

  @Test("/metrics counts requests by status and operations by kind and outcome, in the text format to the letter")
  func counts() async throws {
    let core = core()
    for query in ["{ hello }", "{ hello }", "{ partial }", "mutation { publish }", "nonsense"] {
      _ = await core.respond(to: post(query))
    }
    _ = await core.respond(to: post("{ hello }", ["Authorization": "Bearer bad"]))
    _ = await core.respond(to: HTTPRequest(method: "GET", target: "/nowhere"))
    let read = try await metrics(core)
    let operations = "rehearsal_graphql_operations_total"
    #expect(read.samples["\(operations){kind=query,outcome=data}"] == 2)
    #expect(read.samples["\(operations){kind=query,outcome=partial}"] == 1)
    #expect(read.samples["\(operations){kind=mutation,outcome=data}"] == 1)
    #expect(read.samples["\(operations){kind=unknown,outcome=request_error}"] == 1)
    #expect(read.samples["rehearsal_graphql_operation_duration_seconds_count{kind=query}"] == 3)
    #expect(read.samples["rehearsal_http_requests_total{status=2xx}"] == 5)
    #expect(read.samples["rehearsal_http_requests_total{status=4xx}"] == 2)
    #expect(read.samples["rehearsal_build_info{build=test}"] == 1)
    #expect(read.samples["rehearsal_service_things_total{kind=a\"b\\c\nd}"] == 7)
  }

  @Test("/metrics follows sockets, their subscriptions, what they are sent and the bytes of it")
  func sockets() async throws {
    try await LiveServer.run { live in
      let (client, events) = live.socket()
      try await client.connect(token: "anna")
      client.start(id: "1", query: "subscription { events }")
      try await client.fence("live")
      live.service.publish("hello")
      try await client.fence("done")
      let read = try await metrics(live.core)
      #expect(read.samples["rehearsal_sockets_open"] == 1)
      #expect(read.samples["rehearsal_subscriptions_running"] == 1)
      #expect(read.samples["rehearsal_events_delivered_total"] == 1)
      #expect(read.samples["rehearsal_graphql_operations_total{kind=subscription,outcome=started}"] == 1)
      #expect(read.samples["rehearsal_connections_open"] == 1)
      #expect(read.samples["rehearsal_network_received_bytes_total"] ?? 0 > 200)
      #expect(read.samples["rehearsal_network_sent_bytes_total"] ?? 0 > 200)
      client.close()
      _ = await events.closed()
      while try await metrics(live.core).samples["rehearsal_sockets_open"] != 0, !Task.isCancelled {}
      #expect(try await metrics(live.core).samples["rehearsal_subscriptions_running"] == 0)
    }
  }

  @Test("a request's id is taken when it is fit for a log, made when not, and told in the answer")
  func requestIDs() async throws {
    let core = core()
    let fit = await core.respond(to: post("{ hello }", ["X-Request-Id": "abc-1.2_3"]))
    #expect(fit.headers["X-Request-Id"] == "abc-1.2_3")
    for unfit in ["", "two words", "a\"b", String(repeating: "a", count: 65)] {
      let made = await core.respond(to: post("{ hello }", ["X-Request-Id": unfit]))
      #expect(made.headers["X-Request-Id"]?.utf8.count == 36)
    }
    #expect(try lines.records("request").first?["requestId"]?.string == "abc-1.2_3")
  }

  @Test("a request is one line with what it was, who sent it and what came of it")
  func requestLine() async throws {
    _ = await core().respond(to: post("mutation { publish }", ["Authorization": "Bearer anna", "X-Request-Id": "r1"]))
    let record = try #require(try lines.records("request").first)
    let expected: JSON = [
      "time": "1970-01-01T00:00:00.000Z", "level": "info", "message": "request", "requestId": "r1", "method": "POST",
      "path": "/graphql", "status": 200, "durationMs": 0, "bytesIn": 71, "bytesOut": 25, "operation": "publish",
      "kind": "mutation", "outcome": "data", "statements": 3, "user": "user-1", "organization": "organization-1",
    ]
    #expect(record == expected)
  }

  @Test("sockets and their operations are lines too, and nothing secret is in any")
  func secrets() async throws {
    let service = FixtureService()
    let core = core(service)
    let requests = [
      post("{ hello }", ["Authorization": "Bearer token-secret"]), post("nonsense-secret"),
      post("{ hello }", ["Authorization": "Basic basic-secret"]),
      post("{ hello }", ["X-Request-Id": "an id-secret", "Cookie": "cookie-secret", "User-Agent": "agent-secret"]),
      HTTPRequest(method: "GET", target: "/path-secret?a=query-secret"),
      HTTPRequest(method: "METHOD-SECRET", target: "/graphql?query=document-secret"),
    ]
    for request in requests { _ = await core.respond(to: request) }
    let outbound = RecordingOutbound()
    let upgrade = HTTPRequest(
      method: "GET", target: "/graphql?token=url-secret", headers: ["Sec-WebSocket-Protocol": "graphql-transport-ws"])
    let socket = try core.openSocket(upgrade: upgrade, outbound: outbound).get()
    func send(_ text: String) { socket.received(text: Array(text.utf8)) }
    send(#"{"type":"connection_init","payload":{"token":"init-secret"}}"#)
    await outbound.log.wait { !$0.isEmpty }
    send(#"{"type":"subscribe","id":"id-secret","payload":{"query":"subscription { events }"}}"#)
    await service.log.wait { $0.contains("subscribe events") }
    while service.subscriberCount == 0, !Task.isCancelled {}
    send(#"{"type":"subscribe","id":"2","payload":{"query":"{ hello }","variables":{"a":"variable-secret"}}}"#)
    await outbound.log.wait { $0.contains { if case .message(.complete) = $0 { true } else { false } } }
    service.publish("event-secret")
    send(#"{"type":"complete","id":"id-secret"}"#)
    send("invalid-secret")
    await service.log.wait { $0.contains("closed") }
    socket.ended()
    #expect(!lines.text.lowercased().contains("secret"))
    #expect(try lines.records("request").count == requests.count)
    let operations = try lines.records("operation")
    #expect(operations.map { $0["operation"]?.string } == ["hello", "events"])
    #expect(operations.last?["events"]?.int == 1 && operations.last?["user"]?.string == "user-1")
    let closed = try #require(try lines.records("socket closed").first)
    #expect(closed["code"]?.int == 4400 && closed["closedBy"]?.string == "server" && closed["operations"]?.int == 2)
  }

  @Test("lines that find the queue full are dropped and counted, and never mixed up with others")
  func fullQueue() throws {
    let work = Mutex<[@Sendable () -> Void]>([])
    let log = ServerLog(
      level: .info, format: .text, clock: ManualClock(), schedule: { job in work.withLock { $0.append(job) } },
      write: { [lines] in lines.append($0) })
    let long = String(repeating: "x", count: ServerLog.queueLimit / 4)
    for number in 0..<6 { log.add(LogRecord(.info, "line \(number)", [("long", .string(long))])) }
    log.add(LogRecord(.debug, "below the level"))
    #expect(log.droppedCount == 3)
    // One job for all of them.
    #expect(work.withLock { $0.count } == 1)
    work.withLock { $0.removeFirst() }()
    log.add(LogRecord(.error, "later", [("a b", .string("c\nd"))]))
    work.withLock { $0.removeFirst() }()
    let starts = lines.text.split(separator: "\n").map {
      $0.split(separator: " ").dropFirst().prefix(3).joined(separator: " ")
    }
    #expect(starts == ["info line 0", "info line 1", "info line 2", "warning lines of", "error later a"])
    #expect(lines.text.hasSuffix(#"error later a b="c\nd"\#n"#))
  }

  @Test("/health/live goes on while the server drains, /health/ready does not")
  func health() async {
    let core = core()
    func status(_ path: String) async -> Int {
      await core.respond(to: HTTPRequest(method: "GET", target: path)).status
    }
    #expect(await status("/health/live") == 200)
    #expect(await status("/health/ready") == 200)
    await core.drain()
    #expect(await status("/health/live") == 200)
    #expect(await status("/health/ready") == 503)
    #expect(await status("/health") == 503)
  }
}

/// Limits by session and address, and which pages may use the API.
@Suite(.timeLimit(.minutes(1))) struct LimitTests {
  private let clock = ManualClock()

  private func core(_ change: (inout ServerConfiguration) -> Void) -> ServerCore {
    var configuration = ServerConfiguration()
    change(&configuration)
    return ServerCore(
      service: FixtureService(), world: World(clock: clock, seed: 1), configuration: configuration)
  }

  private func get(_ headers: HTTPHeaders = [:], from peer: String? = nil) -> HTTPRequest {
    var request = HTTPRequest(method: "GET", target: "/graphql?query=%7Bhello%7D", headers: headers)
    request.peer = peer
    return request
  }

  @Test("a session, or an address, that asks too often gets 429 and when to come again; others are served")
  func http() async throws {
    let limit = RateLimit(perSecond: 0.5, burst: 2)
    func check(_ core: ServerCore, _ request: HTTPRequest, _ other: HTTPRequest) async throws {
      for _ in 0..<2 { #expect(await core.respond(to: request).status == 200) }
      let refused = await core.respond(to: request)
      #expect(refused.status == 429)
      #expect(refused.headers["Retry-After"] == "2")
      let error = try JSON.parse(refused.body)["errors"]?[0]?["extensions"]
      #expect(error?["code"]?.string == "RATE_LIMITED" && error?["retryAfter"]?.int == 2)
      #expect(await core.respond(to: other).status == 200)
      clock.advance(by: .seconds(2))
      #expect(await core.respond(to: request).status == 200)
      #expect(await core.respond(to: request).status == 429)
    }
    let anna = get(["Authorization": "Bearer anna"], from: "10.0.0.1")
    try await check(
      core { $0.sessionRate = limit }, anna, get(["Authorization": "Bearer ben"], from: "10.0.0.1"))
    try await check(
      core { $0.addressRate = limit }, anna, get(["Authorization": "Bearer anna"], from: "10.0.0.2"))
    let proxied = core {
      $0.addressRate = limit
      $0.trustsForwardedAddress = true
    }
    try await check(
      proxied, get(["X-Forwarded-For": "10.0.0.9, 10.0.0.1"], from: "10.1.1.1"),
      get(["X-Forwarded-For": "10.0.0.1, 10.0.0.9"], from: "10.1.1.1"))
  }

  @Test("an operation too many on a socket is an error of that operation, and the socket stays")
  func socket() async throws {
    let core = core { $0.sessionRate = RateLimit(perSecond: 1, burst: 1) }
    let outbound = RecordingOutbound()
    let upgrade = HTTPRequest(
      method: "GET", target: "/graphql", headers: ["Sec-WebSocket-Protocol": "graphql-transport-ws"])
    let socket = try core.openSocket(upgrade: upgrade, outbound: outbound).get()
    func send(_ text: String) { socket.received(text: Array(text.utf8)) }
    send(#"{"type":"connection_init","payload":{"token":"anna"}}"#)
    await outbound.log.wait { !$0.isEmpty }
    send(#"{"type":"subscribe","id":"1","payload":{"query":"{ hello }"}}"#)
    await outbound.log.wait(count: 3)
    send(#"{"type":"subscribe","id":"2","payload":{"query":"{ hello }"}}"#)
    await outbound.log.wait(count: 4)
    guard case .error(id: "2", let errors)? = outbound.messages.last else {
      return #expect(Bool(false), "\(outbound.messages)")
    }
    #expect(errors.first?["extensions"]?["code"]?.string == "RATE_LIMITED")
    clock.advance(by: .seconds(1))
    send(#"{"type":"subscribe","id":"3","payload":{"query":"{ hello }"}}"#)
    await outbound.log.wait(count: 6)
    #expect(outbound.messages.last == .complete(id: "3"))
  }

  @Test("connections from one address have a limit of their own")
  func connections() async throws {
    try await LiveServer.run {
      $1.connectionsPerAddress = 2
    } _: { live in
      let first = try await RawConnection(port: live.server.port)
      let second = try await RawConnection(port: live.server.port)
      await second.upgrade()
      let third = try await RawConnection(port: live.server.port)
      #expect(await third.rest().isEmpty)
      first.close()
      // The next one is let in as soon as the server has noticed.
      while !Task.isCancelled {
        let next = try await RawConnection(port: live.server.port)
        next.send("GET /health/live HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
        if String(decoding: await next.rest(), as: UTF8.self).hasPrefix("HTTP/1.1 200") { break }
      }
    }
  }

  @Test("pages of the server's own host and of allowed origins may use the API, others may not")
  func origins() async {
    let core = core { $0.allowedOrigins = ["https://app.example"] }
    func upgrade(_ origin: String?) -> Int? {
      var headers: HTTPHeaders = ["Host": "api.example:4000", "Sec-WebSocket-Protocol": "graphql-transport-ws"]
      if let origin { headers.add("Origin", origin) }
      let request = HTTPRequest(method: "GET", target: "/graphql", headers: headers)
      guard case .failure(let response) = core.openSocket(upgrade: request, outbound: RecordingOutbound()) else {
        return nil
      }
      return response.status
    }
    for origin in [nil, "https://app.example", "https://APP.example", "http://api.example:4000"] {
      #expect(upgrade(origin) == nil)
    }
    for origin in ["null", "https://evil.example", "https://api.example", "https://app.example.evil", "", "https://"] {
      #expect(upgrade(origin) == 403, "\(origin)")
    }
    func preflight(_ origin: String) async -> HTTPResponse {
      await core.respond(
        to: HTTPRequest(
          method: "OPTIONS", target: "/graphql",
          headers: ["Host": "api.example", "Origin": origin, "Access-Control-Request-Method": "POST"]))
    }
    let allowed = await preflight("https://app.example")
    #expect(allowed.status == 200 && allowed.headers["Access-Control-Allow-Origin"] == "https://app.example")
    #expect(allowed.headers["Access-Control-Allow-Headers"]?.contains("Authorization") == true)
    let refused = await preflight("https://evil.example")
    #expect(refused.status == 403 && refused.headers["Access-Control-Allow-Origin"] == nil)
    #expect(await core.respond(to: HTTPRequest(method: "OPTIONS", target: "/graphql")).status == 405)
    let answer = await core.respond(to: get(["Host": "api.example", "Origin": "https://app.example"]))
    #expect(answer.headers["Access-Control-Allow-Origin"] == "https://app.example")
    #expect(answer.headers["Vary"] == "Origin" && answer.headers["Access-Control-Allow-Credentials"] == nil)
    #expect(answer.headers["Referrer-Policy"] == "no-referrer" && answer.headers["X-Frame-Options"] == "DENY")
    let other = await core.respond(to: get(["Host": "api.example", "Origin": "https://evil.example"]))
    #expect(other.status == 200 && other.headers["Access-Control-Allow-Origin"] == nil)
  }

  @Test("metrics that have a token are shown to those who have it")
  func metricsToken() async {
    let core = core { $0.metricsToken = "wanted" }
    func status(_ headers: HTTPHeaders) async -> Int {
      await core.respond(to: HTTPRequest(method: "GET", target: "/metrics", headers: headers)).status
    }
    #expect(await status([:]) == 401)
    #expect(await status(["Authorization": "Bearer another"]) == 401)
    #expect(await status(["Authorization": "Bearer wanted"]) == 200)
  }

  @Test("a host that cannot be listened on is one sentence")
  func listening() async {
    let core = core { _ in }
    for (host, reason) in [("no.such.host.invalid", "there is no such host"), ("192.0.2.1", "another machine")] {
      do {
        let server = try await HTTPServer.start(core: core, world: .live(seed: 1), host: host, port: 0)
        await server.stop()
        #expect(Bool(false), "it listens on \(host)")
      } catch {
        #expect("\(error)".contains(reason) && "\(error)".hasSuffix("."), "\(error)")
      }
    }
  }
}
