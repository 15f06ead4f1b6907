/// Every variable that an operation uses, also through fragments, is defined by it (specification, 5.8.3).
enum NoUndefinedVariables {
  static func check(_ node: OperationDefinitionNode, _ context: ValidationContext) {
    let defined = Set(node.variables.map(\.name.value))
    let suffix = node.name.map { " by operation \"\($0.value)\"" } ?? ""
    context.forEachUsage(in: node) { usage in
      guard !defined.contains(usage.name) else { return }
      context.report("Variable \"$\(usage.name)\" is not defined\(suffix).", at: [usage.offset, node.offset])
    }
  }
}
