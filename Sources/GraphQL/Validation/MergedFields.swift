/// Decides quickly whether a document is surely free of conflicts between fields, by merging all fields of one response
/// key and looking at each merged set once. It is stricter than the specification in that it does not let objects of
/// different types give a key different meanings, so a negative answer is only a doubt.
struct MergedFields {
  private struct Entry {
    let field: FieldNode
    let type: TypeRef?
  }

  private struct Part {
    let set: SelectionSetNode
    let parent: NamedType?
  }

  /// How many fields may be looked at, in all sets together, for each field that the document has.
  private static let workPerField = 32

  private let context: ValidationContext
  private var seen: Set<Set<ObjectIdentifier>> = []
  private var budget = 1_000

  init(_ context: ValidationContext) { self.context = context }

  mutating func areFreeOfConflicts() -> Bool {
    let schema = context.schema
    var roots: [Part] = []
    for definition in context.document.definitions {
      switch definition {
      case .operation(let node):
        let parent = schema.rootType(node.kind).flatMap { schema.types[$0.name] }
        roots.append(Part(set: node.selectionSet, parent: parent))
      case .fragment(let node):
        roots.append(Part(set: node.selectionSet, parent: schema.types[node.typeCondition.value]))
      default: break
      }
    }
    budget += Self.workPerField * roots.reduce(0) { $0 + size($1.set) }
    return roots.allSatisfy { isFree([$0]) }
  }

  private mutating func isFree(_ parts: [Part]) -> Bool {
    var groups: [[Entry]] = []
    var positions: [String: Int] = [:]
    var visited: Set<String> = []
    var fields: Set<ObjectIdentifier> = []
    var rest = parts
    while let part = rest.popLast() {
      for selection in part.set.selections {
        budget -= 1
        switch selection {
        case .field(let field):
          guard fields.insert(ObjectIdentifier(field)).inserted else { continue }
          let entry = Entry(field: field, type: part.parent?.fields[field.name.value]?.type)
          if let position = positions[field.responseKey] {
            groups[position].append(entry)
          } else {
            positions[field.responseKey] = groups.count
            groups.append([entry])
          }
        case .inline(let inline):
          let parent = inline.typeCondition.map { context.schema.types[$0.value] } ?? part.parent
          rest.append(Part(set: inline.selectionSet, parent: parent))
        case .spread(let spread):
          guard visited.insert(spread.name.value).inserted, let fragment = context.fragments[spread.name.value] else {
            continue
          }
          let parent = context.schema.types[fragment.typeCondition.value]
          rest.append(Part(set: fragment.selectionSet, parent: parent))
        }
      }
    }
    if budget < 0 { return false }
    guard seen.insert(fields).inserted else { return true }
    return groups.allSatisfy { isFree($0) }
  }

  private mutating func isFree(_ group: [Entry]) -> Bool {
    if group.count > 1 {
      let first = group[0]
      let arguments = FieldComparison.canonical(first.field.arguments)
      for other in group.dropFirst() {
        guard first.field.name.value == other.field.name.value,
          arguments == FieldComparison.canonical(other.field.arguments),
          !FieldComparison.typesConflict(first.type, other.type, context.schema)
        else { return false }
      }
    }
    let parts = group.compactMap { entry in
      entry.field.selectionSet.map { set in
        Part(set: set, parent: entry.type.flatMap { context.schema.type(of: $0) })
      }
    }
    return parts.isEmpty || isFree(parts)
  }

  private func size(_ set: SelectionSetNode) -> Int {
    set.selections.reduce(0) { sum, selection in
      switch selection {
      case .field(let field): sum + 1 + (field.selectionSet.map(size) ?? 0)
      case .inline(let inline): sum + 1 + size(inline.selectionSet)
      case .spread: sum + 1
      }
    }
  }
}
