internal import GraphQL

/// What stands at a path of an operation's data.
enum PathTarget {
  /// `isList` when the value is a list, because its field is one or the path passed through one without an index.
  case found(type: NamedType, isList: Bool)
  /// The segment at `index` names nothing there, though perhaps a field that is not selected; what would be valid.
  case missing(index: Int, typeName: String, isField: Bool, candidates: [String])
  /// The segment before `index` is a leaf and has nothing within.
  case leaf(index: Int, typeName: String)
  /// Within a scalar of the product's own, whose inside only the product knows.
  case opaque
}

/// The paths that a valid operation's data can have.
final class ResponsePaths: Sendable {
  private let schema: Schema
  private let root: NamedType?
  private let selections: SelectionSetNode
  private let fragments: [String: FragmentDefinitionNode]

  init(operation: OperationDefinitionNode, document: Document, schema: Schema) {
    self.schema = schema
    root = schema.rootType(operation.kind).map(NamedType.object)
    selections = operation.selectionSet
    fragments = Dictionary(
      document.fragments.map { ($0.name.value, $0) }, uniquingKeysWith: { first, _ in first })
  }

  func target(of segments: [String]) -> PathTarget {
    guard var type = root else { return .opaque }
    var sets = [(selections, type)]
    var reference: TypeRef = .nonNull(.named(type.name))
    var passedList = false
    for (index, segment) in segments.enumerated() {
      if reference.element != nil, Int(segment) != nil {
        reference = reference.element ?? reference
        continue
      }
      while let element = reference.element {
        reference = element
        passedList = true
      }
      guard !sets.isEmpty else { return inside(type, index) }
      let fields = sets.flatMap { self.fields(of: $0.0, on: $0.1) }
      let chosen = fields.filter { $0.node.responseKey == segment }
      guard let first = chosen.first else {
        var candidates: [String] = []
        for field in fields where !candidates.contains(field.node.responseKey) {
          candidates.append(field.node.responseKey)
        }
        let isField = sets.contains { schema.field(segment, on: $0.1) != nil }
        return .missing(index: index, typeName: type.name, isField: isField, candidates: candidates)
      }
      reference = first.type
      guard let next = schema.type(of: reference) else { return .opaque }
      type = next
      sets = chosen.compactMap { field in
        guard let set = field.node.selectionSet, let type = schema.type(of: field.type) else { return nil }
        return (set, type)
      }
    }
    return .found(type: type, isList: passedList || reference.element != nil)
  }

  private func inside(_ type: NamedType, _ index: Int) -> PathTarget {
    if case .scalar(let scalar) = type, !["Int", "Float", "String", "Boolean", "ID"].contains(scalar.name) {
      return .opaque
    }
    return .leaf(index: index, typeName: type.name)
  }

  private struct Field {
    var node: FieldNode
    var type: TypeRef
  }

  /// Every field that the set selects, through fragments of whatever type.
  private func fields(of set: SelectionSetNode, on type: NamedType) -> [Field] {
    var result: [Field] = []
    var visited: Set<String> = []
    func collect(_ set: SelectionSetNode, _ type: NamedType) {
      for selection in set.selections {
        switch selection {
        case .field(let node):
          guard let definition = schema.field(node.name.value, on: type) else { continue }
          result.append(Field(node: node, type: definition.type))
        case .inline(let node):
          collect(node.selectionSet, node.typeCondition.flatMap { schema.type($0.value) } ?? type)
        case .spread(let node):
          guard visited.insert(node.name.value).inserted, let fragment = fragments[node.name.value],
            let condition = schema.type(fragment.typeCondition.value)
          else { continue }
          collect(fragment.selectionSet, condition)
        }
      }
    }
    collect(set, type)
    return result
  }
}
