/// No two fragments have one name (specification, 5.5.1.1).
struct UniqueFragmentNames {
  private var known: [String: NameNode] = [:]

  mutating func enter(_ node: FragmentDefinitionNode, _ context: ValidationContext) {
    let name = node.name
    if let first = known[name.value] {
      context.report("There can be only one fragment named \"\(name.value)\".", at: [first.offset, name.offset])
    } else {
      known[name.value] = name
    }
  }
}
