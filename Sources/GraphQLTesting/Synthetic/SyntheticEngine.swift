package import GraphQL
internal import JSON

// GraphQLTesting: documents, variables and data made from seeds, for tests, fuzzing, benchmarks and the adapter. No
// part of the product.

/// Executes operations against any schema over invented data: every value follows from its path and arguments, some
/// fields fail, some values do not fit their types. `reference.py` gives graphql-core the same data.
package struct SyntheticEngine: Sendable {
  private let engine: Engine<Void>

  package static let root = Seed(0xcbf2_9ce4_8422_2325)

  /// - Throws: ``BindingErrors`` where a root type is also an ordinary type of the schema.
  package init(_ schema: Schema, limits: EngineLimits = .default) throws {
    let resolvers = Resolvers<Void>()
    let roots = [schema.queryType, schema.mutationType, schema.subscriptionType].compactMap { $0?.name }
    for type in schema.types where !type.isIntrospection {
      switch type {
      case .object(let object) where !roots.contains(object.name):
        resolvers.object(object.name, SyntheticObject.self) { binding in
          for field in object.fields { bind(field, to: binding, in: schema) { $0.seed } }
        }
      case .interface, .union:
        resolvers.abstract(type.name, SyntheticObject.self) { TypedObject($0.typeName, $0) }
      default: break
      }
    }
    resolvers.query { for field in schema.queryType.fields { bind(field, to: $0, in: schema) { _ in Self.root } } }
    if let mutation = schema.mutationType {
      resolvers.mutation { for field in mutation.fields { bind(field, to: $0, in: schema) { _ in Self.root } } }
    }
    for field in schema.subscriptionType?.fields.elements ?? [] { bind(subscription: field, to: resolvers, in: schema) }
    engine = try Engine(schema: schema, resolvers: resolvers, limits: limits)
  }

  package func prepare(_ request: GraphQLRequest) -> Result<PreparedOperation, GraphQLResult> {
    engine.prepare(request)
  }

  /// Runs an operation; a subscription's selection is run for one event.
  package func execute(_ operation: PreparedOperation) async -> GraphQLResult {
    operation.kind == .subscription
      ? await engine.executeEvent(Self.root, of: operation, context: ())
      : await engine.execute(operation, context: ())
  }

  package func respond(to request: GraphQLRequest) async -> GraphQLResult {
    switch prepare(request) {
    case .success(let operation): await execute(operation)
    case .failure(let result): result
    }
  }
}

/// Half of the fields are answered in place, the others for all parents at once.
private func bind<Parent: Sendable>(
  _ field: FieldDefinition, to binding: TypeBinding<Parent, Void>, in schema: Schema,
  seed: @escaping @Sendable (Parent) -> Seed
) {
  let (name, type) = (field.name, field.type)
  func open<T: SyntheticValue>(_: T.Type) {
    if name.utf8.count.isMultiple(of: 2) {
      binding.field(name) { parent, call throws -> T in
        try invent(type, seed(parent).field(name, call.arguments), name, schema)
      }
    } else {
      binding.batchResults(name) { call -> [Result<T, any Error>] in
        call.parents.map { parent in
          Result { try invent(type, seed(parent).field(name, call.arguments), name, schema) }
        }
      }
    }
  }
  open(swiftType(of: type, in: schema))
}

private func bind(subscription field: FieldDefinition, to resolvers: Resolvers<Void>, in schema: Schema) {
  let (name, type) = (field.name, field.type)
  func open<T: SyntheticValue>(_: T.Type) {
    resolvers.subscription(
      name, event: Seed.self, source: { _ async throws -> any Sendable in name },
      value: { event, call async throws -> T in try invent(type, event.field(name, call.arguments), name, schema) })
  }
  open(swiftType(of: type, in: schema))
}

private func invent<T: SyntheticValue>(_ type: TypeRef, _ seed: Seed, _ name: String, _ schema: Schema) throws -> T {
  if seed.choice(25, for: "failure") == 0 { throw GraphQLFault("Cannot get \(name)", code: "SYNTHETIC") }
  return T.invent(type, seed, schema)
}
