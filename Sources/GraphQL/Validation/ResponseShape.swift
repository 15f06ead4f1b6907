/// What the response of a valid operation looks like: which keys it has, of which types, and what lies under them. Made
/// for checking paths that people write, such as "sendMessage.message.id", without running anything.
package struct ResponseShape: Sendable {
  /// What a path leads to.
  package enum Resolution: Hashable, Sendable {
    case found(TypeRef, Kind)
    /// The position in the path of the first key that does not exist, and the keys that do in its place.
    case missing(at: Int, candidates: [String])
  }

  package enum Kind: Hashable, Sendable {
    case scalar, enumeration, composite
    /// The values of the path's end are lists, of leafs or composites.
    case list
  }

  private struct Entry {
    var types: [TypeRef]
    var sets: [(SelectionSetNode, NamedType?)]
  }

  private let schema: Schema
  private let operation: OperationDefinitionNode
  private let fragments: [String: FragmentDefinitionNode]

  /// - Parameter document: has passed ``validate(_:against:maxErrors:scalars:)``.
  package init(_ operation: OperationDefinitionNode, of document: Document, against schema: Schema) {
    self.operation = operation
    self.schema = schema
    fragments = Dictionary(document.fragments.map { ($0.name.value, $0) }, uniquingKeysWith: { first, _ in first })
  }

  /// The keys at the top of `data`, in order.
  package var keys: [String] {
    entries([(operation.selectionSet, root)]).keys
  }

  /// Follows response keys from the top of `data`. The elements of a list are entered by a number, by "[]", or by
  /// nothing at all: "messages.0.id", "messages.[].id" and "messages.id" all lead to the id.
  package func resolve(path: [String]) -> Resolution {
    var sets: [(SelectionSetNode, NamedType?)] = [(operation.selectionSet, root)]
    var type: TypeRef = .nonNull(.named(schema.rootType(operation.kind)?.name ?? ""))
    for (index, segment) in path.enumerated() {
      if Self.isElement(segment) {
        guard let element = type.element else { return .missing(at: index, candidates: entries(sets).keys) }
        type = element
        continue
      }
      let (keys, found) = entries(sets)
      guard let entry = found[segment], let next = entry.types.first else {
        return .missing(at: index, candidates: keys)
      }
      type = next
      sets = entry.sets
    }
    return .found(type, kind(type))
  }

  private var root: NamedType? { schema.rootType(operation.kind).flatMap { schema.types[$0.name] } }

  private static func isElement(_ segment: String) -> Bool {
    segment == "[]" || (!segment.isEmpty && segment.utf8.allSatisfy { $0 &- UInt8(ascii: "0") < 10 })
  }

  private func kind(_ type: TypeRef) -> Kind {
    if type.element != nil { return .list }
    switch schema.type(of: type) {
    case .scalar?: return .scalar
    case .enumeration?: return .enumeration
    default: return .composite
    }
  }

  private func entries(_ sets: [(SelectionSetNode, NamedType?)]) -> (keys: [String], entries: [String: Entry]) {
    var keys: [String] = []
    var entries: [String: Entry] = [:]
    var visited: Set<String> = []
    func visit(_ set: SelectionSetNode, _ parent: NamedType?) {
      for selection in set.selections {
        switch selection {
        case .field(let field):
          guard let parent, let definition = schema.field(field.name.value, on: parent) else { continue }
          let key = field.responseKey
          if entries[key] == nil { keys.append(key) }
          entries[key, default: Entry(types: [], sets: [])].types.append(definition.type)
          if let set = field.selectionSet {
            entries[key]?.sets.append((set, schema.type(of: definition.type)))
          }
        case .inline(let inline):
          visit(inline.selectionSet, inline.typeCondition.map { schema.types[$0.value] } ?? parent)
        case .spread(let spread):
          guard visited.insert(spread.name.value).inserted, let fragment = fragments[spread.name.value] else {
            continue
          }
          visit(fragment.selectionSet, schema.types[fragment.typeCondition.value])
        }
      }
    }
    for (set, parent) in sets { visit(set, parent) }
    return (keys, entries)
  }
}
