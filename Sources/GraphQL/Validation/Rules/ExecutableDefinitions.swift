/// All definitions are operations or fragments (specification, 5.1.1).
enum ExecutableDefinitions {
  static func check(_ context: ValidationContext) {
    for definition in context.document.definitions {
      switch definition {
      case .operation, .fragment: break
      case .schema(let node): context.report("The schema definition is not executable.", at: node.offset)
      case .type(let node):
        context.report("The \"\(node.name.value)\" definition is not executable.", at: node.offset)
      case .directive(let node):
        context.report("The \"\(node.name.value)\" definition is not executable.", at: node.offset)
      }
    }
  }
}
