internal import GraphQL

/// What is to become of texts that stand in documents.
package struct LiteralRules {
  /// Whether a text for an argument or input field of that name, and of a type of that name, is to be a variable.
  package var lifts: (_ name: String, _ type: String) -> Bool
  package var isSecret: (_ name: String) -> Bool
  /// Stands in the place of a secret that cannot be a variable, because the schema does not know its type.
  package var mask: String

  package init(
    mask: String, lifts: @escaping (_ name: String, _ type: String) -> Bool,
    isSecret: @escaping (_ name: String) -> Bool
  ) {
    self.mask = mask
    self.lifts = lifts
    self.isSecret = isSecret
  }
}

/// The arguments of an operation: what variables are given for, and the document with variables and masks in the place of
/// some of the texts that stood in it.
struct RewrittenArguments {
  private(set) var text: String
  private(set) var variables: [(name: String, type: TypeRef, value: String)] = []
  /// What variables are given for, by their names: `$p` in `password: $p` is a `password`.
  private(set) var purposes: [String: String] = [:]
  /// Texts that stood there under a secret name.
  private(set) var secrets: [String] = []
  private let operation: PrintedOperation
  private let schema: Schema
  private let rules: LiteralRules
  private var edits: [(offset: Int, text: String)] = []
  private var visited: Set<String> = []

  init(of operation: PrintedOperation, schema: Schema, rules: LiteralRules) {
    self.operation = operation
    self.schema = schema
    self.rules = rules
    text = operation.text
    find(operation.node.directives)
    walk(operation.node.selectionSet, schema.rootType(operation.node.kind).map(NamedType.object))
    for variable in operation.node.variables {
      let name = variable.name.value
      if let value = variable.defaultValue { find(value, nil, rules.isSecret(name) ? name : purposes[name] ?? name) }
    }
    if !edits.isEmpty { text = edited() }
  }

  private mutating func walk(_ set: SelectionSetNode, _ type: NamedType?) {
    for selection in set.selections {
      find(selection.directives)
      switch selection {
      case .field(let node):
        let field = type.flatMap { schema.field(node.name.value, on: $0) }
        for argument in node.arguments {
          find(argument.value, field?.arguments[argument.name.value]?.type, argument.name.value)
        }
        if let inner = node.selectionSet { walk(inner, field.flatMap { schema.type(of: $0.type) }) }
      case .inline(let node):
        walk(node.selectionSet, node.typeCondition.map { schema.type($0.value) } ?? type)
      case .spread(let node):
        guard visited.insert(node.name.value).inserted,
          let fragment = operation.document.fragments.first(where: { $0.name.value == node.name.value })
        else { continue }
        find(fragment.directives)
        walk(fragment.selectionSet, schema.type(fragment.typeCondition.value))
      }
    }
  }

  private mutating func find(_ directives: [DirectiveNode]) {
    for argument in directives.flatMap(\.arguments) { find(argument.value, nil, argument.name.value) }
  }

  private mutating func find(_ node: ValueNode, _ type: TypeRef?, _ name: String) {
    switch node.kind {
    case .variable(let variable): purposes[variable] = purposes[variable] ?? name
    case .string(let value, _):
      let isSecret = rules.isSecret(name)
      if isSecret { secrets.append(value) }
      if let type, rules.lifts(name, type.name) {
        // A single value may stand for a list.
        var kind = type
        while let element = kind.element { kind = element }
        edits.append((node.offset, "$\(variable(name, kind, value))"))
      } else if isSecret {
        edits.append((node.offset, "\"\(rules.mask)\""))
      }
    case .list(let items): for item in items { find(item, type?.element, name) }
    case .object(let fields):
      var input: InputObjectType?
      if case .input(let known)? = type.flatMap({ schema.type(of: $0) }) { input = known }
      for field in fields {
        let own = field.name.value
        find(field.value, input?.fields[own]?.type, rules.isSecret(name) ? name : own)
      }
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
    purposes[name] = base
    return name
  }

  private func edited() -> String {
    var bytes = Array(operation.text.utf8)
    for edit in edits.sorted(by: { $0.offset > $1.offset }) {
      guard let end = Self.end(ofLiteralAt: edit.offset, in: bytes) else { continue }
      bytes.replaceSubrange(edit.offset..<end, with: edit.text.utf8)
    }
    guard !variables.isEmpty else { return String(decoding: bytes, as: UTF8.self) }
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

  /// Behind the closing quotes of the string or block string that begins at `start`.
  private static func end(ofLiteralAt start: Int, in bytes: [UInt8]) -> Int? {
    let quote = UInt8(ascii: "\"")
    let isBlock = bytes[start...].starts(with: [quote, quote, quote])
    let width = isBlock ? 3 : 1
    var index = start + width
    while index + width <= bytes.count {
      if bytes[index] == UInt8(ascii: "\\") {
        // In a block string only the quotes themselves are escaped (specification, 2.9.4).
        index += isBlock && bytes[(index + 1)...].starts(with: [quote, quote, quote]) ? 4 : isBlock ? 1 : 2
      } else if bytes[index..<index + width].allSatisfy({ $0 == quote }) {
        return index + width
      } else {
        index += 1
      }
    }
    return nil
  }
}
