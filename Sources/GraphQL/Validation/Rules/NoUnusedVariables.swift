/// Every variable that an operation defines is used, perhaps through fragments (specification, 5.8.4).
enum NoUnusedVariables {
  static func check(_ node: OperationDefinitionNode, _ context: ValidationContext) {
    if node.variables.isEmpty { return }
    var used: Set<String> = []
    context.forEachUsage(in: node) { used.insert($0.name) }
    let suffix = node.name.map { " in operation \"\($0.value)\"" } ?? ""
    for variable in node.variables where !used.contains(variable.name.value) {
      context.report("Variable \"$\(variable.name.value)\" is never used\(suffix).", at: variable.offset)
    }
  }
}
