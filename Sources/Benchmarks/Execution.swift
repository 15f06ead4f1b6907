import GraphQL
import JSON
import World

/// From plan to response: the shape of the product's hottest query over data in memory.
func measureExecution(_ meter: Meter) async throws {
  let schema = try Schema.build([Source(text: Chat.sdl)])
  let engine = try Engine(schema: schema, resolvers: Chat.resolvers(), limits: limits)
  let chat = Chat(messages: 1_000, world: meter.world)
  for count in [10, 1_000] {
    let operation = try engine.prepare(GraphQLRequest(query: query, variables: ["n": .int(Int64(count))])).get()
    let bytes = await engine.execute(operation, context: chat).bytes
    guard bytes == chat.writtenByHand(count) else { throw Disagreement() }
    try await meter.compare(
      "\(count) messages, \(bytes.count) bytes", bytes: bytes.count,
      { await engine.execute(operation, context: chat).bytes.count },
      baseline: "the same bytes written by hand", { chat.writtenByHand(count).count })
  }
  let small = GraphQLRequest(query: "{ me { id name } }")
  let operation = try engine.prepare(small).get()
  let bytes = await engine.execute(operation, context: chat).bytes
  try await meter.compare(
    "one object of two fields, prepared", bytes: bytes.count,
    { try await engine.execute(engine.prepare(small).get(), context: chat).bytes.count },
    baseline: "the same request already prepared", { await engine.execute(operation, context: chat).bytes.count })
}

private struct Disagreement: Error, CustomStringConvertible {
  let description = "the response is not what was written by hand"
}

private let query = """
  query ($n: Int!) {
    messages(first: $n) { id text edited author { id name } mentions { start user { id name } } }
  }
  """

private let limits: EngineLimits = {
  var limits = EngineLimits.default
  limits.cost = .max
  return limits
}()

/// Messages with authors and mentions.
private struct Chat: Sendable {
  struct User: Sendable {
    let id: ID
    let name: String
  }

  struct Mention: Sendable {
    let start: Int
    let user: Int
  }

  struct Message: Sendable {
    let id: ID
    let text: String
    let edited: Bool
    let author: Int
    let mentions: [Mention]
  }

  static let sdl = """
    type Query { messages(first: Int!): [Message!]! me: User! }
    type Message { id: ID! text: String! edited: Boolean! author: User! mentions: [Mention!]! }
    type Mention { start: Int! user: User! }
    type User { id: ID! name: String! }
    """

  let users: [User]
  let messages: [Message]

  init(messages count: Int, world: World) {
    users = (0..<50).map { User(id: world.ids.next(), name: "Person number \($0)") }
    messages = (0..<count).map { index in
      let mentions = (0..<(index % 3)).map { Mention(start: $0 * 12, user: (index + $0) % 50) }
      return Message(
        id: world.ids.next(), text: "Message \(index) says \"hello\" and goes on for a while as messages do",
        edited: index % 7 == 0, author: index % 50, mentions: mentions)
    }
  }

  static func resolvers() -> Resolvers<Chat> {
    let resolvers = Resolvers<Chat>()
    resolvers.query { root in
      root.root("messages") { call async throws -> [Message] in
        Array(call.context.messages.prefix(try call.argument("first", as: Int.self)))
      }
      root.rootSync("me") { call in call.context.users[0] }
    }
    resolvers.object("Message", Message.self) { type in
      type.field("id") { $0.id }
      type.field("text") { $0.text }
      type.field("edited") { $0.edited }
      type.batch("author") { call async throws -> [User] in call.parents.map { call.context.users[$0.author] } }
      type.field("mentions") { $0.mentions }
    }
    resolvers.object("Mention", Mention.self) { type in
      type.field("start") { $0.start }
      type.batch("user") { call async throws -> [User] in call.parents.map { call.context.users[$0.user] } }
    }
    resolvers.object("User", User.self) { type in
      type.field("id") { $0.id }
      type.field("name") { $0.name }
    }
    return resolvers
  }

  func writtenByHand(_ count: Int) -> [UInt8] {
    var json = JSONWriter(reserving: count * 300)
    json.raw("{\"data\":{\"messages\":[")
    for (index, message) in messages.prefix(count).enumerated() {
      json.raw(index == 0 ? "{\"id\":" : ",{\"id\":")
      json.string(message.id.description)
      json.raw(",\"text\":")
      json.string(message.text)
      json.raw(",\"edited\":")
      json.bool(message.edited)
      json.raw(",\"author\":")
      write(users[message.author], &json)
      json.raw(",\"mentions\":[")
      for (index, mention) in message.mentions.enumerated() {
        json.raw(index == 0 ? "{\"start\":" : ",{\"start\":")
        json.int(Int64(mention.start))
        json.raw(",\"user\":")
        write(users[mention.user], &json)
        json.raw("}")
      }
      json.raw("]}")
    }
    json.raw("]}}")
    return json.bytes
  }

  private func write(_ user: User, _ json: inout JSONWriter) {
    json.raw("{\"id\":")
    json.string(user.id.description)
    json.raw(",\"name\":")
    json.string(user.name)
    json.raw("}")
  }
}
