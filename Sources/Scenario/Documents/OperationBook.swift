package import GraphQL

/// What can be said of operations that clients sent: whether they are actions, and what stands where in their data.
package struct OperationBook: Sendable {
  /// An operation as a scenario may have it.
  package struct Entry: Sendable {
    /// The action that it is, if it is one.
    package let action: String?
    package let kind: Operation.Kind
    /// The action's name, else that of the operation, else that of its first field.
    package let name: String
    /// The document with this operation and the fragments that it uses, and no more, printed anew.
    package let text: String
    /// Values that stood in the document and are variables in ``text``.
    package let lifted: [(name: String, value: String)]
    /// What variables are given for, by their names: `$p` in `password: $p` is a `password`.
    package let purposes: [String: String]
    /// Texts that stood in the document under a secret name.
    package let secrets: [String]
    /// Whether it asks for the schema and nothing else.
    package let isIntrospection: Bool
    /// Whether the schema knows all that it asks for.
    package let isValid: Bool
    private let response: ResponsePaths

    fileprivate init(_ printed: PrintedOperation, action: String?, _ arguments: RewrittenArguments, schema: Schema) {
      let node = printed.node
      self.action = action
      text = action == nil ? arguments.text : printed.text
      lifted = action == nil ? arguments.variables.map { ($0.name, $0.value) } : []
      purposes = arguments.purposes
      secrets = arguments.secrets
      kind = Operation.Kind(rawValue: node.kind.rawValue) ?? .query
      let fields = node.selectionSet.selections.compactMap { if case .field(let field) = $0 { field } else { nil } }
      isIntrospection = !fields.isEmpty && fields.allSatisfy { $0.name.value.hasPrefix("__") }
      isValid = action != nil || documentErrors(printed.document, schema).isEmpty
      name = action ?? node.name?.value ?? fields.first?.responseKey ?? node.kind.rawValue
      response = ResponsePaths(operation: node, document: printed.document, schema: schema)
    }

    /// The type of what stands at a path of its data; `nil` where the schema knows none.
    package func type(at path: [String]) -> (name: String, isEnumeration: Bool)? {
      guard case .found(let type, _) = response.target(of: path) else { return nil }
      if case .enumeration = type { return (type.name, true) }
      return (type.name, false)
    }
  }

  /// The most operations that are remembered.
  private static let memory = 1_000

  private let schema: Schema
  /// Actions' names by their text.
  private var actions: [String: String] = [:]
  private var known: [String: Entry] = [:]

  /// - Parameter file: the scenario; its actions are those of the nearest folder of that name.
  package init(schema: Schema, file: String, files: any ScenarioFiles = DiskFiles()) {
    self.schema = schema
    let limits = LoadLimits()
    guard let path = ActionFolder.nearest(to: Paths.folder(of: Paths.simplified(file)), files, limits) else { return }
    let folder = ActionFolder(path: path, files: files, schema: schema, limits: limits)
    for name in folder.names {
      guard let action = folder.catalog.operations[name] else { continue }
      if let text = PrintedOperation(action.document, name)?.essence { actions[text] = name }
    }
  }

  /// - Returns: `nil` for what is no document, or has no such operation.
  package mutating func entry(document: String, operationName: String?, rules: LiteralRules) -> Entry? {
    let key = "\(operationName ?? "")\n\(document)"
    if let entry = known[key] { return entry }
    guard let printed = PrintedOperation(document, operationName) else { return nil }
    let action = actions[printed.essence]
    let arguments = RewrittenArguments(of: printed, schema: schema, rules: rules)
    let entry = Entry(printed, action: action, arguments, schema: schema)
    if known.count < Self.memory { known[key] = entry }
    return entry
  }
}

/// An operation alone, with the fragments that it uses in the order in which it does, printed and parsed again.
struct PrintedOperation {
  let node: OperationDefinitionNode
  let document: Document
  let text: String

  init?(_ text: String, _ name: String?) {
    guard let whole = try? parseDocument(Source(name: "recorded", text: text)) else { return nil }
    let operations = whole.operations
    let chosen = name == nil && operations.count == 1 ? operations.first : operations.first { $0.name?.value == name }
    guard let chosen else { return nil }
    let parts = DefinitionSlices(document: whole, text: text).parts(of: chosen).map(\.text).joined(separator: "\n\n")
    guard let small = try? parseDocument(Source(name: "recorded", text: parts)) else { return nil }
    let printed = print(small)
    guard let document = try? parseDocument(Source(name: "recorded", text: printed)),
      let node = document.operations.first
    else { return nil }
    self.text = printed
    self.document = document
    self.node = node
  }

  /// Without `__typename`, which clients add to what they were given.
  var essence: String {
    text.split(separator: "\n").filter { !$0.hasSuffix(" __typename") }.joined(separator: "\n")
  }
}
