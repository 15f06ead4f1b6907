/// Variables fit the places where they are used (specification, 5.8.5).
enum VariablesInAllowedPosition {
  static func check(_ node: OperationDefinitionNode, _ context: ValidationContext) {
    if node.variables.isEmpty { return }
    let variables = Dictionary(node.variables.map { ($0.name.value, $0) }, uniquingKeysWith: { $1 })
    context.forEachUsage(in: node) { usage in
      guard let variable = variables[usage.name], let expected = usage.type,
        let type = context.info.type(variable.type)
      else { return }
      if !isAllowed(type, variable.defaultValue, expected, usage.hasDefault, context.schema) {
        context.report(
          "Variable \"$\(usage.name)\" of type \"\(type)\" used in position expecting type \"\(expected)\".",
          at: [variable.offset, usage.offset])
      } else if let oneOf = usage.oneOf, usage.isInFragment, !type.isNonNull {
        // In the operation itself the rule on values has seen it.
        context.report(
          "Variable \"\(usage.name)\" must be non-nullable to be used for OneOf Input Object \"\(oneOf.typeName)\".",
          at: oneOf.offset)
      }
    }
  }

  private static func isAllowed(
    _ type: TypeRef, _ defaultValue: ValueNode?, _ expected: TypeRef, _ hasDefault: Bool, _ schema: Schema
  ) -> Bool {
    guard expected.isNonNull, !type.isNonNull else { return schema.isSubtype(type, of: expected) }
    let hasNonNullDefault = defaultValue.map { !$0.isNull } ?? false
    return (hasNonNullDefault || hasDefault) && schema.isSubtype(type, of: expected.nullable)
  }
}
