/// No two operations have one name (specification, 5.2.2.1).
struct UniqueOperationNames {
  private var known: [String: NameNode] = [:]

  mutating func enter(_ node: OperationDefinitionNode, _ context: ValidationContext) {
    guard let name = node.name else { return }
    if let first = known[name.value] {
      context.report("There can be only one operation named \"\(name.value)\".", at: [first.offset, name.offset])
    } else {
      known[name.value] = name
    }
  }
}
