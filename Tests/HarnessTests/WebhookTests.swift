import Collaboration
import Cryptography
import Database
import Foundation
import GraphQL
import Harness
import JSON
import Server
import Testing
import Wire
import World

/// A receiver on a real port that answers requests in turn with given statuses, and keeps their bytes.
private final class LoopbackSink: Sendable {
  let port: UInt16
  let requests = Mailbox<String>(limit: 10)

  init(answering statuses: [Int]) throws {
    let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(INADDR_LOOPBACK).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let isBound = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
        bind(listener, address, length) == 0 && listen(listener, 8) == 0 && getsockname(listener, address, &length) == 0
      }
    }
    try #require(isBound)
    port = UInt16(bigEndian: address.sin_port)
    let requests = requests
    Thread.detachNewThread {
      for status in statuses {
        let connection = accept(listener, nil, nil)
        var text = ""
        var buffer = [UInt8](repeating: 0, count: 4096)
        while !text.hasSuffix("}") {
          let count = read(connection, &buffer, buffer.count)
          guard count > 0 else { break }
          text += String(decoding: buffer[..<count], as: UTF8.self)
        }
        let answer = "HTTP/1.1 \(status) Said\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
        _ = write(connection, answer, answer.utf8.count)
        close(connection)
        requests.send(text)
      }
      close(listener)
    }
  }
}

@Suite(.timeLimit(.minutes(1))) struct WebhookTests {
  @Test("a mention reaches a receiver over HTTP by the server's own timer, signed")
  func loopback() async throws {
    let sink = try LoopbackSink(answering: [200])
    let world = World.live(seed: 6)
    let database = try await openDatabase("sqlite::memory:")
    try await Migrator(database: database, migrations: Collaboration.migrations, world: world).up()
    let client = try WebhookClient(url: "http://127.0.0.1:\(sink.port)/hook", world: world)
    let secret = [UInt8](repeating: 9, count: 32)
    let product = try await Collaboration(
      database: database, world: world, build: "test",
      webhook: Webhook(sender: client, secret: secret, interval: .milliseconds(10)))
    _ = try await product.createOrganization(name: "Acme", slug: "acme", secret: secret)
    let core = ServerCore(service: product, world: world)
    func post(_ query: String, bearer: String? = nil) async throws -> JSON? {
      var headers: HTTPHeaders = ["Content-Type": "application/json"]
      if let bearer { headers.add("Authorization", "Bearer \(bearer)") }
      let body: JSON = ["query": .string(query)]
      let request = HTTPRequest(method: "POST", target: "/graphql", headers: headers, body: body.bytes)
      return try JSON.parse(await core.respond(to: request).body)["data"]
    }
    func login(_ name: String) async throws -> (token: String, id: String) {
      let claims: JSON = [
        "org": "acme", "sub": .string(name), "name": .string(name),
        "exp": .int(world.clock.wall.milliseconds / 1000 + 60),
      ]
      let token = signHS256(claims: claims.bytes, secret: secret)
      let data = try await post(
        "mutation { createSession(input: {clientToken: \"\(token)\"}) { token viewer { id } } }")
      let session = data?["createSession"]
      return (try #require(session?["token"]?.string), try #require(session?["viewer"]?["id"]?.string))
    }
    let (ada, grace) = (try await login("ada"), try await login("grace"))
    _ = try await post(
      """
      mutation { createThread(input: {url: "https://a.example/", content: [{mention: "\(grace.id)"}]}) { thread { id } } }
      """, bearer: ada.token)
    let text = try #require(await sink.requests.next())
    let end = try #require(text.firstRange(of: "\r\n\r\n"))
    let (head, body) = (text[..<end.lowerBound], text[end.upperBound...])
    var fields: [String: String] = [:]
    for line in head.split(separator: "\r\n").dropFirst() {
      let pair = line.split(separator: ":", maxSplits: 1)
      fields[pair[0].lowercased()] = pair[1].trimmingCharacters(in: .whitespaces)
    }
    #expect(head.hasPrefix("POST /hook HTTP/1.1\r\n"))
    #expect(
      fields["x-rehearsal-signature"]
        == Webhook.signature(
          secret: secret, timestamp: fields["x-rehearsal-timestamp"] ?? "", body: Array(body.utf8)))
    #expect(fields["x-rehearsal-id"] != nil)
    // The sink closes the connection: its answer counts all the same.
    func outcome(_ name: String) async -> Double? {
      let family = await product.metrics.first { $0.name == "rehearsal_webhook_attempts_total" }
      return family?.samples.first { $0.labels.first?.value == name }?.value
    }
    while await outcome("delivered") != 1, await outcome("failed") == 0 { await Task.yield() }
    #expect(await outcome("failed") == 0)
    #expect(try JSON.parse(Array(body.utf8))["user"] == .string(grace.id))
    await product.stop()
    await client.close()
    await database.close()
  }
}
