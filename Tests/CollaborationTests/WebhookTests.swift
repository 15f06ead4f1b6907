import Collaboration
import Database
import JSON
import Synchronization
import Testing
import World

/// A receiver that fails as often as it is told, and checks every signature.
final class WebhookSink: WebhookSender {
  static let secret = [UInt8](repeating: 7, count: Webhook.shortestSecret)
  struct Unreachable: Error {}

  private let state = Mutex<(failures: Int, attempts: [(id: String, body: JSON)])>((0, []))
  /// What came, refused or not.
  var attempts: [(id: String, body: JSON)] { state.withLock(\.attempts) }

  init(failing failures: Int = 0) { state.withLock { $0.failures = failures } }

  func post(_ message: WebhookMessage) async throws -> Int {
    let headers = Dictionary(uniqueKeysWithValues: message.headers.map { ($0.name, $0.value) })
    let signature = Webhook.signature(
      secret: Self.secret, timestamp: headers["X-Rehearsal-Timestamp"] ?? "", body: message.body)
    #expect(headers["X-Rehearsal-Signature"] == signature)
    let body = try JSON.parse(message.body)
    let failure = state.withLock { state in
      state.attempts.append((headers["X-Rehearsal-Id"] ?? "", body))
      state.failures -= 1
      return state.failures
    }
    // By turns an answer and none.
    if failure >= 0 && failure.isMultiple(of: 2) { throw Unreachable() }
    return failure >= 0 ? 503 : 204
  }
}

@Suite("Webhook") struct WebhookTests {
  /// A server whose queue is looked through by hand, and Grace, mentioned `count` times there.
  private static func mention(_ sink: WebhookSink, times count: Int = 1) async throws -> (TestServer, grace: Person) {
    let server = try await TestServer(
      webhook: Webhook(sender: sink, secret: WebhookSink.secret, interval: nil), log: { _ in })
    let (ada, grace) = (try await server.login("ada"), try await server.login("grace"))
    let (thread, _) = try await ada.makeThread()
    for _ in 0..<count { try await ada.send([["mention": .string(grace.id)]], to: thread) }
    return (server, grace)
  }

  @Test("the signature is that of another implementation, over the time, a dot and the body")
  func signature() {
    // printf '1767225600.{"a":1}' | openssl dgst -sha256 -mac HMAC -macopt hexkey:$(printf '07%.0s' {1..32})
    let expected = "v1=cf7e038bba3151d313e4b5e988ef891bdc972353908c206a0bd14db76c8dc961"
    let signature = Webhook.signature(
      secret: WebhookSink.secret, timestamp: "1767225600", body: Array(#"{"a":1}"#.utf8))
    #expect(signature == expected)
  }

  @Test(
    "a notification is told again, by the same key and later each time, until the webhook takes it, and then no more")
  func retry() async throws {
    let sink = WebhookSink(failing: 3)
    let (server, grace) = try await Self.mention(sink)
    var longest = WebhookQueue.firstPause
    for attempt in 1...4 {
      #expect(try await server.service.deliverWebhooks() == 1)
      #expect(sink.attempts.count == attempt)
      // The pause is from a half to the whole.
      server.clock.advance(by: longest / 2 - .milliseconds(1))
      #expect(try await server.service.deliverWebhooks() == 0)
      server.clock.advance(by: longest / 2 + .milliseconds(1))
      longest = longest * 2
    }
    server.clock.advance(by: WebhookQueue.longestPause)
    #expect(try await server.service.deliverWebhooks() == 0)
    let attempts = sink.attempts
    #expect(Set(attempts.map(\.id)).count == 1 && Set(attempts.map(\.body)).count == 1)
    let notification = try await grace.run(
      "{ viewer { notifications { nodes { id createdAt thread { id } message { id } } } } }")[
        "viewer"]?["notifications"]?["nodes"]?[0]
    let body = try #require(attempts.first?.body)
    #expect(body["id"] == notification?["id"] && body["createdAt"] == notification?["createdAt"])
    #expect(body["thread"] == notification?["thread"]?["id"] && body["message"] == notification?["message"]?["id"])
    #expect(body["kind"] == "MENTION" && body["user"] == .string(grace.id))
    #expect(try await server.service.deadWebhooks(limit: 10) == [])
    await server.stop()
  }

  @Test("what is never taken is given up after the last attempt, and listed as dead until it is old")
  func dead() async throws {
    let sink = WebhookSink(failing: .max)
    let (server, _) = try await Self.mention(sink)
    for _ in 0...WebhookQueue.attemptLimit {
      try await server.service.deliverWebhooks()
      server.clock.advance(by: WebhookQueue.longestPause)
    }
    #expect(sink.attempts.count == WebhookQueue.attemptLimit)
    let dead = try await server.service.deadWebhooks(limit: 10)
    #expect(dead.map(\.id) == [sink.attempts.first?.id] && dead.map(\.attempts) == [WebhookQueue.attemptLimit])
    #expect(dead.first?.lastError.isEmpty == false)
    try await server.service.sweep()
    #expect(try await server.service.deadWebhooks(limit: 10).count == 1)
    server.clock.advance(by: .seconds(31 * 24 * 60 * 60))
    try await server.service.sweep()
    #expect(try await server.service.deadWebhooks(limit: 10) == [])
    await server.stop()
  }

  /// A receiver that answers when it is told to.
  private struct SlowSink: WebhookSender {
    let arrived = Mailbox<Void>(limit: 1)
    let answer = Mailbox<Int>(limit: 1)
    func post(_ message: WebhookMessage) async throws -> Int {
      arrived.send(())
      return await answer.next() ?? 0
    }
  }

  @Test(
    "when a lease runs out another server tells of it, and the late answer to the first changes nothing",
    .timeLimit(.minutes(1)))
  func lease() async throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/test.db"
    let (slow, sink) = (SlowSink(), WebhookSink())
    func server(_ sender: any WebhookSender, seed: UInt64) async throws -> TestServer {
      try await TestServer(
        on: SQLiteDatabase.open(.file(path)), seed: seed, organizations: seed == 1,
        webhook: Webhook(sender: sender, secret: WebhookSink.secret, interval: nil))
    }
    let (here, there) = (try await server(slow, seed: 1), try await server(sink, seed: 2))
    let (ada, grace) = (try await here.login("ada"), try await here.login("grace"))
    let (thread, _) = try await ada.makeThread()
    try await ada.send([["mention": .string(grace.id)]], to: thread)
    async let first = here.service.deliverWebhooks()
    _ = await slow.arrived.next()
    #expect(try await there.service.deliverWebhooks() == 0)
    there.clock.advance(by: WebhookQueue.lease)
    #expect(try await there.service.deliverWebhooks() == 1)
    slow.answer.send(503)
    #expect(try await first == 1)
    for server in [there, here] {
      server.clock.advance(by: WebhookQueue.longestPause)
      #expect(try await server.service.deliverWebhooks() == 0)
    }
    #expect(sink.attempts.count == 1)
    await here.stop()
    await there.stop()
  }

  @Test("of two servers on one database one tells each; who does not want the webhook is not told by it")
  func nodes() async throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/test.db"
    try await Self.checkNodes(on: SQLiteDatabase.open(.file(path)), and: SQLiteDatabase.open(.file(path)))
  }

  static func checkNodes(on first: any Database, and second: any Database) async throws {
    let sink = WebhookSink()
    let webhook = Webhook(sender: sink, secret: WebhookSink.secret, interval: nil)
    let here = try await TestServer(on: first, webhook: webhook)
    let there = try await TestServer(on: second, seed: 2, organizations: false, webhook: webhook)
    let (ada, grace) = (try await here.login("ada"), try await here.login("grace"))
    let (thread, _) = try await ada.makeThread()
    let count = WebhookQueue.batchLimit + 10
    for index in 0..<count {
      let delivery = ["WEBHOOK", "INBOX"][index % 2]
      _ = try await grace.run(
        "mutation { setNotificationPreference(input: {kind: MENTION, delivery: \(delivery)}) { userErrors { code } } }")
      for _ in 0..<2 { try await ada.send([["mention": .string(grace.id)]], to: thread) }
    }
    try await withThrowingTaskGroup(of: Void.self) { group in
      for server in [here, there] {
        group.addTask { for _ in 0..<4 { try await server.service.deliverWebhooks() } }
      }
      try await group.waitForAll()
    }
    #expect(sink.attempts.count == count && Set(sink.attempts.map(\.id)).count == count)
    let kept = try await grace.run("{ viewer { unreadNotificationCount } }")
    #expect(kept["viewer"]?["unreadNotificationCount"]?.int == Int64(2 * count))
    await here.stop()
    await there.stop()
  }
}
