package import JSON

/// Where in the SDL something was defined.
package struct Origin: Sendable {
  package let source: Source
  /// Bytes from the start of the source.
  package let offset: Int

  package var location: SourceLocation { source.location(at: offset) }
}

/// A type that a schema defines under a name.
package enum NamedType: Named {
  case scalar(ScalarType)
  case object(FieldedType)
  case interface(FieldedType)
  case union(UnionType)
  case enumeration(EnumType)
  case input(InputObjectType)

  package var name: String { common.name }
  package var description: String? { common.description }
  package var origin: Origin { common.origin }
  /// The directives on the definition and its extensions.
  package var directives: [DirectiveNode] { common.directives }
  /// Whether the name is reserved for introspection.
  package var isIntrospection: Bool { name.hasPrefix("__") }

  package var common: TypeCommon {
    switch self {
    case .scalar(let type): type.common
    case .object(let type), .interface(let type): type.common
    case .union(let type): type.common
    case .enumeration(let type): type.common
    case .input(let type): type.common
    }
  }

  /// The fields of an object or interface; empty for other kinds.
  package var fields: NamedList<FieldDefinition> { fielded?.fields ?? NamedList() }

  /// The type as an object or interface.
  package var fielded: FieldedType? {
    switch self {
    case .object(let type), .interface(let type): type
    default: nil
    }
  }

  /// Scalars and enums: what has no fields to select.
  package var isLeaf: Bool {
    switch self {
    case .scalar, .enumeration: true
    default: false
    }
  }

  /// Objects, interfaces and unions: what fields or fragments are selected on.
  package var isComposite: Bool {
    switch self {
    case .object, .interface, .union: true
    default: false
    }
  }

  /// Interfaces and unions: what stands for one of several objects.
  package var isAbstract: Bool {
    switch self {
    case .interface, .union: true
    default: false
    }
  }

  package var isInput: Bool {
    switch self {
    case .scalar, .enumeration, .input: true
    default: false
    }
  }

  package var isOutput: Bool {
    if case .input = self { false } else { true }
  }
}

/// What every named type has.
package struct TypeCommon: Sendable {
  package let name: String
  package let description: String?
  package let directives: [DirectiveNode]
  package let origin: Origin
}

package final class ScalarType: Sendable {
  package let common: TypeCommon
  /// The URL of `@specifiedBy`.
  package let specifiedBy: String?

  package var name: String { common.name }

  init(common: TypeCommon, specifiedBy: String?) {
    self.common = common
    self.specifiedBy = specifiedBy
  }
}

/// An object or an interface.
package final class FieldedType: Sendable {
  package let common: TypeCommon
  /// The names of all implemented interfaces.
  package let interfaces: [String]
  package let fields: NamedList<FieldDefinition>

  package var name: String { common.name }

  init(common: TypeCommon, interfaces: [String], fields: NamedList<FieldDefinition>) {
    self.common = common
    self.interfaces = interfaces
    self.fields = fields
  }
}

package final class UnionType: Sendable {
  package let common: TypeCommon
  /// The names of the member objects.
  package let members: [String]

  package var name: String { common.name }

  init(common: TypeCommon, members: [String]) {
    self.common = common
    self.members = members
  }
}

package final class EnumType: Sendable {
  package let common: TypeCommon
  package let values: NamedList<EnumValueDefinition>

  package var name: String { common.name }

  init(common: TypeCommon, values: NamedList<EnumValueDefinition>) {
    self.common = common
    self.values = values
  }
}

package final class InputObjectType: Sendable {
  package let common: TypeCommon
  package let fields: NamedList<InputValueDefinition>
  /// Whether exactly one field must be given, and not null (specification, 3.10.1).
  package let isOneOf: Bool

  package var name: String { common.name }

  init(common: TypeCommon, fields: NamedList<InputValueDefinition>, isOneOf: Bool) {
    self.common = common
    self.fields = fields
    self.isOneOf = isOneOf
  }
}

/// A field of an object or interface.
package final class FieldDefinition: Named {
  package let name: String
  package let description: String?
  package let arguments: NamedList<InputValueDefinition>
  package let type: TypeRef
  package let deprecationReason: String?
  package let directives: [DirectiveNode]
  package let origin: Origin

  init(
    name: String, description: String?, arguments: NamedList<InputValueDefinition>, type: TypeRef,
    deprecationReason: String?, directives: [DirectiveNode], origin: Origin
  ) {
    self.name = name
    self.description = description
    self.arguments = arguments
    self.type = type
    self.deprecationReason = deprecationReason
    self.directives = directives
    self.origin = origin
  }
}

/// An argument of a field or directive, or a field of an input object.
package final class InputValueDefinition: Named {
  package let name: String
  package let description: String?
  package let type: TypeRef
  /// The default as written.
  package let defaultLiteral: ValueNode?
  /// The default, coerced to the type; `nil` when there is none.
  package let defaultValue: JSON?
  package let deprecationReason: String?
  package let directives: [DirectiveNode]
  package let origin: Origin

  /// Whether a value must be given: non-null and without default.
  package var isRequired: Bool { type.isNonNull && defaultLiteral == nil }

  init(
    name: String, description: String?, type: TypeRef, defaultLiteral: ValueNode?, defaultValue: JSON?,
    deprecationReason: String?, directives: [DirectiveNode], origin: Origin
  ) {
    self.name = name
    self.description = description
    self.type = type
    self.defaultLiteral = defaultLiteral
    self.defaultValue = defaultValue
    self.deprecationReason = deprecationReason
    self.directives = directives
    self.origin = origin
  }
}

package struct EnumValueDefinition: Named {
  package let name: String
  package let description: String?
  package let deprecationReason: String?
  package let directives: [DirectiveNode]
  package let origin: Origin
}

package struct DirectiveDefinition: Named {
  package let name: String
  package let description: String?
  package let arguments: NamedList<InputValueDefinition>
  package let isRepeatable: Bool
  package let locations: [DirectiveLocation]
  package let origin: Origin
}
