/// What a ``SchemaCoordinate`` can name.
package enum SchemaElement: Sendable {
  case type(NamedType)
  case field(FieldDefinition)
  case inputField(InputValueDefinition)
  case enumValue(EnumValueDefinition)
  case argument(InputValueDefinition)
  case directive(DirectiveDefinition)
}

extension Schema {
  /// The element that a coordinate names; `nil` when only its last name is unknown.
  /// - Throws: ``GraphQLError`` when what should contain the element is unknown or cannot contain such a one.
  package func element(at coordinate: SchemaCoordinate) throws(GraphQLError) -> SchemaElement? {
    switch coordinate {
    case .type(let name): return types[name].map { .type($0) }
    case .member(let typeName, let name):
      switch try container(typeName) {
      case .enumeration(let type): return type.values[name].map { .enumValue($0) }
      case .input(let type): return type.fields[name].map { .inputField($0) }
      case .object(let type), .interface(let type): return type.fields[name].map { .field($0) }
      case .scalar, .union:
        throw GraphQLError("Expected \"\(typeName)\" to be an Enum, Input Object, Object or Interface type.")
      }
    case .argument(let typeName, let fieldName, let name):
      guard let type = try container(typeName).fielded else {
        throw GraphQLError("Expected \"\(typeName)\" to be an object type or interface type.")
      }
      guard let field = type.fields[fieldName] else {
        throw GraphQLError("Expected \"\(fieldName)\" to exist as a field of type \"\(typeName)\" in the schema.")
      }
      return field.arguments[name].map { .argument($0) }
    case .directive(let name): return directives[name].map { .directive($0) }
    case .directiveArgument(let directiveName, let name):
      guard let directive = directives[directiveName] else {
        throw GraphQLError("Expected \"\(directiveName)\" to be defined as a directive in the schema.")
      }
      return directive.arguments[name].map { .argument($0) }
    }
  }

  private func container(_ name: String) throws(GraphQLError) -> NamedType {
    guard let type = types[name] else {
      throw GraphQLError("Expected \"\(name)\" to be defined as a type in the schema.")
    }
    return type
  }
}
