extension SchemaValidation {
  /// A default that, filled in, needs itself would never end (specification, 3.10, "Default Value Circular References").
  /// - Returns: whether there is one, so that nobody tries to fill it in.
  mutating func defaultCycles() -> Bool {
    var search = DefaultCycleSearch(schema: schema)
    for type in schema.types {
      if case .input(let input) = type { search.visit(input, given: []) }
    }
    for cycle in search.cycles {
      let via = cycle.via.isEmpty ? "" : " via the default values of: \(cycle.via.joined(separator: ", "))"
      problems.add(
        "Invalid circular reference. The default value of Input Object field \(cycle.field) references itself\(via).",
        at: cycle.origin)
    }
    return !search.cycles.isEmpty
  }
}

private struct DefaultCycleSearch {
  let schema: Schema
  private(set) var cycles: [(field: String, via: [String], origin: Origin)] = []
  private var visited: Set<String> = []
  private var path: [String] = []
  private var positions: [String: Int] = [:]

  init(schema: Schema) { self.schema = schema }

  /// Looks at the defaults that complete an object of which the fields `given` are written.
  mutating func visit(_ input: InputObjectType, given: [ObjectFieldNode]) {
    for field in input.fields {
      guard case .input(let target)? = schema.type(of: field.type) else { continue }
      if let written = given.last(where: { $0.name.value == field.name }) {
        visit(written.value, target)
      } else if let literal = field.defaultLiteral {
        visit(field, of: input, target, literal)
      }
    }
  }

  private mutating func visit(_ literal: ValueNode, _ input: InputObjectType) {
    switch literal.kind {
    case .list(let items): for item in items { visit(item, input) }
    case .object(let fields): visit(input, given: fields)
    default: break
    }
  }

  private mutating func visit(
    _ field: InputValueDefinition, of input: InputObjectType, _ target: InputObjectType, _ literal: ValueNode
  ) {
    let title = "\(input.name).\(field.name)"
    if let start = positions[title] {
      cycles.append((title, Array(path[(start + 1)...]), field.origin))
      return
    }
    guard visited.insert(title).inserted else { return }
    positions[title] = path.count
    path.append(title)
    visit(literal, target)
    path.removeLast()
    positions[title] = nil
  }
}
