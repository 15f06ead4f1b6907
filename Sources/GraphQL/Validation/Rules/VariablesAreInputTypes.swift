/// Variables have input types (specification, 5.8.2).
enum VariablesAreInputTypes {
  static func check(_ node: VariableDefinitionNode, _ context: ValidationContext) {
    guard context.schema.types[node.type.name.value]?.isInput == false else { return }
    context.report(
      "Variable \"$\(node.name.value)\" cannot be non-input type \"\(node.type.reference)\".", at: node.type.offset)
  }
}
