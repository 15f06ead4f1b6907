extension Resolvers {
  /// Answers for `__schema`, `__type` and the types under them (specification, 4.2) from the schema itself.
  func bindIntrospection(_ schema: Schema) {
    query { root in
      root.rootSync(MetaFields.schema.name) { _ in IntrospectedSchema(schema: schema) }
      root.rootSync(MetaFields.type.name) { call -> IntrospectedType? in
        let name = try call.argument("name", as: String.self)
        return schema.types[name].map { IntrospectedType(.named($0.name), schema) }
      }
    }
    bindSchema(schema.description)
    bindType()
    bindFields()
    bindDirectives()
  }

  private func bindSchema(_ description: String?) {
    object("__Schema", IntrospectedSchema.self) { type in
      type.field("description") { _ in description }
      type.field("types") { $0.types }
      type.field("queryType") { IntrospectedType(.named($0.schema.queryType.name), $0.schema) }
      type.field("mutationType") { $0.rootType(.mutation) }
      type.field("subscriptionType") { $0.rootType(.subscription) }
      type.field("directives") { $0.directives }
    }
  }

  private func bindType() {
    object("__Type", IntrospectedType.self) { type in
      type.field("kind") { $0.kind }
      type.field("name") { $0.name }
      type.field("description") { $0.description }
      type.field("specifiedByURL") { $0.specifiedBy }
      type.field("ofType") { $0.ofType }
      type.field("interfaces") { $0.interfaces }
      type.field("possibleTypes") { $0.possibleTypes }
      type.field("isOneOf") { $0.isOneOf }
      type.field("fields") { parent, call in parent.fields(deprecated: try includesDeprecated(call)) }
      type.field("enumValues") { parent, call in parent.values(deprecated: try includesDeprecated(call)) }
      type.field("inputFields") { parent, call in parent.inputFields(deprecated: try includesDeprecated(call)) }
    }
  }

  private func bindFields() {
    object("__Field", IntrospectedField.self) { type in
      type.field("name") { $0.definition.name }
      type.field("description") { $0.definition.description }
      type.field("args") { parent, call in
        IntrospectedInput.all(
          parent.definition.arguments, parent.schema, deprecated: try includesDeprecated(call))
      }
      type.field("type") { IntrospectedType($0.definition.type, $0.schema) }
      type.field("isDeprecated") { $0.definition.deprecationReason != nil }
      type.field("deprecationReason") { $0.definition.deprecationReason }
    }
    object("__InputValue", IntrospectedInput.self) { type in
      type.field("name") { $0.definition.name }
      type.field("description") { $0.definition.description }
      type.field("type") { IntrospectedType($0.definition.type, $0.schema) }
      type.field("defaultValue") { $0.definition.defaultLiteral.map { print($0) } }
      type.field("isDeprecated") { $0.definition.deprecationReason != nil }
      type.field("deprecationReason") { $0.definition.deprecationReason }
    }
    object("__EnumValue", EnumValueDefinition.self) { type in
      type.field("name") { $0.name }
      type.field("description") { $0.description }
      type.field("isDeprecated") { $0.deprecationReason != nil }
      type.field("deprecationReason") { $0.deprecationReason }
    }
  }

  private func bindDirectives() {
    object("__Directive", IntrospectedDirective.self) { type in
      type.field("name") { $0.definition.name }
      type.field("description") { $0.definition.description }
      type.field("isRepeatable") { $0.definition.isRepeatable }
      type.field("locations") { $0.definition.locations.map(\.rawValue) }
      type.field("args") { parent, call in
        IntrospectedInput.all(
          parent.definition.arguments, parent.schema, deprecated: try includesDeprecated(call))
      }
    }
  }
}

private func includesDeprecated<Parent, Context>(_ call: FieldCall<Parent, Context>) throws -> Bool {
  try call.argument("includeDeprecated", as: Bool?.self) ?? false
}
