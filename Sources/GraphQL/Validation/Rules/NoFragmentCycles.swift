/// No fragment spreads itself, directly or through others (specification, 5.5.2.2).
struct NoFragmentCycles {
  private var visited: Set<String> = []
  private var path: [FragmentSpreadNode] = []
  private var positions: [String: Int] = [:]

  mutating func enter(_ fragment: FragmentDefinitionNode, _ context: ValidationContext) {
    let name = fragment.name.value
    guard visited.insert(name).inserted else { return }
    let spreads = context.spreads(in: fragment.selectionSet)
    if spreads.isEmpty { return }
    positions[name] = path.count
    for spread in spreads {
      let target = spread.name.value
      path.append(spread)
      if let start = positions[target] {
        let cycle = path[start...]
        let via = cycle.dropLast().map { "\"\($0.name.value)\"" }.joined(separator: ", ")
        context.report(
          "Cannot spread fragment \"\(target)\" within itself\(via.isEmpty ? "" : " via \(via)").",
          at: cycle.map(\.offset))
      } else if let next = context.fragments[target] {
        enter(next, context)
      }
      path.removeLast()
    }
    positions[name] = nil
  }
}
