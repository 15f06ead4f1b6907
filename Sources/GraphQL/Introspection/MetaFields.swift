/// The fields that a schema does not list but every one has (specification, 4.1 and 4.2).
package enum MetaFields {
  /// On every composite type.
  package static let typename = field(
    "__typename", "The name of the current Object type at runtime.", .nonNull(.named("String")))

  /// On the query type.
  package static let schema = field(
    "__schema", "Access the current type schema of this server.", .nonNull(.named("__Schema")))

  /// On the query type.
  package static let type = field(
    "__type", "Request the type information of a single type.", .named("__Type"),
    arguments: [
      InputValueDefinition(
        name: "name", description: nil, type: .nonNull(.named("String")), defaultLiteral: nil, defaultValue: nil,
        deprecationReason: nil, directives: [], origin: origin)
    ])

  private static let origin = Origin(source: IntrospectionTypes.source, offset: 0)

  private static func field(
    _ name: String, _ description: String, _ type: TypeRef, arguments: [InputValueDefinition] = []
  ) -> FieldDefinition {
    FieldDefinition(
      name: name, description: description, arguments: NamedList(arguments), type: type, deprecationReason: nil,
      directives: [], origin: origin)
  }
}
