package import JSON

/// The Swift side of a schema: what answers for its fields. Filled once at start-up, then handed to an ``Engine``,
/// which compares it with the SDL.
///
/// Swift types that stand for leaf values: `String`, `Int`, `Int32`, `Int64`, `Double`, `Bool`, `ID`, `WallTime`,
/// `JSON`, enums with string raw values; optionals and arrays of them; any other `Sendable` type is an object.
package final class Resolvers<Context: Sendable> {
  private(set) var objects: [ObjectBinding] = []
  private(set) var roots: [RootBinding] = []
  private(set) var subscriptions: [SubscriptionBinding] = []
  private(set) var abstracts: [AbstractBinding] = []
  private(set) var scalars: [ScalarBinding] = []

  package init() {}

  /// Binds an object type to a Swift type. A type's fields may be bound in several places, with one Swift type.
  package func object<Parent: Sendable>(
    _ name: String, _: Parent.Type, _ build: (TypeBinding<Parent, Context>) -> Void
  ) {
    let binding = TypeBinding<Parent, Context>(name)
    build(binding)
    objects.append(ObjectBinding(name: name, parent: Parent.self, fields: binding.fields))
  }

  /// Binds root fields of queries; may be called by every feature.
  package func query(_ build: (TypeBinding<Root, Context>) -> Void) { root(.query, build) }

  /// Binds root fields of mutations, which run one after the other.
  package func mutation(_ build: (TypeBinding<Root, Context>) -> Void) { root(.mutation, build) }

  private func root(_ kind: OperationKind, _ build: (TypeBinding<Root, Context>) -> Void) {
    let binding = TypeBinding<Root, Context>(kind.rawValue)
    build(binding)
    roots.append(RootBinding(kind: kind, fields: binding.fields))
  }

  /// Binds a subscription's root field.
  /// - Parameters:
  ///   - source: called once to start: checks permission and returns whatever the product needs to find the events, a
  ///     topic for example. An error refuses the subscription.
  ///   - value: the root field's value for one event.
  package func subscription<Event: Sendable, Value: Sendable>(
    _ name: String, event: Event.Type,
    source: @escaping @Sendable (FieldCall<Root, Context>) async throws -> any Sendable,
    value: @escaping @Sendable (Event, FieldCall<Root, Context>) async throws -> Value
  ) {
    let binding = TypeBinding<EventBox, Context>("subscription")
    binding.batch(name) { call -> [Value] in
      let root = FieldCall<Root, Context>(replacingParentsOf: call)
      var values: [Value] = []
      for box in call.parents {
        guard let event = box.event as? Event else {
          throw ResolverMisuse(description: "The event is a \(type(of: box.event)), the resolver needs \(Event.self)")
        }
        values.append(try await value(event, root))
      }
      return values
    }
    subscriptions.append(
      SubscriptionBinding(fields: binding.fields) { call in
        guard let context = call.context as? Context else {
          throw ResolverMisuse(description: "The context is a \(type(of: call.context)), not a \(Context.self)")
        }
        return try await source(FieldCall(parents: [Root()], context: context, call: call))
      })
  }

  /// Says which object type a value of an interface or union has; the value itself must be of the Swift type bound to
  /// that object type. Not needed where each possible type is bound to a Swift type of its own.
  package func abstract(_ name: String, _ typeName: @escaping @Sendable (Any) throws -> String) {
    abstracts.append(AbstractBinding(name: name) { value in TypedObject(try typeName(value), value) })
  }

  /// Opens the Swift type that stands for an interface or union, an enum with a case for each type for example.
  package func abstract<Value: Sendable>(
    _ name: String, _: Value.Type, _ open: @escaping @Sendable (Value) throws -> TypedObject
  ) {
    abstracts.append(
      AbstractBinding(name: name) { value in
        guard let value = value as? Value else {
          throw ResolverMisuse(description: "A \(type(of: value)) came as \(name), expected \(Value.self)")
        }
        return try open(value)
      })
  }

  /// Gives a custom scalar a meaning; without, its values pass as they are.
  /// - Parameters:
  ///   - parse: checks and normalizes an input value. What it throws is told to the client: throw a ``GraphQLFault``
  ///     with a message.
  ///   - serialize: checks and normalizes an output value.
  package func scalar(
    _ name: String,
    parse: @escaping @Sendable (JSON) throws -> JSON = { $0 },
    serialize: (@Sendable (JSON) throws -> JSON)? = nil
  ) {
    scalars.append(ScalarBinding(name: name, parse: parse, serialize: serialize))
  }
}

/// A value of an interface or union with the name of its object type.
package struct TypedObject {
  package let typeName: String
  package let value: Any

  package init(_ typeName: String, _ value: Any) {
    self.typeName = typeName
    self.value = value
  }
}

/// An event as the parent of a subscription's root field.
struct EventBox: Sendable {
  let event: any Sendable
}

struct ObjectBinding: Sendable {
  let name: String
  let swiftType: ObjectIdentifier
  let swiftName: String
  let fields: [FieldBinding]
  /// Rows of the bound Swift type, or `nil` when a value is of another.
  let rows: @Sendable ([Any]) -> (any ObjectRows)?

  init<Parent: Sendable>(name: String, parent: Parent.Type, fields: [FieldBinding]) {
    self.name = name
    self.swiftType = ObjectIdentifier(parent)
    self.swiftName = "\(parent)"
    self.fields = fields
    rows = { values in
      var typed: [Parent] = []
      typed.reserveCapacity(values.count)
      for value in values {
        guard let value = value as? Parent else { return nil }
        typed.append(value)
      }
      return Rows(typed)
    }
  }
}

struct RootBinding: Sendable {
  let kind: OperationKind
  let fields: [FieldBinding]
}

struct SubscriptionBinding: Sendable {
  /// One: the event's value.
  let fields: [FieldBinding]
  let source: @Sendable (ErasedCall) async throws -> any Sendable
}

struct AbstractBinding: Sendable {
  let name: String
  let open: @Sendable (Any) throws -> TypedObject
}

struct ScalarBinding: Sendable {
  let name: String
  let parse: @Sendable (JSON) throws -> JSON
  let serialize: (@Sendable (JSON) throws -> JSON)?
}
