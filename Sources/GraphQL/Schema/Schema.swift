/// A type system: named types, directives and the root types of operations. Immutable; made from SDL by
/// ``build(_:)``.
package final class Schema: Sendable {
  package let description: String?
  /// All types, those of the SDL first, in order, then built-in scalars and introspection types.
  package let types: NamedList<NamedType>
  /// All directives, those of the SDL first.
  package let directives: NamedList<DirectiveDefinition>
  package let queryType: FieldedType
  package let mutationType: FieldedType?
  package let subscriptionType: FieldedType?

  private let possibleNames: [String: [String]]
  private let possibleSets: [String: Set<String>]

  init(
    description: String?, types: NamedList<NamedType>, directives: NamedList<DirectiveDefinition>,
    queryType: FieldedType, mutationType: FieldedType?, subscriptionType: FieldedType?
  ) {
    self.description = description
    self.types = types
    self.directives = directives
    self.queryType = queryType
    self.mutationType = mutationType
    self.subscriptionType = subscriptionType
    var possible: [String: [String]] = [:]
    for type in types {
      switch type {
      case .object(let object):
        for interface in object.interfaces { possible[interface, default: []].append(object.name) }
      case .union(let union): possible[union.name] = union.members
      default: break
      }
    }
    possibleNames = possible
    possibleSets = possible.mapValues { Set($0) }
  }

  package func type(_ name: String) -> NamedType? { types[name] }

  /// The named type inside a reference.
  package func type(of reference: TypeRef) -> NamedType? { types[reference.name] }

  package func rootType(_ kind: OperationKind) -> FieldedType? {
    switch kind {
    case .query: queryType
    case .mutation: mutationType
    case .subscription: subscriptionType
    }
  }

  /// A field that may be selected on a type: its own, or a meta field (specification, 4.1 and 4.2).
  package func field(_ name: String, on type: NamedType) -> FieldDefinition? {
    if name.hasPrefix("__") {
      if name == MetaFields.typename.name, type.isComposite { return MetaFields.typename }
      if case .object(let object) = type, object === queryType {
        if name == MetaFields.schema.name { return MetaFields.schema }
        if name == MetaFields.type.name { return MetaFields.type }
      }
    }
    return type.fielded?.fields[name]
  }

  /// The names of the objects that a value of the type may be: the object itself, the implementations of an
  /// interface, the members of a union.
  package func possibleTypes(of type: NamedType) -> [String] {
    switch type {
    case .object(let object): [object.name]
    case .interface(let interface): possibleNames[interface.name] ?? []
    case .union(let union): union.members
    default: []
    }
  }

  /// Whether a value of `abstract` may be an object, or is always of an interface, of the name `type`.
  package func isSubtype(_ type: String, of abstract: String) -> Bool {
    if possibleSets[abstract]?.contains(type) == true { return true }
    if case .interface(let interface)? = types[type] { return interface.interfaces.contains(abstract) }
    return false
  }

  /// Whether a value of one type is always one of the other (specification, 3.6, IsSubType).
  package func isSubtype(_ type: TypeRef, of other: TypeRef) -> Bool {
    switch (type, other) {
    case (.nonNull(let inner), .nonNull(let otherInner)): isSubtype(inner, of: otherInner)
    case (.nonNull(let inner), _): isSubtype(inner, of: other)
    case (_, .nonNull): false
    case (.list(let inner), .list(let otherInner)): isSubtype(inner, of: otherInner)
    case (.named(let name), .named(let otherName)): name == otherName || isSubtype(name, of: otherName)
    default: false
    }
  }

  /// Whether some object is both.
  package func overlap(_ type: NamedType, _ other: NamedType) -> Bool {
    if type.name == other.name { return true }
    let otherNames = possibleSets[other.name] ?? [other.name]
    return possibleTypes(of: type).contains { otherNames.contains($0) }
  }
}
