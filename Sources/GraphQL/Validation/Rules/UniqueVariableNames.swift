/// No two variables of an operation have one name (specification, 5.8.1).
enum UniqueVariableNames {
  static func check(_ node: OperationDefinitionNode, _ context: ValidationContext) {
    for group in grouped(node.variables.map(\.name)) where group.count > 1 {
      context.report("There can be only one variable named \"$\(group[0].value)\".", at: group.map(\.offset))
    }
  }
}

/// Names in groups of equal ones, in the order of the first of each.
func grouped(_ names: [NameNode]) -> [[NameNode]] {
  if names.count < 2 { return [] }
  var groups: [[NameNode]] = []
  var positions: [String: Int] = [:]
  for name in names {
    if let position = positions[name.value] {
      groups[position].append(name)
    } else {
      positions[name.value] = groups.count
      groups.append([name])
    }
  }
  return groups
}
