/// Every fragment is spread by an operation, directly or through others (specification, 5.5.1.4).
struct NoUnusedFragments {
  private var operations: [OperationDefinitionNode] = []
  private var fragments: [FragmentDefinitionNode] = []

  mutating func enter(_ node: OperationDefinitionNode) { operations.append(node) }

  mutating func enter(_ node: FragmentDefinitionNode) { fragments.append(node) }

  func leaveDocument(_ context: ValidationContext) {
    var used: Set<String> = []
    for operation in operations {
      for fragment in context.fragments(of: operation) { used.insert(fragment.name.value) }
    }
    for fragment in fragments where !used.contains(fragment.name.value) {
      context.report("Fragment \"\(fragment.name.value)\" is never used.", at: fragment.offset)
    }
  }
}
