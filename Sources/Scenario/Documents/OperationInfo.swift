internal import GraphQL

/// An operation with what the schema says of it.
final class OperationInfo: Sendable {
  struct Variable: Sendable {
    var name: String
    var type: TypeRef
    var hasDefault: Bool
    var isRequired: Bool { type.isNonNull && !hasDefault }
  }

  let operation: Operation
  let variables: [Variable]
  let response: ResponsePaths

  init(operation: Operation, variables: [Variable], response: ResponsePaths) {
    self.operation = operation
    self.variables = variables
    self.response = response
  }

  convenience init(node: OperationDefinitionNode, document: Document, text: String, name: String, schema: Schema) {
    let variables = node.variables.map {
      Variable(name: $0.name.value, type: $0.type.reference, hasDefault: $0.defaultValue != nil)
    }
    let kind: Operation.Kind =
      switch node.kind {
      case .query: .query
      case .mutation: .mutation
      case .subscription: .subscription
      }
    let operation = Operation(
      name: name, kind: kind, document: text, operationName: node.name?.value, variables: variables.map(\.name))
    self.init(
      operation: operation, variables: variables,
      response: ResponsePaths(operation: node, document: document, schema: schema))
  }
}

/// What the loader knows of each operation that a scenario uses.
final class OperationTable {
  private var infos: [Operation: OperationInfo] = [:]

  func add(_ info: OperationInfo) { infos[info.operation] = info }
  func info(_ operation: Operation) -> OperationInfo? { infos[operation] }
}
