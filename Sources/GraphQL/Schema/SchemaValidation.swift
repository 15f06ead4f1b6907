/// Finds what is wrong with a schema whose parts have been put together (specification, 3.3 to 3.13, "Type Validation"),
/// in the reference implementation's words.
func validateSchema(_ schema: Schema, _ merged: MergedDefinitions, _ problems: inout ProblemList) {
  var validation = SchemaValidation(schema: schema, merged: merged)
  validation.run()
  for problem in validation.problems.problems { problems.add(problem) }
}

struct SchemaValidation {
  let schema: Schema
  let merged: MergedDefinitions
  var problems = ProblemList()
  /// False when filling in defaults would not end.
  private var checksLiterals = true

  init(schema: Schema, merged: MergedDefinitions) {
    self.schema = schema
    self.merged = merged
  }

  mutating func run() {
    checksLiterals = !defaultCycles()
    for (node, source) in merged.schemaParts { directives(node.directives, .schema, source) }
    for part in merged.directives where !isBuiltIn(part.source) {
      name(part.node.name, part.source)
      inputs(part.node.arguments, { "@\(part.node.name.value)(\($0):)" }, part.source, .argumentDefinition)
    }
    for type in merged.types where !isBuiltIn(type.origin.source) {
      if let part = type.parts.first { name(part.node.name, part.source) }
      self.type(type)
    }
    roots()
    inputCycles()
  }

  /// The root types must differ (specification, 3.3.1).
  private mutating func roots() {
    var kinds: [(type: String, kinds: [String], origin: Origin)] = []
    for kind in OperationKind.allCases {
      guard let (name, origin) = merged.root(kind) else { continue }
      if let index = kinds.firstIndex(where: { $0.type == name }) {
        kinds[index].kinds.append(kind.rawValue)
      } else {
        kinds.append((name, [kind.rawValue], origin))
      }
    }
    for (type, kinds, origin) in kinds where kinds.count > 1 {
      let list = kinds.count == 2 ? kinds.joined(separator: " and ") : "query, mutation, and subscription"
      problems.add(
        "All root types must be different, \"\(type)\" type is used as \(list) root types.", at: origin)
    }
  }

  private func isBuiltIn(_ source: Source) -> Bool {
    source == BuiltIns.source || source == IntrospectionTypes.source
  }

  private mutating func type(_ type: MergedType) {
    let location: DirectiveLocation
    switch type.keyword {
    case .scalar: location = .scalar
    case .type: location = .object
    case .interface: location = .interface
    case .union: location = .union
    case .enum: location = .enum
    case .input: location = .inputObject
    }
    var seen: Set<String> = []
    for part in type.parts {
      directives(part.node.directives, location, part.source, seen: &seen)
      guard part.node.isExtension, let oneOf = part.node.directives.first(where: { $0.name.value == "oneOf" }) else {
        continue
      }
      problems.add(
        "The directive \"@oneOf\" must not be provided by an extension of Input Object type \(type.name).", part.source,
        oneOf.offset)
    }
    switch type.keyword {
    case .scalar: break
    case .type, .interface:
      fields(type)
      interfaces(type)
    case .union: members(type)
    case .enum: values(type)
    case .input: inputFields(type)
    }
  }

  private mutating func fields(_ type: MergedType) {
    if type.parts.allSatisfy({ $0.node.fields.isEmpty }) {
      problems.add("Type \(type.name) must define one or more fields.", at: type.origin)
    }
    var seen: Set<String> = []
    for part in type.parts {
      for field in part.node.fields {
        let title = "\(type.name).\(field.name.value)"
        name(field.name, part.source)
        if !seen.insert(field.name.value).inserted {
          problems.add("Field \"\(title)\" can only be defined once.", part.source, field.name.offset)
        }
        if let known = known(field.type, part.source), !known.isOutput {
          problems.add(
            "The type of \(title) must be Output Type but got: \(field.type.reference).", part.source,
            field.type.offset)
        }
        directives(field.directives, .fieldDefinition, part.source)
        inputs(field.arguments, { "\(title)(\($0):)" }, part.source, .argumentDefinition)
      }
    }
  }

  private mutating func members(_ type: MergedType) {
    if type.parts.allSatisfy({ $0.node.members.isEmpty }) {
      problems.add("Union type \(type.name) must define one or more member types.", at: type.origin)
    }
    var seen: Set<String> = []
    for part in type.parts {
      for member in part.node.members {
        guard let known = known(.named(member), part.source) else { continue }
        guard case .object = known else {
          problems.add(
            "Union type \(type.name) can only include Object types, it cannot include \(member.value).", part.source,
            member.offset)
          continue
        }
        if !seen.insert(member.value).inserted {
          problems.add(
            "Union type \(type.name) can only include type \(member.value) once.", part.source, member.offset)
        }
      }
    }
  }

  private mutating func values(_ type: MergedType) {
    if type.parts.allSatisfy({ $0.node.values.isEmpty }) {
      problems.add("Enum type \(type.name) must define one or more values.", at: type.origin)
    }
    var seen: Set<String> = []
    for part in type.parts {
      for value in part.node.values {
        name(value.name, part.source)
        if !seen.insert(value.name.value).inserted {
          problems.add(
            "Enum value \"\(type.name).\(value.name.value)\" can only be defined once.", part.source,
            value.name.offset)
        }
        directives(value.directives, .enumValue, part.source)
      }
    }
  }

  private mutating func inputFields(_ type: MergedType) {
    if type.parts.allSatisfy({ $0.node.inputFields.isEmpty }) {
      problems.add("Input Object type \(type.name) must define one or more fields.", at: type.origin)
    }
    var isOneOf = false
    if case .input(let input)? = schema.types[type.name] { isOneOf = input.isOneOf }
    var seen: Set<String> = []
    for part in type.parts {
      inputs(
        part.node.inputFields, { "\(type.name).\($0)" }, part.source, .inputFieldDefinition, seen: &seen)
      guard isOneOf else { continue }
      for field in part.node.inputFields {
        let title = "OneOf input field \(type.name).\(field.name.value)"
        if field.type.reference.isNonNull {
          problems.add("\(title) must be nullable.", part.source, field.type.offset)
        }
        if field.defaultValue != nil {
          problems.add("\(title) cannot have a default value.", part.source, field.name.offset)
        }
      }
    }
  }

  private mutating func inputs(
    _ nodes: [InputValueDefinitionNode], _ title: (String) -> String, _ source: Source, _ location: DirectiveLocation
  ) {
    var seen: Set<String> = []
    inputs(nodes, title, source, location, seen: &seen)
  }

  private mutating func inputs(
    _ nodes: [InputValueDefinitionNode], _ title: (String) -> String, _ source: Source, _ location: DirectiveLocation,
    seen: inout Set<String>
  ) {
    let isArgument = location == .argumentDefinition
    for node in nodes {
      let title = title(node.name.value)
      name(node.name, source)
      if !seen.insert(node.name.value).inserted {
        let kind = isArgument ? "Argument" : "Field"
        problems.add("\(kind) \"\(title)\" can only be defined once.", source, node.name.offset)
      }
      directives(node.directives, location, source)
      guard let known = known(node.type, source) else { continue }
      guard known.isInput else {
        problems.add(
          "The type of \(title) must be Input Type but got: \(node.type.reference).", source, node.type.offset)
        continue
      }
      let isRequired = node.type.reference.isNonNull && node.defaultValue == nil
      if isRequired, node.directives.contains(where: { $0.name.value == "deprecated" }) {
        let kind = isArgument ? "argument" : "input field"
        problems.add("Required \(kind) \(title) cannot be deprecated.", source, node.type.offset)
      }
      if let value = node.defaultValue {
        literal(value, node.type.reference, source, "\(title) has invalid default value: ")
      }
    }
  }

  /// Names that begin with two underscores are introspection's.
  private mutating func name(_ node: NameNode, _ source: Source) {
    guard node.value.hasPrefix("__") else { return }
    problems.add(
      "Name \"\(node.value)\" must not begin with \"__\", which is reserved by GraphQL introspection.", source,
      node.offset)
  }

  /// The type that a reference names, or a problem.
  private mutating func known(_ node: TypeNode, _ source: Source) -> NamedType? {
    let name = node.name
    if let type = schema.types[name.value] { return type }
    let hint = didYouMean(suggestions(for: name.value, among: schema.types.names))
    problems.add("Unknown type \"\(name.value)\".\(hint)", source, name.offset)
    return nil
  }

  private mutating func directives(_ nodes: [DirectiveNode], _ location: DirectiveLocation, _ source: Source) {
    var seen: Set<String> = []
    directives(nodes, location, source, seen: &seen)
  }

  private mutating func directives(
    _ nodes: [DirectiveNode], _ location: DirectiveLocation, _ source: Source, seen: inout Set<String>
  ) {
    for node in nodes {
      let name = node.name.value
      guard let definition = schema.directives[name] else {
        problems.add("Unknown directive \"@\(name)\".", source, node.offset)
        continue
      }
      if !definition.locations.contains(location) {
        problems.add("Directive \"@\(name)\" may not be used on \(location.rawValue).", source, node.offset)
      }
      if !definition.isRepeatable, !seen.insert(name).inserted {
        problems.add("The directive \"@\(name)\" can only be used once at this location.", source, node.offset)
      }
      arguments(node, definition, source)
    }
  }

  private mutating func arguments(_ node: DirectiveNode, _ definition: DirectiveDefinition, _ source: Source) {
    let name = node.name.value
    var given: Set<String> = []
    for argument in node.arguments {
      if !given.insert(argument.name.value).inserted {
        problems.add(
          "There can be only one argument named \"\(argument.name.value)\".", source, argument.name.offset)
      }
      guard let expected = definition.arguments[argument.name.value] else {
        let hint = didYouMean(suggestions(for: argument.name.value, among: definition.arguments.names))
        problems.add(
          "Unknown argument \"\(argument.name.value)\" on directive \"@\(name)\".\(hint)", source, argument.offset)
        continue
      }
      literal(argument.value, expected.type, source)
    }
    for argument in definition.arguments where argument.isRequired && !given.contains(argument.name) {
      problems.add(
        "Directive \"@\(name)\" argument \"\(argument.name)\" of type \"\(argument.type)\" is required, "
          + "but it was not provided.", source, node.offset)
    }
  }

  /// A literal must be of its type. Values of custom scalars are not looked at: their parsers are not known here.
  private mutating func literal(_ node: ValueNode, _ type: TypeRef, _ source: Source, _ lead: String = "") {
    uniqueFields(node, source)
    guard checksLiterals, schema.type(of: type)?.isInput == true else { return }
    if InputCoercion(schema: schema).value(of: node, as: type) == nil {
      problems.add("\(lead)Expected value of type \"\(type)\", found \(print(node)).", source, node.offset)
    }
  }

  private mutating func uniqueFields(_ node: ValueNode, _ source: Source) {
    switch node.kind {
    case .list(let items): for item in items { uniqueFields(item, source) }
    case .object(let fields):
      var seen: Set<String> = []
      for field in fields {
        if !seen.insert(field.name.value).inserted {
          problems.add("There can be only one input field named \"\(field.name.value)\".", source, field.offset)
        }
        uniqueFields(field.value, source)
      }
    default: break
    }
  }
}
