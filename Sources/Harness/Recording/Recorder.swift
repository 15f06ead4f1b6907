internal import Cryptography
internal import JSON
package import Scenario
package import Server
internal import Wire
package import World

/// Makes, of what passes through the proxy, a list of what clients did and saw, and of who they were.
package struct Recorder: Sendable {
  /// The most entries, and bytes of bodies and messages, of one recording; what comes later is not recorded.
  static let entryLimit = 10_000
  static let byteLimit = 64 << 20

  private struct Socket {
    let request: HTTPRequest
    var identity: Int?
    var device = 0
    var isOpen = false
    /// Entries by the operation's id.
    var operations: [String: Int] = [:]
  }

  private(set) var entries: [RecordedEntry] = []
  private(set) var identities: [RecordedIdentity] = []
  private(set) var secrets = Secrets()
  /// What was not recorded, and how often.
  private(set) var unseen: [String: Int] = [:]
  private var book: OperationBook
  /// Identities by what they show.
  private var credentials: [String: Int] = [:]
  private var exchanges: [Int: Int] = [:]
  private var sockets: [Int: Socket] = [:]
  /// Documents that were sent with their digest once.
  private var persisted: [String: String] = [:]
  private var bytes = 0

  package init(book: OperationBook) { self.book = book }

  /// - Returns: a line for who watches, where an operation or a subscription has begun or an event come.
  package mutating func observe(_ event: ProxyEvent, at now: Instant) -> String? {
    guard entries.count < Self.entryLimit, bytes < Self.byteLimit else {
      skip("what came after the first \(Self.entryLimit) entries or \(Self.byteLimit >> 20) MiB")
      return nil
    }
    switch event {
    case .request(let exchange, let request): return requested(exchange, request, now)
    case .response(let exchange, let response):
      bytes += response.body.count
      secrets.note(response.headers)
      guard let index = exchanges.removeValue(forKey: exchange), let map = try? JSON.parse(response.body),
        map.object != nil
      else { return nil }
      answer(index, map)
    case .opened(let socket, let request):
      secrets.note(request)
      sockets[socket] = Socket(request: request)
    case .message(let number, let fromClient, let text):
      bytes += text.count
      guard var socket = sockets[number] else { return nil }
      guard let message = try? TransportMessage.decode(text) else {
        skip("messages that are not of graphql-transport-ws")
        return nil
      }
      let line = fromClient ? said(message, &socket, now) : heard(message, &socket, now)
      sockets[number] = socket
      return line
    case .closed(let number, let byClient, let code):
      guard let socket = sockets.removeValue(forKey: number), socket.isOpen, let identity = socket.identity else {
        return nil
      }
      add(identity, socket.device, byClient ? .disconnect(code == nil ? .drop : .close) : .closed(code), now)
    case .unseen(let what): skip(what)
    }
    return nil
  }

  private mutating func skip(_ what: String) { unseen[what, default: 0] += 1 }

  @discardableResult
  private mutating func add(_ identity: Int, _ device: Int, _ what: RecordedEntry.What, _ now: Instant) -> Int {
    entries.append(RecordedEntry(identity: identity, device: device, at: now, what: what))
    return entries.count - 1
  }

  // HTTP

  private mutating func requested(_ exchange: Int, _ request: HTTPRequest, _ now: Instant) -> String? {
    bytes += request.body.count
    secrets.note(request)
    guard let body = Self.body(of: request) else {
      if !["GET", "HEAD", "OPTIONS"].contains(request.method) {
        skip("requests that are not GraphQL, such as uploads")
      }
      return nil
    }
    guard body.array == nil else {
      skip("batches of operations")
      return nil
    }
    guard let call = call(body) else { return nil }
    guard call.operation.kind != .subscription else {
      skip("subscriptions over HTTP")
      return nil
    }
    let identity = identity(Self.credential(of: request))
    exchanges[exchange] = add(identity, 0, .operate(call, overSocket: false), now)
    return line(identity, "\(call.operation.kind.rawValue) \(call.operation.name)")
  }

  /// The members of a GraphQL request ("GraphQL over HTTP"); `nil` for any other.
  private static func body(of request: HTTPRequest) -> JSON? {
    if request.method == "POST" {
      let json = try? JSON.parse(request.body)
      return json.flatMap { $0.array != nil || $0["query"] != nil || $0["extensions"] != nil ? $0 : nil }
    }
    guard request.method == "GET", let query = request.query else { return nil }
    let fields = FormFields(query)
    var body = JSONObject()
    for name in ["query", "operationName"] { body[name] = fields[name].map(JSON.string) }
    for name in ["variables", "extensions"] { body[name] = fields[name].flatMap { try? JSON.parse($0) } }
    return body["query"] == nil && body["extensions"] == nil ? nil : .object(body)
  }

  private mutating func call(_ body: JSON) -> RecordedCall? {
    let digest = body["extensions"]?["persistedQuery"]?["sha256Hash"]?.string
    var document = body["query"]?.string
    if let digest, let document, !document.isEmpty { persisted[digest] = document }
    if document?.isEmpty != false { document = digest.flatMap { persisted[$0] } }
    guard let document else {
      if digest != nil { skip("operations of which only the digest was sent") }
      return nil
    }
    guard
      let operation = book.entry(
        document: document, operationName: body["operationName"]?.string, rules: Secrets.literals)
    else {
      skip("documents that are not GraphQL")
      return nil
    }
    for value in operation.secrets { secrets.add(value) }
    var variables = body["variables"]?.object ?? [:]
    for (name, value) in operation.lifted { variables[name] = .string(value) }
    let call = RecordedCall(operation, variables)
    for (_, purpose, value) in call.given { secrets.note(value, isSent: true, isSecret: Secrets.isSecret(purpose)) }
    return call
  }

  // Sockets (graphql-transport-ws)

  private mutating func said(_ message: TransportMessage, _ socket: inout Socket, _ now: Instant) -> String? {
    switch message {
    case .connectionInit(let payload):
      secrets.note(payload.map(JSON.object) ?? .null, isSent: true)
      let token = payload.flatMap { Secrets.first(in: .object($0)) }
      socket.identity = identity(token.map(Self.withoutScheme) ?? Self.credential(of: socket.request))
    case .subscribe(let id, let payload):
      guard let identity = socket.identity, socket.isOpen, let call = call(.object(payload)) else { return nil }
      let isSubscription = call.operation.kind == .subscription
      socket.operations[id] = add(
        identity, socket.device, isSubscription ? .subscribe(call) : .operate(call, overSocket: true), now)
      return line(identity, "\(call.operation.kind.rawValue) \(call.operation.name)")
    case .complete(let id):
      if let index = socket.operations.removeValue(forKey: id) { entries[index].isCompleted = true }
    default: break
    }
    return nil
  }

  private mutating func heard(_ message: TransportMessage, _ socket: inout Socket, _ now: Instant) -> String? {
    guard let identity = socket.identity else { return nil }
    switch message {
    case .connectionAck:
      guard !socket.isOpen else { return nil }
      socket.isOpen = true
      let taken = Set(sockets.values.filter { $0.isOpen && $0.identity == identity }.map(\.device))
      socket.device = (0...taken.count).first { !taken.contains($0) } ?? taken.count
      add(identity, socket.device, .connect, now)
      return line(identity, "connected")
    case .next(let id, let payload):
      guard let index = socket.operations[id] else { return nil }
      guard case .subscribe(let call) = entries[index].what else {
        answer(index, payload)
        return nil
      }
      note(payload["data"] ?? .null, of: identity)
      add(identity, socket.device, .event(of: index, payload["data"] ?? .null), now)
      return line(identity, "event \(call.operation.name)")
    case .error(let id, let errors):
      guard let index = socket.operations.removeValue(forKey: id) else { return nil }
      let map = JSON.object(["errors": .array(errors)])
      guard case .subscribe = entries[index].what, isLive(index) else {
        answer(index, map)
        return nil
      }
      add(
        identity, socket.device, .ended(of: index, code: errors.first?["extensions"]?["code"]?.string), now)
    case .complete(let id): socket.operations[id] = nil
    default: break
    }
    return nil
  }

  /// Whether a subscription seems to have begun: something has come of it, or somebody has changed something since. The
  /// protocol has no word for it.
  private func isLive(_ index: Int) -> Bool {
    entries[index...].contains { entry in
      if case .event(of: index, _) = entry.what { return true }
      return entry.call?.operation.kind == .mutation
    }
  }

  // Who is who

  private mutating func answer(_ index: Int, _ map: JSON) {
    entries[index].answer = map
    note(map["data"] ?? .null, of: entries[index].identity)
  }

  private mutating func note(_ data: JSON, of identity: Int) {
    secrets.note(data, isSent: false)
    guard !identities[identity].isAnonymous else { return }
    for name in ["viewer", "me", "currentUser"] {
      if let viewer = data[name] { identities[identity].learn(viewer: viewer) }
    }
  }

  private mutating func identity(_ credential: String) -> Int {
    if let known = credentials[credential] { return known }
    secrets.add(credential)
    var identity = RecordedIdentity(isAnonymous: credential.isEmpty)
    Secrets.claims(of: credential).map { identity.learn(claims: $0) }
    let source =
      credential.isEmpty
      ? nil : entries.lastIndex { $0.answer.map { Self.owner(of: credential, in: $0) != nil } == true }
    if let source {
      let login = entries[source]
      let secret = login.call?.firstSecret
      if !identities[login.identity].isAnonymous {
        // A new token of a session that goes on.
        entries[source].isLogin = secret != nil
        credentials[credential] = login.identity
        return login.identity
      }
      entries[source].isLogin = true
      secret.flatMap(Secrets.claims).map { identity.learn(claims: $0) }
      let payload = login.answer.flatMap { Self.owner(of: credential, in: $0) }
      for name in ["viewer", "user", "me"] { (payload?[name]).map { identity.learn(viewer: $0) } }
    }
    identities.append(identity)
    credentials[credential] = identities.count - 1
    return identities.count - 1
  }

  /// The object that has the text as a member.
  private static func owner(of text: String, in json: JSON) -> JSON? {
    switch json {
    case .array(let elements): return elements.lazy.compactMap { owner(of: text, in: $0) }.first
    case .object(let object):
      if object.members.contains(where: { $0.value.string == text }) { return json }
      return object.members.lazy.compactMap { owner(of: text, in: $0.value) }.first
    default: return nil
    }
  }

  /// What a request shows of who sends it: its `Authorization`, or else whatever of its fields and parameters is secret.
  private static func credential(of request: HTTPRequest) -> String {
    if let value = request.headers["Authorization"] { return withoutScheme(value) }
    let fields = request.headers.fields.filter { Secrets.isSecretField($0.name) }.map(\.value)
    return (fields + Secrets.parameters(of: request.target).map(\.value)).joined(separator: "\n")
  }

  private static func withoutScheme(_ value: String) -> String {
    value.lowercased().hasPrefix("bearer ") ? String(value.dropFirst(7).drop { $0 == " " }) : value
  }

  private func line(_ identity: Int, _ what: String) -> String {
    let who = identities[identity]
    return secrets.masked("\(who.name ?? who.subject ?? (who.isAnonymous ? "anonymous" : "user \(identity)"))  \(what)")
  }
}
