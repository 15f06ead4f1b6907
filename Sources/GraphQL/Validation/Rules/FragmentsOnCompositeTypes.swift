/// Fragments are on objects, interfaces or unions (specification, 5.5.1.3).
enum FragmentsOnCompositeTypes {
  static func check(_ node: InlineFragmentNode, _ context: ValidationContext) {
    guard let condition = node.typeCondition, isWrong(condition, context) else { return }
    context.report("Fragment cannot condition on non composite type \"\(condition.value)\".", at: condition.offset)
  }

  static func check(_ node: FragmentDefinitionNode, _ context: ValidationContext) {
    guard isWrong(node.typeCondition, context) else { return }
    context.report(
      "Fragment \"\(node.name.value)\" cannot condition on non composite type \"\(node.typeCondition.value)\".",
      at: node.typeCondition.offset)
  }

  private static func isWrong(_ condition: NameNode, _ context: ValidationContext) -> Bool {
    context.schema.types[condition.value]?.isComposite == false
  }
}
