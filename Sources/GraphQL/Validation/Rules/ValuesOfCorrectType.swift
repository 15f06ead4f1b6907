/// Literals are of the type that their place expects (specification, 5.6.1 to 5.6.4).
struct ValuesOfCorrectType {
  private var variables: [String: VariableDefinitionNode] = [:]

  mutating func enter(_ operation: OperationDefinitionNode) {
    variables = Dictionary(operation.variables.map { ($0.name.value, $0) }, uniquingKeysWith: { $1 })
  }

  /// A fragment's variables are those of every operation that spreads it; the rule on their positions looks at them.
  mutating func enterFragment() { variables = [:] }

  /// Whether to look at the items: the place expects a list.
  func enterList(_ node: ValueNode, _ context: ValidationContext) -> Bool {
    // The walk has entered the list, so what the list's own place expects lies one level up.
    if context.info.parentInput?.element != nil { return true }
    check(node, context)
    return false
  }

  /// Whether to look at the fields: the place expects an input object.
  func enterObject(_ node: ValueNode, _ fields: [ObjectFieldNode], _ context: ValidationContext) -> Bool {
    guard let input = context.info.input, case .input(let object)? = context.schema.type(of: input) else {
      check(node, context)
      return false
    }
    let given = Set(fields.map(\.name.value))
    for field in object.fields where field.isRequired && !given.contains(field.name) {
      context.report(
        "Field \"\(object.name).\(field.name)\" of required type \"\(field.type)\" was not provided.", at: node.offset)
    }
    if object.isOneOf { checkOneOf(node, fields, given.count, object, context) }
    return true
  }

  func enter(_ field: ObjectFieldNode, _ context: ValidationContext) {
    guard context.info.input == nil, let parent = context.info.parentInput,
      case .input(let object)? = context.schema.type(of: parent)
    else { return }
    let hint = didYouMean(suggestions(for: field.name.value, among: object.fields.names))
    context.report("Field \"\(field.name.value)\" is not defined by type \"\(object.name)\".\(hint)", at: field.offset)
  }

  /// A value that is no variable and has no parts.
  func check(_ node: ValueNode, _ context: ValidationContext) {
    guard let type = context.info.input else { return }
    if node.isNull {
      if type.isNonNull { context.report("Expected value of type \"\(type)\", found null.", at: node.offset) }
      return
    }
    do {
      switch context.schema.type(of: type) {
      case .scalar(let scalar)?: _ = try context.coercion.scalar(node, scalar.name)
      case .enumeration(let enumeration)?: try context.coercion.enumeration(node, enumeration)
      default: context.report("Expected value of type \"\(type)\", found \(print(node)).", at: node.offset)
      }
    } catch let error as GraphQLError {
      context.report(error.message, at: node.offset)
    } catch {
      context.report(
        "Expected value of type \"\(type)\", found \(print(node)); \(error)", at: node.offset)
    }
  }

  private func checkOneOf(
    _ node: ValueNode, _ fields: [ObjectFieldNode], _ count: Int, _ object: InputObjectType,
    _ context: ValidationContext
  ) {
    guard count == 1, let field = fields.last else {
      context.report("OneOf Input Object \"\(object.name)\" must specify exactly one key.", at: node.offset)
      return
    }
    if field.value.isNull {
      context.report("Field \"\(object.name).\(field.name.value)\" must be non-null.", at: node.offset)
    } else if case .variable(let name) = field.value.kind, let variable = variables[name],
      !variable.type.reference.isNonNull
    {
      context.report(
        "Variable \"\(name)\" must be non-nullable to be used for OneOf Input Object \"\(object.name)\".",
        at: node.offset)
    }
  }
}
