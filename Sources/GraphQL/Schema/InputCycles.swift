extension SchemaValidation {
  /// An input object that must hold one of its own kind can never be written (specification, 3.10, "Circular References").
  mutating func inputCycles() {
    var search = InputCycleSearch(schema: schema)
    for type in schema.types {
      if case .input(let input) = type { search.visit(input) }
    }
    for cycle in search.cycles {
      problems.add(
        "Cannot reference Input Object \"\(cycle.name)\" within itself through a series of non-null fields: "
          + "\"\(cycle.path.map(\.name).joined(separator: "."))\".", at: cycle.path.first?.origin)
    }
  }
}

private struct InputCycleSearch {
  let schema: Schema
  private(set) var cycles: [(name: String, path: [InputValueDefinition])] = []
  private var visited: Set<String> = []
  private var path: [InputValueDefinition] = []
  private var positions: [String: Int] = [:]

  init(schema: Schema) { self.schema = schema }

  mutating func visit(_ input: InputObjectType) {
    guard visited.insert(input.name).inserted else { return }
    positions[input.name] = path.count
    for field in input.fields {
      guard case .nonNull(.named(let name)) = field.type, case .input(let target)? = schema.types[name] else {
        continue
      }
      path.append(field)
      if let start = positions[name] {
        cycles.append((name, Array(path[start...])))
      } else {
        visit(target)
      }
      path.removeLast()
    }
    positions[input.name] = nil
  }
}
