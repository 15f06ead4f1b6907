import GraphQL
import JSON
import Server
import Synchronization
import World

/// A server that is not ours, on a loopback port: it speaks the schema of `Scenarios/examples/chat`, lets in whoever has one
/// of its keys, and answers no fences to speak of.
final class ChatServer: GraphQLService {
  private struct Caller: ServiceIdentity {}

  private struct Call: PreparedService {
    let kind: OperationKind
    let request: GraphQLRequest
    var name: String? { request.operationName }
  }

  private struct Handle: SubscriptionHandle {
    let server: ChatServer
    let number: Int
    func cancel() { server.state.withLock { _ = $0.listeners.removeValue(forKey: number) } }
  }

  private struct State {
    var listeners: [Int: (thread: String, subscriber: any Subscriber)] = [:]
    var last = 0
    var counts: [String: Int64] = [:]
    var seen: Set<String> = []
  }

  private let keys: Set<String>
  private let state = Mutex(State())

  /// The keys with which somebody came in.
  var seen: Set<String> { state.withLock(\.seen) }

  init(keys: Set<String>) { self.keys = keys }

  /// Runs `body` while it listens, with its URL.
  static func serving(keys: Set<String>, _ body: (ChatServer, String) async throws -> Void) async throws {
    let world = World.live(seed: 9)
    let chat = ChatServer(keys: keys)
    let server = try await HTTPServer.start(core: ServerCore(service: chat, world: world), world: world)
    do { try await body(chat, "http://127.0.0.1:\(server.port)") } catch {
      await server.stop(deadline: .zero)
      throw error
    }
    await server.stop(deadline: .zero)
  }

  func authenticate(token: String?) async throws(AuthenticationFailure) -> any ServiceIdentity {
    guard let token, keys.contains(token) else { throw AuthenticationFailure(message: "Who are you?") }
    state.withLock { _ = $0.seen.insert(token) }
    return Caller()
  }

  func prepare(_ request: GraphQLRequest) -> Result<any PreparedService, GraphQLResult> {
    let kind = request.query.split { !$0.isLetter }.first.flatMap { OperationKind(rawValue: String($0)) }
    return .success(Call(kind: kind ?? .query, request: request))
  }

  func execute(
    _ prepared: any PreparedService, as identity: any ServiceIdentity, from origin: RequestOrigin
  ) async -> GraphQLResult {
    let request = (prepared as? Call)?.request
    let thread = request?.variables["thread"]?.string ?? ""
    switch request?.operationName {
    case "count": return data(["count": .int(state.withLock { $0.counts[thread] ?? 0 })])
    case "send":
      // Within one lock, so that all see messages in the order of their numbers.
      let message = state.withLock { state -> JSON in
        let sequence = (state.counts[thread] ?? 0) + 1
        state.counts[thread] = sequence
        let message: JSON = [
          "id": .string("\(thread)-\(sequence)"), "thread": .string(thread), "sequence": .int(sequence),
          "text": request?.variables["text"] ?? .null,
        ]
        let event = SharedPayload(bytes: data(["added": message]).bytes)
        for listener in state.listeners.values where listener.thread == thread { listener.subscriber.next(event) }
        return message
      }
      return data(["send": ["message": message, "userErrors": []]])
    default: return .requestError("No such operation", code: "NOT_FOUND")
    }
  }

  private func data(_ data: JSON) -> GraphQLResult {
    let response: JSON = ["data": data]
    return GraphQLResult(bytes: response.bytes, outcome: .data)
  }

  func subscribe(
    _ prepared: any PreparedService, as identity: any ServiceIdentity, socket: SocketID, subscriber: any Subscriber
  ) async -> SubscribeOutcome {
    let thread = (prepared as? Call)?.request.variables["thread"]?.string ?? ""
    let number = state.withLock { state in
      state.last += 1
      state.listeners[state.last] = (thread, subscriber)
      return state.last
    }
    return .active(Handle(server: self, number: number))
  }

  func socketOpened(_ id: SocketID, identity: any ServiceIdentity, control: any SocketControl) {}
  func socketAlive(_ id: SocketID) {}
  func socketClosed(_ id: SocketID) {}
  func fence() async {}
  var health: ServiceHealth { ServiceHealth(ready: true) }
  var version: JSONObject { [:] }
}
