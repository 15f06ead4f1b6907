/// An operation without a name is the only one (specification, 5.2.3.1).
enum LoneAnonymousOperation {
  static func check(_ node: OperationDefinitionNode, _ context: ValidationContext) {
    if node.name == nil, context.hasSeveralOperations {
      context.report("This anonymous operation must be the only defined operation.", at: node.offset)
    }
  }
}
