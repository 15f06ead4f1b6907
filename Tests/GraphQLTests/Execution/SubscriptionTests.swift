import GraphQL
import JSON
import Testing

@Suite("Subscriptions")
struct SubscriptionTests {
  struct Topic: Sendable, Equatable { let room: String }
  struct Event: Sendable { let number: Int }

  private static func engine() throws -> Engine<Caller> {
    let sdl = """
      type Query { none: Int }
      type Subscription { said(room: String!): Thing! }
      type Thing { number: Int!  room: String! }
      """
    return try Engine(sdl) { resolvers in
      resolvers.query { $0.rootSync("none") { _ in Int?.none } }
      resolvers.subscription(
        "said", event: Event.self,
        source: { call async throws -> any Sendable in
          let room = try call.argument("room", as: String.self)
          guard room != "secret" else { throw GraphQLFault("Not for you", code: "FORBIDDEN") }
          return Topic(room: room)
        },
        value: { event, call async throws -> Thing in
          if event.number < 0 { throw Broken() }
          return Thing(number: event.number)
        })
      resolvers.object("Thing", Thing.self) { type in
        type.field("number") { $0.number }
        type.field("room") { "room \($0.number)" }
      }
    }
  }

  private let query = "subscription ($room: String!) { said(room: $room) { number room } }"

  @Test("a source is what the resolver gave, an event runs the selection")
  func events() async throws {
    let engine = try Self.engine()
    let operation = try engine.prepare(GraphQLRequest(query: query, variables: ["room": "a"])).get()
    #expect(operation.kind == .subscription)
    let source = try await engine.subscribe(operation, context: Caller()).get()
    #expect(source as? Topic == Topic(room: "a"))
    let event = await engine.executeEvent(
      Event(number: 3), of: operation, context: Caller(), extensions: ["cursor": "c1"])
    #expect(event.text == #"{"data":{"said":{"number":3,"room":"room 3"}},"extensions":{"cursor":"c1"}}"#)
    let failed = await engine.executeEvent(Event(number: -1), of: operation, context: Caller())
    #expect(failed.outcome == .partial)
    #expect(failed.text.hasSuffix(#""data":null}"#))
    let foreign = await engine.executeEvent("no event", of: operation, context: Caller())
    #expect(foreign.text.contains("INTERNAL"))
  }

  @Test("an error at the source refuses the subscription without data")
  func refusal() async throws {
    let engine = try Self.engine()
    let operation = try engine.prepare(GraphQLRequest(query: query, variables: ["room": "secret"])).get()
    guard case .failure(let result) = await engine.subscribe(operation, context: Caller()) else {
      Issue.record("subscribed")
      return
    }
    #expect(result.outcome == .requestError)
    #expect(
      result.text == #"{"errors":[{"message":"Not for you","locations":[{"line":1,"column":33}],"path":["said"],"#
        + #""extensions":{"code":"FORBIDDEN"}}]}"#)
  }

  @Test("queries are not subscribed to, subscriptions not executed")
  func wrongKind() async throws {
    let engine = try Self.engine()
    let query = try engine.prepare(GraphQLRequest(query: "{ none }")).get()
    let subscription = try engine.prepare(GraphQLRequest(query: self.query, variables: ["room": "a"])).get()
    #expect(await engine.execute(subscription, context: Caller()).outcome == .requestError)
    #expect(await engine.executeEvent(Event(number: 1), of: query, context: Caller()).outcome == .requestError)
    guard case .failure = await engine.subscribe(query, context: Caller()) else {
      Issue.record("subscribed to a query")
      return
    }
  }
}
