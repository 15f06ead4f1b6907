/// A parsed document: executable definitions, type system definitions, or both.
package struct Document: Sendable {
  package let source: Source
  package let definitions: [DefinitionNode]

  /// The place of a node, by the node's offset.
  package func location(_ offset: Int) -> SourceLocation { source.location(at: offset) }

  package var operations: [OperationDefinitionNode] {
    definitions.compactMap { if case .operation(let node) = $0 { node } else { nil } }
  }

  package var fragments: [FragmentDefinitionNode] {
    definitions.compactMap { if case .fragment(let node) = $0 { node } else { nil } }
  }
}

/// One definition of a document.
package enum DefinitionNode: Sendable {
  case operation(OperationDefinitionNode)
  case fragment(FragmentDefinitionNode)
  case schema(SchemaDefinitionNode)
  case type(TypeDefinitionNode)
  case directive(DirectiveDefinitionNode)

  /// Bytes from the start of the source to the node's first token, its description included.
  package var offset: Int {
    switch self {
    case .operation(let node): node.offset
    case .fragment(let node): node.offset
    case .schema(let node): node.offset
    case .type(let node): node.offset
    case .directive(let node): node.offset
    }
  }
}

/// A name and where it stands.
package struct NameNode: Hashable, Sendable {
  package let value: String
  package let offset: Int
}

/// What an operation does.
package enum OperationKind: String, Hashable, Sendable, CaseIterable {
  case query, mutation, subscription
}

/// A query, mutation or subscription; a query may be written without keyword and name.
package final class OperationDefinitionNode: Sendable {
  package let offset: Int
  package let description: StringNode?
  package let kind: OperationKind
  package let name: NameNode?
  package let variables: [VariableDefinitionNode]
  package let directives: [DirectiveNode]
  package let selectionSet: SelectionSetNode

  init(
    offset: Int, description: StringNode? = nil, kind: OperationKind, name: NameNode?,
    variables: [VariableDefinitionNode], directives: [DirectiveNode], selectionSet: SelectionSetNode
  ) {
    self.offset = offset
    self.description = description
    self.kind = kind
    self.name = name
    self.variables = variables
    self.directives = directives
    self.selectionSet = selectionSet
  }
}

package final class FragmentDefinitionNode: Sendable {
  package let offset: Int
  package let description: StringNode?
  package let name: NameNode
  package let typeCondition: NameNode
  package let directives: [DirectiveNode]
  package let selectionSet: SelectionSetNode

  init(
    offset: Int, description: StringNode?, name: NameNode, typeCondition: NameNode, directives: [DirectiveNode],
    selectionSet: SelectionSetNode
  ) {
    self.offset = offset
    self.description = description
    self.name = name
    self.typeCondition = typeCondition
    self.directives = directives
    self.selectionSet = selectionSet
  }
}

package struct VariableDefinitionNode: Sendable {
  package let offset: Int
  package let description: StringNode?
  /// Without the dollar sign.
  package let name: NameNode
  package let type: TypeNode
  package let defaultValue: ValueNode?
  package let directives: [DirectiveNode]
}

/// What is selected on one value. A class, so that identity can key a memo.
package final class SelectionSetNode: Sendable {
  package let offset: Int
  package let selections: [SelectionNode]

  init(offset: Int, selections: [SelectionNode]) {
    self.offset = offset
    self.selections = selections
  }
}

package enum SelectionNode: Sendable {
  case field(FieldNode)
  case spread(FragmentSpreadNode)
  case inline(InlineFragmentNode)

  package var offset: Int {
    switch self {
    case .field(let node): node.offset
    case .spread(let node): node.offset
    case .inline(let node): node.offset
    }
  }

  package var directives: [DirectiveNode] {
    switch self {
    case .field(let node): node.directives
    case .spread(let node): node.directives
    case .inline(let node): node.directives
    }
  }
}

package final class FieldNode: Sendable {
  package let alias: NameNode?
  package let name: NameNode
  package let arguments: [ArgumentNode]
  package let directives: [DirectiveNode]
  package let selectionSet: SelectionSetNode?

  init(
    alias: NameNode?, name: NameNode, arguments: [ArgumentNode], directives: [DirectiveNode],
    selectionSet: SelectionSetNode?
  ) {
    self.alias = alias
    self.name = name
    self.arguments = arguments
    self.directives = directives
    self.selectionSet = selectionSet
  }

  package var offset: Int { alias?.offset ?? name.offset }
  /// The key of the field's value in the response.
  package var responseKey: String { alias?.value ?? name.value }
}

package final class FragmentSpreadNode: Sendable {
  package let offset: Int
  package let name: NameNode
  package let directives: [DirectiveNode]

  init(offset: Int, name: NameNode, directives: [DirectiveNode]) {
    self.offset = offset
    self.name = name
    self.directives = directives
  }
}

package final class InlineFragmentNode: Sendable {
  package let offset: Int
  package let typeCondition: NameNode?
  package let directives: [DirectiveNode]
  package let selectionSet: SelectionSetNode

  init(offset: Int, typeCondition: NameNode?, directives: [DirectiveNode], selectionSet: SelectionSetNode) {
    self.offset = offset
    self.typeCondition = typeCondition
    self.directives = directives
    self.selectionSet = selectionSet
  }
}

package struct ArgumentNode: Sendable {
  package let name: NameNode
  package let value: ValueNode

  package var offset: Int { name.offset }
}

package struct DirectiveNode: Sendable {
  package let offset: Int
  /// Without the at sign.
  package let name: NameNode
  package let arguments: [ArgumentNode]

  /// The value given to an argument, as written.
  package func argument(_ name: String) -> ValueNode? { arguments.first { $0.name.value == name }?.value }
}
