import JSON

extension Schema {
  /// Makes a schema of SDL texts, which may extend each other in any order.
  /// - Throws: all mistakes at once: syntax errors of every source, or else all other mistakes.
  package static func build(_ sources: [Source]) throws(SchemaErrors) -> Schema {
    var problems = ProblemList()
    var documents: [Document] = []
    for source in sources {
      do throws(GraphQLError) {
        documents.append(try parseDocument(source, limits: .schema))
      } catch {
        problems.add(error.message, source: source, location: error.locations.first)
      }
    }
    guard problems.problems.isEmpty else { throw SchemaErrors(problems: problems.problems) }
    for source in [BuiltIns.source, IntrospectionTypes.source] {
      guard let document = try? parseDocument(source, limits: .schema) else { continue }
      documents.append(document)
    }
    let merged = MergedDefinitions(documents, &problems)
    // Defaults are values of types that have defaults themselves, so the types are made twice: first without default
    // values, then with those that the first ones allow to be coerced.
    let draft = SchemaBuilder(merged: merged, draft: nil).schema(&problems)
    validateSchema(draft, merged, &problems)
    guard problems.problems.isEmpty else { throw SchemaErrors(problems: problems.problems) }
    return SchemaBuilder(merged: merged, draft: draft).schema(&problems)
  }
}

/// Turns merged definitions into types.
private struct SchemaBuilder {
  let merged: MergedDefinitions
  /// A schema of the same types without defaults, by which defaults are coerced; `nil` while that one is made.
  let draft: Schema?

  /// Without a query type the result is good for nothing but to find further mistakes.
  func schema(_ problems: inout ProblemList) -> Schema {
    let directives = NamedList(merged.directives.map(directive))
    let all = merged.types.map(type)
    let types = NamedList(draft == nil ? all : withoutUnused(all, directives))
    let query = root(.query, types, &problems)
    let mutation = root(.mutation, types, &problems)
    let subscription = root(.subscription, types, &problems)
    if query == nil, merged.root(.query) == nil {
      problems.add("Query root type must be provided.", at: merged.schemaOrigin)
    }
    return Schema(
      description: merged.description, types: types, directives: directives, queryType: query ?? noType,
      mutationType: mutation,
      subscriptionType: subscription)
  }

  /// A built-in scalar that nothing refers to is no part of the schema (specification, 3.5).
  private func withoutUnused(
    _ types: [NamedType], _ directives: NamedList<DirectiveDefinition>
  ) -> [NamedType] {
    var used = Set(directives.flatMap { $0.arguments.map(\.type.name) })
    for type in types {
      for field in type.fields {
        used.insert(field.type.name)
        for argument in field.arguments { used.insert(argument.type.name) }
      }
      if case .input(let input) = type { used.formUnion(input.fields.map(\.type.name)) }
    }
    return types.filter { $0.origin.source != BuiltIns.source || used.contains($0.name) }
  }

  private var noType: FieldedType {
    let origin = Origin(source: Source(text: ""), offset: 0)
    return FieldedType(
      common: TypeCommon(name: "", description: nil, directives: [], origin: origin), interfaces: [],
      fields: NamedList())
  }

  private func root(
    _ kind: OperationKind, _ types: NamedList<NamedType>, _ problems: inout ProblemList
  ) -> FieldedType? {
    guard let (name, origin) = merged.root(kind) else { return nil }
    switch types[name] {
    case .object(let object)?: return object
    case nil: problems.add("Unknown type \"\(name)\".", at: origin)
    default:
      let title = kind.rawValue.prefix(1).uppercased() + kind.rawValue.dropFirst()
      let condition = kind == .query ? "" : " if provided"
      problems.add(
        "\(title) root type must be Object type\(condition), it cannot be \(name).", at: origin)
    }
    return nil
  }

  private func type(_ merged: MergedType) -> NamedType {
    let parts = merged.parts
    let common = TypeCommon(
      name: merged.name, description: merged.description, directives: parts.flatMap(\.node.directives),
      origin: merged.origin)
    switch merged.keyword {
    case .scalar: return .scalar(ScalarType(common: common, specifiedBy: specifiedBy(common.directives)))
    case .type: return .object(fielded(common, parts))
    case .interface: return .interface(fielded(common, parts))
    case .union: return .union(UnionType(common: common, members: parts.flatMap { $0.node.members.map(\.value) }))
    case .enum:
      let values = parts.flatMap { part in part.node.values.map { enumValue($0, part.source) } }
      return .enumeration(EnumType(common: common, values: NamedList(values)))
    case .input:
      let fields = parts.flatMap { part in part.node.inputFields.map { inputValue($0, part.source) } }
      let isOneOf = common.directives.contains { $0.name.value == "oneOf" }
      return .input(InputObjectType(common: common, fields: NamedList(fields), isOneOf: isOneOf))
    }
  }

  private func fielded(_ common: TypeCommon, _ parts: [MergedType.Part]) -> FieldedType {
    FieldedType(
      common: common, interfaces: parts.flatMap { $0.node.interfaces.map(\.value) },
      fields: NamedList(parts.flatMap { part in part.node.fields.map { field($0, part.source) } }))
  }

  private func field(_ node: FieldDefinitionNode, _ source: Source) -> FieldDefinition {
    FieldDefinition(
      name: node.name.value, description: node.description?.value,
      arguments: NamedList(node.arguments.map { inputValue($0, source) }), type: node.type.reference,
      deprecationReason: deprecation(node.directives), directives: node.directives,
      origin: Origin(source: source, offset: node.name.offset))
  }

  private func inputValue(_ node: InputValueDefinitionNode, _ source: Source) -> InputValueDefinition {
    let type = node.type.reference
    var value: JSON?
    if let draft, let literal = node.defaultValue {
      value = InputCoercion(schema: draft).value(of: literal, as: type)
    }
    return InputValueDefinition(
      name: node.name.value, description: node.description?.value, type: type, defaultLiteral: node.defaultValue,
      defaultValue: value, deprecationReason: deprecation(node.directives), directives: node.directives,
      origin: Origin(source: source, offset: node.name.offset))
  }

  private func enumValue(_ node: EnumValueDefinitionNode, _ source: Source) -> EnumValueDefinition {
    EnumValueDefinition(
      name: node.name.value, description: node.description?.value, deprecationReason: deprecation(node.directives),
      directives: node.directives, origin: Origin(source: source, offset: node.name.offset))
  }

  private func directive(_ part: MergedDefinitions.Directive) -> DirectiveDefinition {
    DirectiveDefinition(
      name: part.node.name.value, description: part.node.description?.value,
      arguments: NamedList(part.node.arguments.map { inputValue($0, part.source) }),
      isRepeatable: part.node.isRepeatable, locations: part.node.locations,
      origin: Origin(source: part.source, offset: part.node.name.offset))
  }

  private func deprecation(_ directives: [DirectiveNode]) -> String? {
    guard let directive = directives.first(where: { $0.name.value == "deprecated" }) else { return nil }
    return directive.argument("reason")?.string ?? "No longer supported"
  }

  private func specifiedBy(_ directives: [DirectiveNode]) -> String? {
    directives.first { $0.name.value == "specifiedBy" }?.argument("url")?.string
  }
}
