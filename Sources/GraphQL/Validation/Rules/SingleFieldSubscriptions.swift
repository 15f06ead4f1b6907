/// A subscription selects one field, not an introspection field, unconditionally (specification, 5.2.4.1).
enum SingleFieldSubscriptions {
  static func check(_ node: OperationDefinitionNode, _ context: ValidationContext) {
    guard node.kind == .subscription, let root = context.schema.subscriptionType else { return }
    let title = node.name.map { "Subscription \"\($0.value)\"" } ?? "Anonymous Subscription"
    var fields = RootFields(root: root, context: context)
    fields.collect(node.selectionSet)
    if !fields.conditions.isEmpty {
      context.report(
        "\(title) must not use `@skip` or `@include` directives in the top level selection.",
        at: fields.conditions.map(\.offset))
      return
    }
    if fields.groups.count > 1 {
      context.report(
        "\(title) must select only one top level field.",
        at: fields.groups.dropFirst().flatMap { $0.nodes.map(\.offset) })
    }
    for group in fields.groups where group.nodes.first?.name.value.hasPrefix("__") == true {
      context.report(
        "\(title) must not select an introspection top level field.", at: group.nodes.map(\.offset))
    }
  }
}

/// The fields at the root of a subscription, fragments followed.
private struct RootFields {
  let root: FieldedType
  let context: ValidationContext
  private(set) var groups: [(key: String, nodes: [FieldNode])] = []
  private(set) var conditions: [DirectiveNode] = []
  private var positions: [String: Int] = [:]
  private var visited: Set<String> = []

  init(root: FieldedType, context: ValidationContext) {
    self.root = root
    self.context = context
  }

  mutating func collect(_ set: SelectionSetNode) {
    for selection in set.selections {
      conditions += selection.directives.filter { $0.name.value == "skip" || $0.name.value == "include" }
      switch selection {
      case .field(let field):
        if let position = positions[field.responseKey] {
          groups[position].nodes.append(field)
        } else {
          positions[field.responseKey] = groups.count
          groups.append((field.responseKey, [field]))
        }
      case .inline(let inline):
        if applies(inline.typeCondition) { collect(inline.selectionSet) }
      case .spread(let spread):
        guard visited.insert(spread.name.value).inserted, let fragment = context.fragments[spread.name.value],
          applies(fragment.typeCondition)
        else { continue }
        collect(fragment.selectionSet)
      }
    }
  }

  private func applies(_ condition: NameNode?) -> Bool {
    guard let condition else { return true }
    return condition.value == root.name || context.schema.isSubtype(root.name, of: condition.value)
  }
}
