import GraphQL
import JSON
import Synchronization
import Testing

/// Remembers which resolvers were called, for how many parents.
final class CallLog: Sendable {
  private let state = Mutex<[String]>([])

  func note(_ call: String) { state.withLock { $0.append(call) } }

  var calls: [String] { state.withLock { $0 } }
}

/// A context for resolvers under test.
struct Caller: Sendable {
  let log = CallLog()
}

struct Broken: Error {}

extension Engine {
  convenience init(
    _ sdl: String, limits: EngineLimits = .default, onInternalError: @escaping InternalErrorHook = { _, _ in },
    _ build: (Resolvers<Context>) -> Void
  ) throws {
    let resolvers = Resolvers<Context>()
    build(resolvers)
    let schema = try Schema.build([Source(name: "test.graphqls", text: sdl)])
    try self.init(schema: schema, resolvers: resolvers, limits: limits, onInternalError: onInternalError)
  }
}

extension Engine<Caller> {
  /// The response as text, compact and in the order of the response.
  func run(
    _ query: String, _ variables: JSONObject = [:], operation: String? = nil, as caller: Caller = Caller()
  ) async -> String {
    let request = GraphQLRequest(query: query, operationName: operation, variables: variables)
    switch prepare(request) {
    case .failure(let result): return result.text
    case .success(let operation): return await execute(operation, context: caller).text
    }
  }
}

extension GraphQLResult {
  var text: String { String(decoding: bytes, as: UTF8.self) }
}

/// Messages with authors and mentions: the shape of the product, as static data.
enum Chat {
  struct User: Sendable {
    let id: Int
    var name: String { "user \(id)" }
  }

  struct Message: Sendable {
    let id: Int
    let author: Int
  }

  struct Mention: Sendable {
    let user: Int
  }

  static let sdl = """
    type Query { messages(first: Int = 3): [Message!]!  message(id: ID!): Message }
    type Message { id: ID!  text: String!  author: User  mentions(limit: Int! = 2): [Mention!]! }
    type Mention { user: User! }
    type User { id: ID!  name: String! }
    """

  static func bind(_ resolvers: Resolvers<Caller>) {
    resolvers.query { root in
      root.root("messages") { call async throws -> [Message] in
        let count = max(0, try call.argument("first", as: Int?.self) ?? 0)
        return (0..<count).map { Message(id: $0, author: $0 % 2) }
      }
      root.rootSync("message") { call throws -> Message? in
        Int(try call.argument("id", as: String.self)).map { Message(id: $0, author: 0) }
      }
    }
    resolvers.object("Message", Message.self) { type in
      type.field("id") { $0.id }
      type.field("text") { "text of \($0.id)" }
      type.batch("author") { call async throws -> [User?] in
        call.context.log.note("author(\(call.parents.count))")
        return call.parents.map { $0.id == 2 ? nil : User(id: $0.author) }
      }
      type.batch("mentions") { call async throws -> [[Mention]] in
        call.context.log.note("mentions(\(call.parents.count))")
        let limit = try call.argument("limit", as: Int.self)
        return call.parents.map { message in (0..<min(limit, message.id)).map { Mention(user: $0) } }
      }
    }
    resolvers.object("Mention", Mention.self) { type in
      type.batch("user") { call async throws -> [User] in
        call.context.log.note("user(\(call.parents.count))")
        return call.parents.map { User(id: $0.user) }
      }
    }
    resolvers.object("User", User.self) { type in
      type.field("id") { $0.id }
      type.field("name") { $0.name }
    }
  }

  static func engine(limits: EngineLimits = .default) throws -> Engine<Caller> {
    try Engine(sdl, limits: limits, bind)
  }
}
