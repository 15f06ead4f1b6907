extension Parser {
  mutating func operation() throws(GraphQLError) -> OperationDefinitionNode {
    let start = token.start
    if token.kind == .braceLeft {
      return OperationDefinitionNode(
        offset: start, kind: .query, name: nil, variables: [], directives: [], selectionSet: try selectionSet())
    }
    let description = try self.description()
    let kind = try operationKind()
    return OperationDefinitionNode(
      offset: start, description: description, kind: kind, name: token.kind == .name ? try name() : nil,
      variables: try optionalMany(.parenthesisLeft, .parenthesisRight) { parser throws(GraphQLError) in
        try parser.variableDefinition()
      },
      directives: try directives(constant: false), selectionSet: try selectionSet())
  }

  mutating func operationKind() throws(GraphQLError) -> OperationKind {
    guard token.kind == .name else { throw expected(Token.Kind.name.description) }
    guard let kind = OperationKind(rawValue: text) else { throw unexpected() }
    try advance()
    return kind
  }

  mutating func description() throws(GraphQLError) -> StringNode? {
    guard token.kind == .string || token.kind == .blockString else { return nil }
    let node = StringNode(offset: token.start, value: token.string, isBlock: token.kind == .blockString)
    try advance()
    return node
  }

  mutating func fragmentDefinition() throws(GraphQLError) -> FragmentDefinitionNode {
    let start = token.start
    let description = try self.description()
    try expect(keyword: "fragment")
    let name = try fragmentName()
    try expect(keyword: "on")
    return FragmentDefinitionNode(
      offset: start, description: description, name: name, typeCondition: try self.name(),
      directives: try directives(constant: false), selectionSet: try selectionSet())
  }

  private mutating func variableDefinition() throws(GraphQLError) -> VariableDefinitionNode {
    let start = token.start
    let description = try self.description()
    let name = try variable()
    try expect(.colon)
    return VariableDefinitionNode(
      offset: start, description: description, name: name, type: try typeReference(),
      defaultValue: try take(.equals) ? try value(constant: true) : nil, directives: try directives(constant: true))
  }

  private mutating func variable() throws(GraphQLError) -> NameNode {
    try expect(.dollar)
    return try name()
  }

  private mutating func selectionSet() throws(GraphQLError) -> SelectionSetNode {
    let start = token.start
    let selections = try nested { parser throws(GraphQLError) in
      try parser.many(.braceLeft, .braceRight) { parser throws(GraphQLError) in try parser.selection() }
    }
    return SelectionSetNode(offset: start, selections: selections)
  }

  private mutating func selection() throws(GraphQLError) -> SelectionNode {
    if token.kind == .spread { return try fragment() }
    var name = try name()
    var alias: NameNode?
    if try take(.colon) {
      alias = name
      name = try self.name()
    }
    return .field(
      FieldNode(
        alias: alias, name: name, arguments: try arguments(constant: false),
        directives: try directives(constant: false),
        selectionSet: token.kind == .braceLeft ? try selectionSet() : nil))
  }

  private mutating func fragment() throws(GraphQLError) -> SelectionNode {
    let start = token.start
    try expect(.spread)
    let conditional = try take(keyword: "on")
    if !conditional, token.kind == .name {
      return .spread(
        FragmentSpreadNode(offset: start, name: try fragmentName(), directives: try directives(constant: false)))
    }
    return .inline(
      InlineFragmentNode(
        offset: start, typeCondition: conditional ? try name() : nil, directives: try directives(constant: false),
        selectionSet: try selectionSet()))
  }

  private mutating func fragmentName() throws(GraphQLError) -> NameNode {
    if isKeyword("on") { throw unexpected() }
    return try name()
  }

  mutating func arguments(constant: Bool) throws(GraphQLError) -> [ArgumentNode] {
    try optionalMany(.parenthesisLeft, .parenthesisRight) { parser throws(GraphQLError) in
      let name = try parser.name()
      try parser.expect(.colon)
      return ArgumentNode(name: name, value: try parser.value(constant: constant))
    }
  }

  mutating func directives(constant: Bool) throws(GraphQLError) -> [DirectiveNode] {
    var directives: [DirectiveNode] = []
    while token.kind == .at {
      let start = token.start
      try advance()
      directives.append(
        DirectiveNode(offset: start, name: try name(), arguments: try arguments(constant: constant)))
    }
    return directives
  }

  mutating func value(constant: Bool) throws(GraphQLError) -> ValueNode {
    let start = token.start
    let kind: ValueNode.Kind
    switch token.kind {
    case .int: kind = .int(text)
    case .float: kind = .float(text)
    case .string, .blockString: kind = .string(token.string, block: token.kind == .blockString)
    case .name:
      switch text {
      case "true": kind = .boolean(true)
      case "false": kind = .boolean(false)
      case "null": kind = .null
      case let other: kind = .enumeration(other)
      }
    case .bracketLeft: return ValueNode(offset: start, kind: .list(try list(constant: constant)))
    case .braceLeft: return ValueNode(offset: start, kind: .object(try object(constant: constant)))
    case .dollar:
      guard constant else { return ValueNode(offset: start, kind: .variable(try variable().value)) }
      let dollar = token
      try advance()
      guard token.kind == .name else { throw unexpected(dollar) }
      throw failure("Unexpected variable \"$\(text)\" in constant value.", start)
    default: throw unexpected()
    }
    try advance()
    return ValueNode(offset: start, kind: kind)
  }

  private mutating func list(constant: Bool) throws(GraphQLError) -> [ValueNode] {
    try nested { parser throws(GraphQLError) in
      try parser.expect(.bracketLeft)
      var values: [ValueNode] = []
      while try !parser.take(.bracketRight) { values.append(try parser.value(constant: constant)) }
      return values
    }
  }

  private mutating func object(constant: Bool) throws(GraphQLError) -> [ObjectFieldNode] {
    try nested { parser throws(GraphQLError) in
      try parser.expect(.braceLeft)
      var fields: [ObjectFieldNode] = []
      while try !parser.take(.braceRight) {
        let name = try parser.name()
        try parser.expect(.colon)
        fields.append(ObjectFieldNode(name: name, value: try parser.value(constant: constant)))
      }
      return fields
    }
  }

  mutating func typeReference() throws(GraphQLError) -> TypeNode {
    let start = token.start
    var type: TypeNode
    if token.kind == .bracketLeft {
      let inner = try nested { parser throws(GraphQLError) in
        try parser.expect(.bracketLeft)
        let inner = try parser.typeReference()
        try parser.expect(.bracketRight)
        return inner
      }
      type = .list(inner, offset: start)
    } else {
      type = .named(try name())
    }
    if try take(.bang) { type = .nonNull(type) }
    return type
  }
}
