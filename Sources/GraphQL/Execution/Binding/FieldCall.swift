package import JSON

/// The parent of root fields. A field whose type is the query type itself, as payloads of mutations have it, returns one.
package struct Root: Hashable, Sendable {
  package init() {}
}

/// One call of a resolver: all parents at its path, the arguments they share, and who asks.
package struct FieldCall<Parent: Sendable, Context: Sendable>: Sendable {
  /// In response order, duplicates included: the answer has one value for each.
  package let parents: [Parent]
  package let context: Context
  /// Coerced: defaults filled in, absent where nothing was given.
  package let arguments: JSONObject
  /// The schema's own directives on the field, in the order of the document, where it is first selected; what they mean
  /// is for resolvers to say.
  package let directives: [AppliedDirective]
  fileprivate let field: FieldPlan

  init(parents: [Parent], context: Context, call: ErasedCall) {
    self.parents = parents
    self.context = context
    arguments = call.arguments
    directives = call.directives
    field = call.field
  }

  /// The same call seen from the root, for a subscription's event.
  init(replacingParentsOf other: FieldCall<EventBox, Context>) where Parent == Root {
    parents = [Root()]
    context = other.context
    arguments = other.arguments
    directives = other.directives
    field = other.field
  }

  /// Reads an argument; an optional type accepts null and an argument that was not given.
  /// - Throws: ``GraphQLFault`` for a malformed identifier, ``InputMismatch`` when the SDL says otherwise.
  package func argument<T: GraphQLInput>(_ name: String, as type: T.Type = T.self) throws -> T {
    try InputObject(arguments).value(name, as: type)
  }

  /// Whether the argument was given, null included, or has a default.
  package func has(_ name: String) -> Bool { arguments[name] != nil }

  /// Whether the request selects a field of this name directly under this one (on any possible type): lets a resolver
  /// leave out a count nobody asked for.
  package func selects(_ fieldName: String) -> Bool { field.selectedFields.contains(fieldName) }
}

/// A directive on a selected field, other than `@skip` and `@include`.
package struct AppliedDirective: Sendable {
  /// Without the at sign.
  package let name: String
  /// Coerced: defaults filled in, absent where nothing was given.
  package let arguments: JSONObject
}

/// A call before its types are known to the resolver's closure.
struct ErasedCall: Sendable {
  let context: any Sendable
  let arguments: JSONObject
  let field: FieldPlan
  let directives: [AppliedDirective]
  let deadline: Deadline?
  let hook: InternalErrorHook

  /// "Type.field".
  var coordinate: String { field.coordinate }

  func fault(for error: any Error) -> GraphQLFault {
    if error is CancellationError, let deadline { return deadline.fault }
    return GraphQL.fault(for: error, in: coordinate, hook: hook)
  }

  func failed(_ error: any Error) -> any Column { FailedColumn(fault(for: error)) }
}

/// A resolver answered with the wrong number of values, or was called with what it was not registered for: a mistake of
/// ours, hidden from clients.
struct ResolverMisuse: Error, CustomStringConvertible {
  let description: String
}
