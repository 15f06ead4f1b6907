/// A schema, as `__Schema` shows it.
struct IntrospectedSchema: Sendable {
  let schema: Schema

  var types: [IntrospectedType] { schema.types.map { IntrospectedType(.named($0.name), schema) } }
  var directives: [IntrospectedDirective] {
    schema.directives.map { IntrospectedDirective(definition: $0, schema: schema) }
  }

  func rootType(_ kind: OperationKind) -> IntrospectedType? {
    schema.rootType(kind).map { IntrospectedType(.named($0.name), schema) }
  }
}

/// A type, or a list or non-null of one, as `__Type` shows it.
struct IntrospectedType: Sendable {
  enum Kind: String, Sendable {
    case scalar = "SCALAR"
    case object = "OBJECT"
    case interface = "INTERFACE"
    case union = "UNION"
    case enumeration = "ENUM"
    case input = "INPUT_OBJECT"
    case list = "LIST"
    case nonNull = "NON_NULL"
  }

  private let reference: TypeRef
  private let schema: Schema
  private let named: NamedType?

  init(_ reference: TypeRef, _ schema: Schema) {
    self.reference = reference
    self.schema = schema
    if case .named(let name) = reference { named = schema.types[name] } else { named = nil }
  }

  var kind: Kind {
    switch reference {
    case .list: .list
    case .nonNull: .nonNull
    case .named:
      switch named {
      case .object?: .object
      case .interface?: .interface
      case .union?: .union
      case .enumeration?: .enumeration
      case .input?: .input
      case .scalar?, nil: .scalar
      }
    }
  }

  var name: String? { named?.name }
  var description: String? { named?.description }
  var specifiedBy: String? { if case .scalar(let scalar)? = named { scalar.specifiedBy } else { nil } }

  var ofType: IntrospectedType? {
    switch reference {
    case .named: nil
    case .list(let inner), .nonNull(let inner): IntrospectedType(inner, schema)
    }
  }

  var interfaces: [IntrospectedType]? {
    named?.fielded?.interfaces.map { IntrospectedType(.named($0), schema) }
  }

  var possibleTypes: [IntrospectedType]? {
    guard let named, named.isAbstract else { return nil }
    return schema.possibleTypes(of: named).map { IntrospectedType(.named($0), schema) }
  }

  var isOneOf: Bool? { if case .input(let input)? = named { input.isOneOf } else { nil } }

  func fields(deprecated: Bool) -> [IntrospectedField]? {
    named?.fielded?.fields.filter { deprecated || $0.deprecationReason == nil }
      .map { IntrospectedField(definition: $0, schema: schema) }
  }

  func values(deprecated: Bool) -> [EnumValueDefinition]? {
    guard case .enumeration(let enumeration)? = named else { return nil }
    return enumeration.values.filter { deprecated || $0.deprecationReason == nil }
  }

  func inputFields(deprecated: Bool) -> [IntrospectedInput]? {
    guard case .input(let input)? = named else { return nil }
    return IntrospectedInput.all(input.fields, schema, deprecated: deprecated)
  }
}

struct IntrospectedField: Sendable {
  let definition: FieldDefinition
  let schema: Schema
}

struct IntrospectedInput: Sendable {
  let definition: InputValueDefinition
  let schema: Schema

  static func all(
    _ definitions: NamedList<InputValueDefinition>, _ schema: Schema, deprecated: Bool
  ) -> [IntrospectedInput] {
    definitions.filter { deprecated || $0.deprecationReason == nil }
      .map { IntrospectedInput(definition: $0, schema: schema) }
  }
}

struct IntrospectedDirective: Sendable {
  let definition: DirectiveDefinition
  let schema: Schema
}
