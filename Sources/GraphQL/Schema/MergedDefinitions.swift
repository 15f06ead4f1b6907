/// A type's definition with all its extensions.
struct MergedType {
  struct Part {
    let node: TypeDefinitionNode
    let source: Source
  }

  let name: String
  let keyword: TypeKeyword
  let description: String?
  let origin: Origin
  /// The definition first.
  var parts: [Part]
}

/// The definitions of all documents of a schema, extensions joined to what they extend.
struct MergedDefinitions {
  struct Directive {
    let node: DirectiveDefinitionNode
    let source: Source
  }

  private(set) var types: [MergedType] = []
  private(set) var directives: [Directive] = []
  private(set) var description: String?
  private(set) var schemaOrigin: Origin?
  private(set) var schemaParts: [(node: SchemaDefinitionNode, source: Source)] = []
  private var positions: [String: Int] = [:]
  private var roots: [OperationKind: (name: String, origin: Origin)] = [:]

  init(_ documents: [Document], _ problems: inout ProblemList) {
    var directiveNames: Set<String> = []
    for document in documents {
      for definition in document.definitions {
        switch definition {
        case .type(let node) where !node.isExtension: add(node, document.source, &problems)
        case .directive(let node):
          // A schema may write out the built-in directives; its own definition counts.
          let isOurs = document.source == BuiltIns.source
          if directiveNames.insert(node.name.value).inserted {
            directives.append(Directive(node: node, source: document.source))
          } else if !isOurs {
            problems.add(
              "There can be only one directive named \"@\(node.name.value)\".", document.source, node.name.offset)
          }
        case .operation, .fragment:
          problems.add(
            "The \(Self.title(of: definition)) definition is not allowed in a schema.", document.source,
            definition.offset)
        default: break
        }
      }
    }
    for document in documents {
      for definition in document.definitions {
        switch definition {
        case .type(let node) where node.isExtension: extend(node, document.source, &problems)
        case .schema(let node): add(node, document.source, &problems)
        default: break
        }
      }
    }
  }

  func type(_ name: String) -> MergedType? { positions[name].map { types[$0] } }

  /// The root type of a kind of operation: as the schema definition says, or else by its usual name.
  func root(_ kind: OperationKind) -> (name: String, origin: Origin)? {
    if let root = roots[kind] { return root }
    if schemaOrigin != nil { return nil }
    let name = kind.rawValue.prefix(1).uppercased() + kind.rawValue.dropFirst()
    return type(name).map { ($0.name, $0.origin) }
  }

  private mutating func add(_ node: TypeDefinitionNode, _ source: Source, _ problems: inout ProblemList) {
    let name = node.name.value
    guard positions[name] == nil else {
      report(second: node, source, &problems)
      return
    }
    positions[name] = types.count
    types.append(
      MergedType(
        name: name, keyword: node.keyword, description: node.description?.value,
        origin: Origin(source: source, offset: node.name.offset), parts: [.init(node: node, source: source)]))
  }

  /// A schema may write out the built-in scalars; names of introspection are refused with all that begin like them.
  private func report(second node: TypeDefinitionNode, _ source: Source, _ problems: inout ProblemList) {
    let message = "There can be only one type named \"\(node.name.value)\"."
    switch source {
    case IntrospectionTypes.source: break
    case BuiltIns.source:
      if let first = type(node.name.value), first.keyword != .scalar { problems.add(message, at: first.origin) }
    default: problems.add(message, source, node.name.offset)
    }
  }

  private mutating func extend(_ node: TypeDefinitionNode, _ source: Source, _ problems: inout ProblemList) {
    let name = node.name.value
    guard let position = positions[name], types[position].origin.source != IntrospectionTypes.source else {
      let own = types.filter { $0.origin.source != BuiltIns.source && $0.origin.source != IntrospectionTypes.source }
      let hint = didYouMean(suggestions(for: name, among: own.map(\.name)))
      problems.add("Cannot extend type \"\(name)\" because it is not defined.\(hint)", source, node.name.offset)
      return
    }
    guard types[position].keyword == node.keyword else {
      problems.add("Cannot extend non-\(Self.title(of: node.keyword)) type \"\(name)\".", source, node.offset)
      return
    }
    types[position].parts.append(.init(node: node, source: source))
  }

  private mutating func add(_ node: SchemaDefinitionNode, _ source: Source, _ problems: inout ProblemList) {
    if !node.isExtension {
      if schemaOrigin == nil {
        schemaOrigin = Origin(source: source, offset: node.offset)
        description = node.description?.value
      } else {
        problems.add("Must provide only one schema definition.", source, node.offset)
      }
    }
    schemaParts.append((node, source))
    for operation in node.operations {
      let origin = Origin(source: source, offset: operation.type.offset)
      if roots[operation.kind] == nil {
        roots[operation.kind] = (operation.type.value, origin)
      } else {
        problems.add("There can be only one \(operation.kind.rawValue) type in schema.", source, operation.offset)
      }
    }
  }

  private static func title(of keyword: TypeKeyword) -> String {
    switch keyword {
    case .scalar: "scalar"
    case .type: "object"
    case .interface: "interface"
    case .union: "union"
    case .enum: "enum"
    case .input: "input object"
    }
  }

  private static func title(of definition: DefinitionNode) -> String {
    switch definition {
    case .operation(let node): node.name.map { "\"\($0.value)\"" } ?? "anonymous operation"
    case .fragment(let node): "\"\(node.name.value)\""
    default: "unexpected"
    }
  }
}
