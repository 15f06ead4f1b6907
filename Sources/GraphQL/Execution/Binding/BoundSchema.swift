internal import JSON

/// A schema with an answer for each of its fields.
final class BoundSchema: Sendable {
  typealias EventSource = @Sendable (ErasedCall) async throws -> any Sendable

  let schema: Schema
  let input: InputCoercion
  private let resolvers: [String: [String: Resolver]]
  private let sources: [String: EventSource]
  private let dispatches: [String: AbstractDispatch]
  private let leaves: [String: LeafType]

  init(
    schema: Schema, resolvers: [String: [String: Resolver]], sources: [String: EventSource],
    dispatches: [String: AbstractDispatch], scalars: [ScalarBinding]
  ) {
    self.schema = schema
    self.resolvers = resolvers
    self.sources = sources
    self.dispatches = dispatches
    let byName = Dictionary(scalars.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    input = InputCoercion(schema: schema, scalars: byName.mapValues(\.parse))
    var leaves: [String: LeafType] = [
      "Int": .int, "Float": .float, "String": .string, "Boolean": .boolean, "ID": .id,
    ]
    for type in schema.types where leaves[type.name] == nil {
      switch type {
      case .scalar: leaves[type.name] = .custom(CustomLeaf(name: type.name, serialize: byName[type.name]?.serialize))
      case .enumeration(let enumeration):
        leaves[type.name] = .enumeration(EnumLeaf(name: type.name, values: Set(enumeration.values.names)))
      default: break
      }
    }
    self.leaves = leaves
  }

  func resolver(of field: String, on type: String) -> Resolver? { resolvers[type]?[field] }

  func source(of subscription: String) -> EventSource? { sources[subscription] }

  func dispatch(of abstract: String) -> AbstractDispatch? { dispatches[abstract] }

  func completion(of type: TypeRef, nonNull: Bool = false) -> CompletionType {
    switch type {
    case .nonNull(let inner): completion(of: inner, nonNull: true)
    case .list(let element): CompletionType(nonNull: nonNull, item: completion(of: element), leaf: .composite)
    case .named(let name): CompletionType(nonNull: nonNull, leaf: leaves[name] ?? .composite)
    }
  }
}

/// How the values of an interface or union become parents of their object types.
final class AbstractDispatch: Sendable {
  let open: @Sendable (Any) throws -> TypedObject
  let rows: [String: @Sendable ([Any]) -> (any ObjectRows)?]

  init(
    open: @escaping @Sendable (Any) throws -> TypedObject,
    rows: [String: @Sendable ([Any]) -> (any ObjectRows)?]
  ) {
    self.open = open
    self.rows = rows
  }
}
