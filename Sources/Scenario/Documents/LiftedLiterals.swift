internal import GraphQL

/// A document in which some of the texts that stood in it are variables.
struct LiftedLiterals {
  private(set) var text: String
  private(set) var variables: [(name: String, type: TypeRef, value: String)] = []
  private let operation: PrintedOperation
  private let schema: Schema
  /// Places of literals, and the variables in their place.
  private var edits: [(offset: Int, name: String)] = []
  private var visited: Set<String> = []

  init(of operation: PrintedOperation, schema: Schema, where lifts: (_ name: String, _ type: String) -> Bool) {
    self.operation = operation
    self.schema = schema
    text = operation.text
    guard let root = schema.rootType(operation.node.kind) else { return }
    walk(operation.node.selectionSet, .object(root), lifts)
    if !edits.isEmpty { text = edited() }
  }

  private mutating func walk(_ set: SelectionSetNode, _ type: NamedType, _ lifts: (String, String) -> Bool) {
    for selection in set.selections {
      switch selection {
      case .field(let node):
        guard let field = schema.field(node.name.value, on: type) else { continue }
        for argument in node.arguments {
          find(argument.value, field.arguments[argument.name.value]?.type, argument.name.value, lifts)
        }
        if let inner = node.selectionSet, let type = schema.type(of: field.type) { walk(inner, type, lifts) }
      case .inline(let node):
        walk(node.selectionSet, node.typeCondition.flatMap { schema.type($0.value) } ?? type, lifts)
      case .spread(let node):
        guard visited.insert(node.name.value).inserted,
          let fragment = operation.document.fragments.first(where: { $0.name.value == node.name.value }),
          let type = schema.type(fragment.typeCondition.value)
        else { continue }
        walk(fragment.selectionSet, type, lifts)
      }
    }
  }

  private mutating func find(_ node: ValueNode, _ type: TypeRef?, _ name: String, _ lifts: (String, String) -> Bool) {
    guard let type else { return }
    switch node.kind {
    case .string(let value, block: false) where lifts(name, type.name):
      // A single value may stand for a list.
      var kind = type
      while let element = kind.element { kind = element }
      edits.append((node.offset, variable(name, kind, value)))
    case .list(let items): for item in items { find(item, type.element, name, lifts) }
    case .object(let fields):
      guard case .input(let input)? = schema.type(of: type) else { return }
      for field in fields { find(field.value, input.fields[field.name.value]?.type, field.name.value, lifts) }
    default: return
    }
  }

  private mutating func variable(_ base: String, _ type: TypeRef, _ value: String) -> String {
    if let known = variables.first(where: { $0.value == value && $0.type == type }) { return known.name }
    let taken = operation.node.variables.map(\.name.value) + variables.map(\.name)
    var name = base
    var number = 2
    while taken.contains(name) {
      name = "\(base)\(number)"
      number += 1
    }
    variables.append((name, type, value))
    return name
  }

  private func edited() -> String {
    var bytes = Array(operation.text.utf8)
    for edit in edits.sorted(by: { $0.offset > $1.offset }) {
      var end = edit.offset + 1
      while end < bytes.count, bytes[end] != UInt8(ascii: "\"") { end += bytes[end] == UInt8(ascii: "\\") ? 2 : 1 }
      guard end < bytes.count else { continue }
      bytes.replaceSubrange(edit.offset...end, with: "$\(edit.name)".utf8)
    }
    let node = operation.node
    let list = variables.map { "$\($0.name): \($0.type)" }.joined(separator: ", ")
    let insertion: (offset: Int, text: String)
    if let first = node.variables.first {
      insertion = (first.offset, "\(list), ")
    } else if let name = node.name {
      insertion = (name.offset + name.value.utf8.count, "(\(list))")
    } else {
      let keyword = node.kind.rawValue
      let isShort = bytes.first == UInt8(ascii: "{")
      insertion = isShort ? (0, "\(keyword) (\(list)) ") : (keyword.utf8.count, " (\(list))")
    }
    bytes.replaceSubrange(insertion.offset..<insertion.offset, with: insertion.text.utf8)
    return String(decoding: bytes, as: UTF8.self)
  }
}
