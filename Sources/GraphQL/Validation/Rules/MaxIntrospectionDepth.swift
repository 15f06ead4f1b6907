/// Introspection does not nest its lists so deep that a small document asks for an answer without end. No rule of the
/// specification; the reference implementation recommends it.
struct MaxIntrospectionDepth {
  private static let maxLists = 3
  private static let lists: Set<String> = ["fields", "interfaces", "possibleTypes", "inputFields"]

  /// How many lists nest below a fragment; zero while the fragment is being measured, so that cycles end.
  private var depths: [String: Int] = [:]

  mutating func enter(_ node: FieldNode, _ context: ValidationContext) {
    guard node.name.value == "__schema" || node.name.value == "__type", let set = node.selectionSet else { return }
    if depth(set, context) >= Self.maxLists {
      context.report("Maximum introspection depth exceeded", at: node.offset)
    }
  }

  private mutating func depth(_ set: SelectionSetNode, _ context: ValidationContext) -> Int {
    var deepest = 0
    for selection in set.selections {
      switch selection {
      case .field(let field):
        let own = Self.lists.contains(field.name.value) ? 1 : 0
        deepest = max(deepest, own + (field.selectionSet.map { depth($0, context) } ?? 0))
      case .inline(let inline): deepest = max(deepest, depth(inline.selectionSet, context))
      case .spread(let spread):
        let name = spread.name.value
        if depths[name] == nil, let fragment = context.fragments[name] {
          depths[name] = 0
          depths[name] = depth(fragment.selectionSet, context)
        }
        deepest = max(deepest, depths[name] ?? 0)
      }
    }
    return deepest
  }
}
