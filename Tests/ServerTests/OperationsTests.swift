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
