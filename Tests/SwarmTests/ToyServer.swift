import Client
import JSON
import Scenario
import Swarm
import Synchronization
import Wire
import World

/// A chat server in miniature, in the place of the network: `send` adds a message to a thread and shows it to whoever is
/// subscribed to `added` of that thread. It can misbehave in the ways that a real one must not.
final class ToyServer: SystemUnderTest, ClientTransport {
  struct Manners: Sendable {
    /// One way.
    var latency = Duration.milliseconds(2)
    /// Copies of each event that are sent.
    var copies = 1
    /// Nothing is answered in this time, in milliseconds since the server began.
    var stall: ClosedRange<Int64>?
    /// How long after its arrival a message is handled.
    var work = Duration.milliseconds(1)
    /// A message `#n` takes longer than others, as n decides.
    var workByNumber = false
    /// Handles a message, but shows it only after the sender has its response.
    var showsLate = false
    /// Answers this long after it has shown.
    var afterthought = Duration.zero
    var refusesConnections = false
    var answersFences = true
    /// Whether what answers a ping is a fence.
    var fences = true
  }

  let endpoint = Endpoint(host: "toy", port: 80)
  let countsStatements = true
  var fences: Bool { manners.fences }
  var transport: any ClientTransport { self }

  private struct State {
    var sockets: [ToySocket] = []
    var sequences: [String: Int64] = [:]
    var messages: Int64 = 0
  }

  private let world: World
  private let manners: Manners
  private let began: Instant
  private let state = Mutex(State())

  init(world: World, _ manners: Manners = Manners()) {
    self.world = world
    self.manners = manners
    began = world.clock.now
  }

  func logIn(_ actor: Actor) async throws -> ActorIdentity {
    ActorIdentity(
      token: "secret-token-of-\(actor.name)", userID: "id-of-\(actor.user)", name: actor.user,
      organization: actor.organization)
  }

  func send(_ request: HTTPRequest, to endpoint: Endpoint) async throws(ClientError) -> HTTPResponse {
    if manners.refusesConnections { throw ClientError(.refused, "Nobody listens at \(endpoint)") }
    guard let body = try? JSON.parse(request.body) else { throw ClientError(.protocolViolation, "not JSON") }
    do {
      try await world.sleep(for: manners.latency)
      let response = try await respond(to: body)
      try await world.sleep(for: manners.latency)
      return HTTPResponse(status: 200, body: response.bytes)
    } catch { throw ClientError(.cancelled, "Cancelled") }
  }

  func openSocket(
    _ upgrade: HTTPRequest, to endpoint: Endpoint, events: @escaping @Sendable (SocketEvent) -> Void
  ) async throws(ClientError) -> any ClientSocket {
    if manners.refusesConnections { throw ClientError(.refused, "Nobody listens at \(endpoint)") }
    let socket = ToySocket(world: world, latency: manners.latency, server: self, events: events)
    state.withLock { $0.sockets.append(socket) }
    return socket
  }

  /// Closes every socket, as a server that revokes all sessions.
  func closeAll(code: UInt16) {
    for socket in state.withLock({ $0.sockets }) { socket.deliver(.closed(code: code, reason: "revoked", clean: true)) }
  }

  func respond(to body: JSON) async throws -> JSON {
    try await world.sleep(for: manners.work)
    if let stall = manners.stall {
      let now = (world.clock.now - began).wholeNanoseconds / 1_000_000
      if stall.contains(now) {
        try await world.clock.sleep(until: began + .milliseconds(stall.upperBound))
      }
    }
    let variables = body["variables"] ?? [:]
    if manners.workByNumber, let number = variables["text"]?.string.flatMap({ Int64($0.dropFirst()) }) {
      try await world.sleep(for: .microseconds(number * 7919 % 30_011))
    }
    switch body["operationName"]?.string {
    case "send":
      guard let thread = variables["thread"]?.string, let text = variables["text"]?.string else { return .null }
      if text == "end all sockets" { closeAll(code: 4403) }
      if text == "forbidden" {
        return ["data": ["send": ["message": nil, "userErrors": [["code": "INVALID", "message": "No such word"]]]]]
      }
      let (id, sequence) = state.withLock { state in
        state.messages += 1
        state.sequences[thread, default: 0] += 1
        return (state.messages, state.sequences[thread] ?? 0)
      }
      let message: JSON = [
        "id": .string("m\(id)"), "thread": .string(thread), "text": .string(text), "sequence": .int(sequence),
      ]
      if manners.showsLate {
        world.spawn { [self] in
          try? await world.sleep(for: .milliseconds(20))
          show(message, thread)
        }
      } else {
        show(message, thread)
      }
      var response: JSONObject = ["data": ["send": ["message": message, "userErrors": []]]]
      try await world.sleep(for: manners.afterthought)
      if body["extensions"]?["statements"]?.bool == true { response["extensions"] = ["statements": 3] }
      return .object(response)
    case "count":
      let thread = variables["thread"]?.string ?? ""
      return ["data": ["count": .int(state.withLock { $0.sequences[thread] ?? 0 })]]
    case "revoke":
      closeAll(code: 4403)
      return ["data": ["revoke": ["token": "secret-token-of-ada"]]]
    default: return ["errors": [["message": "Unknown operation", "extensions": ["code": "NOT_FOUND"]]]]
    }
  }

  /// How long a fence takes to pass what is under way; `nil` is for ever.
  var fenceDelay: Duration? { manners.answersFences ? (manners.showsLate ? .milliseconds(50) : .zero) : nil }

  private func show(_ message: JSON, _ thread: String) {
    for socket in state.withLock({ $0.sockets }) {
      for id in socket.subscriptions(to: thread) {
        for _ in 0..<manners.copies {
          socket.deliver(.text(TransportMessage.next(id: id, payload: ["data": ["added": message]]).bytes))
        }
      }
    }
  }
}

/// The server's end of a socket; what it delivers arrives in order, a latency later.
final class ToySocket: ClientSocket {
  private let world: World
  private let latency: Duration
  private let server: ToyServer
  private let events: @Sendable (SocketEvent) -> Void
  private let outbound = Mailbox<(Instant, SocketEvent)>(limit: 100_000)
  private let state = Mutex((subscriptions: [(id: String, thread: String)](), isSilent: false))

  init(world: World, latency: Duration, server: ToyServer, events: @escaping @Sendable (SocketEvent) -> Void) {
    self.world = world
    self.latency = latency
    self.server = server
    self.events = events
    world.spawn { [self] in
      while let (due, event) = await outbound.next() {
        try? await world.clock.sleep(until: due)
        if state.withLock(\.isSilent) { continue }
        events(event)
        if case .closed = event { outbound.finish() }
      }
    }
  }

  func deliver(_ event: SocketEvent) { outbound.send((world.clock.now + latency, event)) }

  func subscriptions(to thread: String) -> [String] {
    state.withLock { $0.subscriptions.filter { $0.thread == thread }.map(\.id) }
  }

  func send(text: [UInt8]) {
    guard let message = try? TransportMessage.decode(text) else { return }
    switch message {
    case .connectionInit: deliver(.text(TransportMessage.connectionAck(payload: nil).bytes))
    case .ping(let payload):
      let delay = payload?["fence"] == nil ? .zero : server.fenceDelay
      guard let delay else { return }
      world.spawn { [self] in
        try? await world.sleep(for: delay)
        deliver(.text(TransportMessage.pong(payload: payload).bytes))
      }
    case .subscribe(let id, let payload):
      if payload["operationName"]?.string == "added", let thread = payload["variables"]?["thread"]?.string {
        if thread == "secret" {
          let error: JSON = ["message": "No such thread", "extensions": ["code": "NOT_FOUND"]]
          deliver(.text(TransportMessage.error(id: id, errors: [error]).bytes))
        } else {
          state.withLock { $0.subscriptions.append((id, thread)) }
        }
      } else {
        world.spawn { [self] in
          guard let response = try? await server.respond(to: .object(payload)) else { return }
          deliver(.text(TransportMessage.next(id: id, payload: response).bytes))
          deliver(.text(TransportMessage.complete(id: id).bytes))
        }
      }
    default: break
    }
  }

  func close(code: UInt16, reason: String) { deliver(.closed(code: code, reason: reason, clean: true)) }
  func abort() { outbound.finish() }
  func silence() { state.withLock { $0.isSilent = true } }
}
