import GraphQL
import JSON

/// The fixture behind a real engine, so that documents, variables and errors are GraphQL's own.
///
/// Gates, log and subscribers are the fixture's: what it publishes runs each subscription's selection.
final class EngineService: GraphQLService {
  struct Context: Sendable {
    let fixture: FixtureService
    let name: String
  }

  private struct Prepared: PreparedService {
    let operation: PreparedOperation
    var kind: OperationKind { operation.kind }
  }

  private let fixture: FixtureService
  private let engine: Engine<Context>

  init(_ fixture: FixtureService) throws {
    self.fixture = fixture
    engine = try Engine(
      schema: Schema.build([Source(name: "test", text: Self.sdl)]), resolvers: Self.resolvers(),
      onInternalError: { _, field in fixture.log.record("internal error in \(field)") })
  }

  private static let sdl = """
    type Query {
      hello: String!
      echo(text: String!, times: Int = 1): String!
      slow: String!
      broken: String
      fatal: String!
    }
    type Mutation { publish(text: String!): String!  slow: String! }
    type Subscription {
      events: String
      gated: String
      eager: String
      denied: String!
      faulty: String!
    }
    """

  private struct Unexpected: Error {}

  private static func resolvers() -> Resolvers<Context> {
    let resolvers = Resolvers<Context>()
    resolvers.query { type in
      type.rootSync("hello") { $0.context.name }
      type.rootSync("echo") { call in
        String(repeating: try call.argument("text", as: String.self), count: try call.argument("times", as: Int.self))
      }
      type.root("slow") { call in await slow(call.context) }
      type.rootSync("broken") { _ throws -> String? in throw GraphQLFault("It broke", code: "BROKEN") }
      type.rootSync("fatal") { _ throws -> String in throw GraphQLFault("It broke", code: "BROKEN") }
    }
    resolvers.mutation { type in
      type.root("publish") { call in
        let text = try call.argument("text", as: String.self)
        call.context.fixture.publish(text)
        return text
      }
      type.root("slow") { call in await slow(call.context) }
    }
    for name in ["events", "gated", "eager"] {
      resolvers.subscription(
        name, event: String.self,
        source: { call async throws -> any Sendable in
          call.context.fixture.log.record("subscribe \(name)")
          if name == "gated" { await call.context.fixture.pass("gated") }
          return name
        },
        value: { text, _ async throws -> String? in
          if text == "broken" { throw GraphQLFault("It broke", code: "BROKEN") }
          return text
        })
    }
    for name in ["denied", "faulty"] {
      resolvers.subscription(
        name, event: String.self,
        source: { _ async throws -> any Sendable in
          if name == "denied" { throw GraphQLFault("Not permitted", code: "FORBIDDEN") }
          throw Unexpected()
        },
        value: { text, _ async throws -> String in text })
    }
    return resolvers
  }

  private static func slow(_ context: Context) async -> String {
    context.fixture.log.record("execute slow")
    await context.fixture.pass("slow")
    context.fixture.log.record("executed slow\(Task.isCancelled ? " cancelled" : "")")
    return "at last"
  }

  func authenticate(token: String?) async throws(AuthenticationFailure) -> any ServiceIdentity {
    try await fixture.authenticate(token: token)
  }

  func prepare(_ request: GraphQLRequest) -> Result<any PreparedService, GraphQLResult> {
    engine.prepare(request).map { Prepared(operation: $0) }
  }

  func execute(
    _ prepared: any PreparedService, as identity: any ServiceIdentity, from origin: RequestOrigin
  ) async -> GraphQLResult {
    guard let operation = (prepared as? Prepared)?.operation else { return Self.foreign }
    return await engine.execute(operation, context: context(identity))
  }

  func subscribe(
    _ prepared: any PreparedService, as identity: any ServiceIdentity, socket: SocketID, subscriber: any Subscriber
  ) async -> SubscribeOutcome {
    guard let operation = (prepared as? Prepared)?.operation else { return .refused(Self.foreign) }
    let context = context(identity)
    switch await engine.subscribe(operation, context: context) {
    case .failure(let refusal): return .refused(refusal)
    case .success(let source):
      let relay = Relay(subscriber) { [engine] text in
        SharedPayload(bytes: await engine.executeEvent(text, of: operation, context: context).bytes)
      }
      if source as? String == "eager" { relay.next(FixtureService.payload("early")) }
      return .active(fixture.register(relay))
    }
  }

  private func context(_ identity: any ServiceIdentity) -> Context {
    Context(fixture: fixture, name: (identity as? FixtureService.Identity)?.name ?? "nobody")
  }

  private static let foreign = GraphQLResult.requestError("Not ours", code: "INTERNAL")

  func socketOpened(_ id: SocketID, identity: any ServiceIdentity, control: any SocketControl) {
    fixture.socketOpened(id, identity: identity, control: control)
  }
  func socketAlive(_ id: SocketID) { fixture.socketAlive(id) }
  func socketClosed(_ id: SocketID) { fixture.socketClosed(id) }
  func fence() async { await fixture.fence() }
  var health: ServiceHealth { fixture.health }
  var version: JSONObject { fixture.version }
  var metrics: [MetricFamily] { fixture.metrics }

  /// Runs a selection for each event, in order, before the subscriber is told.
  private final class Relay: Subscriber {
    private enum Word: Sendable {
      case next(String)
      case complete
      case fail([UInt8])
    }

    private let words: AsyncStream<Word>.Continuation

    init(_ subscriber: any Subscriber, _ run: @escaping @Sendable (String) async -> SharedPayload) {
      let (stream, continuation) = AsyncStream.makeStream(of: Word.self)
      words = continuation
      Task {
        for await word in stream {
          switch word {
          case .next(let text): subscriber.next(await run(text))
          case .complete: subscriber.complete()
          case .fail(let errors): subscriber.fail(errors)
          }
        }
      }
    }

    func next(_ payload: SharedPayload) {
      words.yield(.next((try? JSON.parse(payload.bytes))?["data"]?["events"]?.string ?? ""))
    }
    func complete() { words.yield(.complete) }
    func fail(_ errors: [UInt8]) { words.yield(.fail(errors)) }

    deinit { words.finish() }
  }
}
