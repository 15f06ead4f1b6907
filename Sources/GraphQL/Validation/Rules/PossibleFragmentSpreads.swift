/// A fragment can apply to some object of the type around it (specification, 5.5.2.3).
enum PossibleFragmentSpreads {
  static func check(_ node: InlineFragmentNode, _ context: ValidationContext) {
    guard let type = context.info.type.flatMap({ context.schema.type(of: $0) }), type.isComposite,
      let parent = context.info.parent, !context.schema.overlap(type, parent)
    else { return }
    context.report(
      "Fragment cannot be spread here as objects of type \"\(parent.name)\" can never be of type \"\(type.name)\".",
      at: node.offset)
  }

  static func check(_ node: FragmentSpreadNode, _ context: ValidationContext) {
    guard let fragment = context.fragments[node.name.value],
      let type = context.schema.types[fragment.typeCondition.value], type.isComposite,
      let parent = context.info.parent, !context.schema.overlap(type, parent)
    else { return }
    context.report(
      "Fragment \"\(node.name.value)\" cannot be spread here as objects of type \"\(parent.name)\" "
        + "can never be of type \"\(type.name)\".", at: node.offset)
  }
}
