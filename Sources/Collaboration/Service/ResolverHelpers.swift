internal import GraphQL
internal import JSON
internal import World

/// What a mutation that makes or changes one thing answers.
struct Payload<Value: Sendable>: Sendable {
  var value: Value?
  var errors: [UserError] = []

  /// Runs a mutation, turning its refusal into user errors.
  ///
  /// - Parameter context: whose caller must have a session, before anything else is said about the input.
  init(_ context: RequestContext, _ run: () async throws -> Value) async throws {
    _ = try context.viewer()
    try await self.init(run)
  }

  init(_ run: () async throws -> Value) async throws {
    do { value = try await run() } catch let refusal as Refusal { errors = refusal.errors }
  }
}

/// The same for a change of what is there. A type of its own, because each object type is bound to one Swift type.
struct Changed<Value: Sendable>: Sendable {
  let payload: Payload<Value>

  init(_ context: RequestContext, _ run: () async throws -> Value) async throws {
    payload = try await Payload(context, run)
  }
}

extension Resolvers {
  /// Binds a connection and its edges.
  func connection<Node: Sendable>(_ name: String, _: Node.Type) {
    object("\(name)Connection", Connection<Node>.self) { type in
      type.field("edges") { $0.edges }
      type.field("nodes") { $0.edges.map(\.node) }
      type.field("pageInfo") { $0.pageInfo }
    }
    object("\(name)Edge", Edge<Node>.self) { type in
      type.field("cursor") { $0.cursor }
      type.field("node") { $0.node }
    }
  }
}

extension FieldCall where Parent == Root, Context == RequestContext {
  /// The row that the argument `id` names; `nil` for one that does not exist, is somebody else's, or cannot be an id.
  func find<R: Guarded>(_ type: R.Type) async throws -> R? {
    let reader = try context.reader()
    return try await reader.find(R.self, ID(try argument("id", as: String.self)))
  }

  /// The same where there must be one: a subscription to nothing would wait for ever.
  func require<R: Guarded>(_ type: R.Type, argument name: String, called what: String) async throws -> R {
    let reader = try context.reader()
    guard let record = try await reader.find(R.self, ID(try argument(name, as: String.self))) else {
      throw GraphQLFault("There is no such \(what).", code: "NOT_FOUND")
    }
    return record
  }
}
