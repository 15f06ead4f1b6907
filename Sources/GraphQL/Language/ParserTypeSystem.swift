extension Parser {
  mutating func typeSystemDefinition() throws(GraphQLError) -> DefinitionNode {
    let start = token.start
    let description = try self.description()
    if isKeyword("schema") { return .schema(try schema(start, description)) }
    if isKeyword("directive") { return .directive(try directiveDefinition(start, description)) }
    return .type(try type(start, description, isExtension: false))
  }

  mutating func typeSystemExtension() throws(GraphQLError) -> DefinitionNode {
    let start = token.start
    let keyword = try lexer.peek()
    guard keyword.kind == .name else { throw unexpected(keyword) }
    let word = lexer.text(of: keyword)
    guard word == "schema" || TypeKeyword(rawValue: word) != nil else { throw unexpected(keyword) }
    try advance()
    guard word == "schema" else { return .type(try type(start, nil, isExtension: true)) }
    try advance()
    let directives = try self.directives(constant: true)
    let operations = try optionalMany(.braceLeft, .braceRight) { parser throws(GraphQLError) in
      try parser.operationType()
    }
    if directives.isEmpty, operations.isEmpty { throw unexpected() }
    return .schema(
      SchemaDefinitionNode(
        offset: start, description: nil, isExtension: true, directives: directives, operations: operations))
  }

  private mutating func schema(
    _ start: Int, _ description: StringNode?
  ) throws(GraphQLError) -> SchemaDefinitionNode {
    try advance()
    let directives = try self.directives(constant: true)
    let operations = try many(.braceLeft, .braceRight) { parser throws(GraphQLError) in try parser.operationType() }
    return SchemaDefinitionNode(
      offset: start, description: description, isExtension: false, directives: directives, operations: operations)
  }

  private mutating func operationType() throws(GraphQLError) -> OperationTypeNode {
    let start = token.start
    let kind = try operationKind()
    try expect(.colon)
    return OperationTypeNode(offset: start, kind: kind, type: try name())
  }

  private mutating func type(
    _ start: Int, _ description: StringNode?, isExtension: Bool
  ) throws(GraphQLError) -> TypeDefinitionNode {
    guard let keyword = TypeKeyword(rawValue: text) else { throw unexpected() }
    try advance()
    let name = try name()
    let isComposite = keyword == .type || keyword == .interface
    let interfaces = isComposite ? try implementedInterfaces() : []
    let directives = try self.directives(constant: true)
    var fields: [FieldDefinitionNode] = []
    var members: [NameNode] = []
    var values: [EnumValueDefinitionNode] = []
    var inputFields: [InputValueDefinitionNode] = []
    switch keyword {
    case .scalar: break
    case .type, .interface:
      fields = try optionalMany(.braceLeft, .braceRight) { parser throws(GraphQLError) in
        try parser.fieldDefinition()
      }
    case .union:
      if try take(.equals) {
        members = try delimited(by: .pipe) { parser throws(GraphQLError) in try parser.name() }
      }
    case .enum:
      values = try optionalMany(.braceLeft, .braceRight) { parser throws(GraphQLError) in try parser.enumValue() }
    case .input:
      inputFields = try optionalMany(.braceLeft, .braceRight) { parser throws(GraphQLError) in
        try parser.inputValue()
      }
    }
    let isEmpty =
      interfaces.isEmpty && directives.isEmpty && fields.isEmpty && members.isEmpty && values.isEmpty
      && inputFields.isEmpty
    if isExtension, isEmpty { throw unexpected() }
    return TypeDefinitionNode(
      offset: start, description: description, keyword: keyword, isExtension: isExtension, name: name,
      interfaces: interfaces, directives: directives, fields: fields, members: members, values: values,
      inputFields: inputFields)
  }

  private mutating func implementedInterfaces() throws(GraphQLError) -> [NameNode] {
    guard try take(keyword: "implements") else { return [] }
    return try delimited(by: .ampersand) { parser throws(GraphQLError) in try parser.name() }
  }

  private mutating func fieldDefinition() throws(GraphQLError) -> FieldDefinitionNode {
    let start = token.start
    let description = try self.description()
    let name = try name()
    let arguments = try argumentDefinitions()
    try expect(.colon)
    return FieldDefinitionNode(
      offset: start, description: description, name: name, arguments: arguments, type: try typeReference(),
      directives: try directives(constant: true))
  }

  private mutating func argumentDefinitions() throws(GraphQLError) -> [InputValueDefinitionNode] {
    try optionalMany(.parenthesisLeft, .parenthesisRight) { parser throws(GraphQLError) in try parser.inputValue() }
  }

  private mutating func inputValue() throws(GraphQLError) -> InputValueDefinitionNode {
    let start = token.start
    let description = try self.description()
    let name = try name()
    try expect(.colon)
    return InputValueDefinitionNode(
      offset: start, description: description, name: name, type: try typeReference(),
      defaultValue: try take(.equals) ? try value(constant: true) : nil, directives: try directives(constant: true))
  }

  private mutating func enumValue() throws(GraphQLError) -> EnumValueDefinitionNode {
    let start = token.start
    let description = try self.description()
    if token.kind == .name, ["true", "false", "null"].contains(text) {
      throw failure("\(described(token)) is reserved and cannot be used for an enum value.", token.start)
    }
    return EnumValueDefinitionNode(
      offset: start, description: description, name: try name(), directives: try directives(constant: true))
  }

  private mutating func directiveDefinition(
    _ start: Int, _ description: StringNode?
  ) throws(GraphQLError) -> DirectiveDefinitionNode {
    try advance()
    try expect(.at)
    let name = try name()
    let arguments = try argumentDefinitions()
    let isRepeatable = try take(keyword: "repeatable")
    try expect(keyword: "on")
    let locations = try delimited(by: .pipe) { parser throws(GraphQLError) in try parser.directiveLocation() }
    return DirectiveDefinitionNode(
      offset: start, description: description, name: name, arguments: arguments, isRepeatable: isRepeatable,
      locations: locations)
  }

  private mutating func directiveLocation() throws(GraphQLError) -> DirectiveLocation {
    let start = token
    let name = try name()
    guard let location = DirectiveLocation(rawValue: name.value) else { throw unexpected(start) }
    return location
  }
}
