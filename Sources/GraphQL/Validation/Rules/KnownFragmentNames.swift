/// A spread names a fragment of the document (specification, 5.5.2.1).
enum KnownFragmentNames {
  static func check(_ node: FragmentSpreadNode, _ context: ValidationContext) {
    if context.fragments[node.name.value] == nil {
      context.report("Unknown fragment \"\(node.name.value)\".", at: node.name.offset)
    }
  }
}
