import Collaboration
import Cryptography
import Database
import GraphQL
import JSON
import Synchronization
import Testing
import World

/// A clock that stands until it is told to go on.
final class ManualClock: WorldClock {
  private struct Sleeper {
    let deadline: Instant
    let continuation: CheckedContinuation<Void, Never>
  }

  private let state = Mutex<(now: Int64, sleepers: [Sleeper])>((0, []))
  /// 2026-01-01T00:00:00Z
  private static let start: Int64 = 1_767_225_600_000

  var now: Instant { Instant(nanoseconds: state.withLock { $0.now }) }
  var wall: WallTime { WallTime(milliseconds: Self.start + state.withLock { $0.now } / 1_000_000) }

  func sleep(until deadline: Instant) async throws {
    await withCheckedContinuation { continuation in
      let isOver = state.withLock { state in
        if state.now >= deadline.nanoseconds { return true }
        state.sleepers.append(Sleeper(deadline: deadline, continuation: continuation))
        return false
      }
      if isOver { continuation.resume() }
    }
  }

  /// Goes on, waking who has slept long enough.
  func advance(by duration: Duration) {
    let due = state.withLock { state in
      state.now += duration.wholeNanoseconds
      let now = Instant(nanoseconds: state.now)
      let due = state.sleepers.filter { $0.deadline <= now }
      state.sleepers.removeAll { $0.deadline <= now }
      return due
    }
    for sleeper in due { sleeper.continuation.resume() }
  }
}

/// The product on a fresh SQLite database in memory, with three organizations: two of one application, one of another.
final class TestServer: Sendable {
  static let secrets = [
    "acme": [UInt8](repeating: 1, count: 32), "globex": [UInt8](repeating: 2, count: 32),
    "initech": [UInt8](repeating: 3, count: 32),
  ]

  let database: any Database
  let service: Collaboration
  let clock: ManualClock
  let attachments = MemoryAttachmentStore()
  private let sockets = Mutex<UInt64>(0)

  /// - Parameters:
  ///   - database: left out, an empty one, SQLite in memory.
  ///   - seed: every server on one database needs its own.
  ///   - organizations: whether to make them; another server may have.
  ///   - log: told of internal errors, of which most tests expect none.
  init(
    on database: (any Database)? = nil, settings: Collaboration.Settings = .init(), seed: UInt64 = 1,
    organizations: Bool = true, webhook: Webhook? = nil,
    log: @escaping @Sendable (String) -> Void = { Issue.record("\($0)") }
  ) async throws {
    clock = ManualClock()
    let world = World(clock: clock, seed: seed)
    self.database = try database ?? SQLiteDatabase.open(.memory, mode: .inline)
    try await Migrator(database: self.database, migrations: Collaboration.migrations, world: world).up()
    service = try await Collaboration(
      database: self.database, world: world, settings: settings, build: "test", attachments: attachments,
      webhook: webhook, log: log)
    guard organizations else { return }
    let applications = try await ["One", "Other"].asyncMap {
      try await Collaboration.createApplication(name: $0, in: self.database, world: world)
    }
    for (slug, secret) in Self.secrets.sorted(by: { $0.key < $1.key }) {
      let owner = slug == "initech" ? applications[1] : applications[0]
      _ = try await Collaboration.createOrganization(
        name: slug.uppercased(), slug: slug, secret: secret, application: owner.id, in: self.database, world: world)
    }
  }

  func stop() async {
    await service.stop()
    await database.close()
  }

  func clientToken(_ user: String, of organization: String, role: String? = nil) -> String {
    let claims: JSON = [
      "role": role.map(JSON.string) ?? .null,
      "org": .string(organization), "sub": .string(user), "name": .string(user.capitalizedFirst),
      "exp": .int(clock.wall.milliseconds / 1000 + 300),
    ]
    return signHS256(claims: claims.bytes, secret: Self.secrets[organization] ?? [])
  }

  func serverToken(of organization: String, lasting seconds: Int64 = 300) -> String {
    let claims: JSON = [
      "org": .string(organization), "scope": "server", "exp": .int(clock.wall.milliseconds / 1000 + seconds),
    ]
    return signHS256(claims: claims.bytes, secret: Self.secrets[organization] ?? [])
  }

  func login(_ user: String, of organization: String = "acme", role: String? = nil) async throws -> Person {
    let anonymous = Person(server: self, id: "", token: nil, identity: try await service.authenticate(token: nil))
    let data = try await anonymous.run(
      "mutation($token: String!) { createSession(input: {clientToken: $token}) { token viewer { id } } }",
      ["token": .string(clientToken(user, of: organization, role: role))])
    let token = try #require(data["createSession"]?["token"]?.string)
    let id = try #require(data["createSession"]?["viewer"]?["id"]?.string)
    return Person(server: self, id: id, token: token, identity: try await service.authenticate(token: token))
  }

  func nextSocket() -> SocketID {
    sockets.withLock { count in
      count += 1
      return SocketID(value: count)
    }
  }
}

extension String {
  var capitalizedFirst: String { prefix(1).uppercased() + dropFirst() }
}

/// Somebody who has logged in, or nobody.
struct Person: Sendable {
  let server: TestServer
  let id: String
  let token: String?
  let identity: any ServiceIdentity
  var socket: SocketID?

  /// The whole response.
  func response(
    _ query: String, _ variables: JSONObject = [:], extensions: JSONObject = [:]
  ) async throws -> JSON {
    let request = GraphQLRequest(query: query, variables: variables, extensions: extensions)
    switch server.service.prepare(request) {
    case .failure(let result): return try JSON.parse(result.bytes)
    case .success(let prepared):
      let origin = RequestOrigin(socket: socket)
      return try JSON.parse(await server.service.execute(prepared, as: identity, from: origin).bytes)
    }
  }

  /// The response's data; errors are issues.
  func run(_ query: String, _ variables: JSONObject = [:]) async throws -> JSON {
    let response = try await response(query, variables)
    if let errors = response["errors"] { Issue.record("\(errors)") }
    return try #require(response["data"])
  }

  /// The codes of the errors of the response.
  func codes(_ query: String, _ variables: JSONObject = [:]) async throws -> [String] {
    let errors = try await response(query, variables)["errors"]?.array ?? []
    return errors.compactMap { $0["extensions"]?["code"]?.string }
  }

  func onSocket(_ control: TestSocket = TestSocket()) -> Person {
    var copy = self
    let socket = server.nextSocket()
    copy.socket = socket
    server.service.socketOpened(socket, identity: identity, control: control)
    return copy
  }

  func closeSocket() {
    if let socket { server.service.socketClosed(socket) }
  }

  func subscribe(_ query: String, _ variables: JSONObject = [:]) async throws -> Inbox {
    let inbox = Inbox()
    try await subscribe(query, variables, into: inbox)
    return inbox
  }

  func subscribe(_ query: String, _ variables: JSONObject, into inbox: Inbox) async throws {
    switch server.service.prepare(GraphQLRequest(query: query, variables: variables)) {
    case .failure(let result): Issue.record("\(String(decoding: result.bytes, as: UTF8.self))")
    case .success(let prepared):
      let outcome = await server.service.subscribe(
        prepared, as: identity, socket: socket ?? server.nextSocket(), subscriber: inbox)
      switch outcome {
      case .active(let handle): inbox.handle.update { $0 = handle }
      case .refused(let result): inbox.refusal.update { $0 = try? JSON.parse(result.bytes) }
      }
    }
  }

  // What most tests do.

  func makeThread(url: String = "https://acme.example/plan") async throws -> (thread: String, page: String) {
    let data = try await run(
      "mutation($url: String!) { createThread(input: {url: $url}) { thread { id page { id } } } }",
      ["url": .string(url)])
    let thread = data["createThread"]?["thread"]
    return (try #require(thread?["id"]?.string), try #require(thread?["page"]?["id"]?.string))
  }

  static let send = """
    mutation($thread: ID!, $content: [ContentNodeInput!]!, $key: String) {
      sendMessage(input: {threadId: $thread, content: $content, idempotencyKey: $key}) {
        message { id sequence text } userErrors { code field }
      }
    }
    """

  @discardableResult
  func send(_ content: JSON, to thread: String, key: String? = nil) async throws -> JSON {
    let variables: JSONObject = [
      "thread": .string(thread), "content": content, "key": key.map(JSON.string) ?? .null,
    ]
    return try #require(try await run(Self.send, variables)["sendMessage"])
  }
}

/// A subscriber that keeps what it gets.
final class Inbox: Subscriber {
  let handle = Mutexed<(any SubscriptionHandle)?>(nil)
  let refusal = Mutexed<JSON?>(nil)
  let arrivals = Mailbox<Void>(limit: 10_000)
  private let received = Mutexed<[SharedPayload]>([])

  var payloads: [SharedPayload] { received.value }
  var responses: [JSON] { payloads.compactMap { try? JSON.parse($0.bytes) } }
  var refusalCode: String? { refusal.value?["errors"]?[0]?["extensions"]?["code"]?.string }

  func next(_ payload: SharedPayload) {
    received.update { $0.append(payload) }
    arrivals.send(())
  }
  /// Whether the test expects the stream to end by an error.
  let mayFail = Mutexed(false)
  /// The codes of the errors that ended it.
  let failures = Mutexed<[String]>([])
  func complete() {}
  func fail(_ errors: [UInt8]) {
    if !mayFail.value { Issue.record("\(String(decoding: errors, as: UTF8.self))") }
    let code = (try? JSON.parse(errors))?[0]?["extensions"]?["code"]?.string
    failures.update { $0.append(code ?? "none") }
    arrivals.send(())
  }
}

/// A socket that can be closed.
final class TestSocket: SocketControl {
  let closed = Mutexed<[String]>([])
  func close(code: UInt16, reason: String) { closed.update { $0.append("\(code) \(reason)") } }
}
