/// `schema { … }` or `extend schema … { … }`.
package struct SchemaDefinitionNode: Sendable {
  package let offset: Int
  package let description: StringNode?
  package let isExtension: Bool
  package let directives: [DirectiveNode]
  package let operations: [OperationTypeNode]
}

/// The root type of one kind of operation.
package struct OperationTypeNode: Sendable {
  package let offset: Int
  package let kind: OperationKind
  package let type: NameNode
}

/// The six kinds of named types, by their keyword.
package enum TypeKeyword: String, Sendable {
  case scalar, type, interface, union, `enum`, input
}

/// A definition or extension of a named type of any kind; the parts a kind does not have are empty.
package final class TypeDefinitionNode: Sendable {
  package let offset: Int
  package let description: StringNode?
  package let keyword: TypeKeyword
  package let isExtension: Bool
  package let name: NameNode
  package let interfaces: [NameNode]
  package let directives: [DirectiveNode]
  /// Of objects and interfaces.
  package let fields: [FieldDefinitionNode]
  /// Of unions.
  package let members: [NameNode]
  /// Of enums.
  package let values: [EnumValueDefinitionNode]
  /// Of input objects.
  package let inputFields: [InputValueDefinitionNode]

  init(
    offset: Int, description: StringNode?, keyword: TypeKeyword, isExtension: Bool, name: NameNode,
    interfaces: [NameNode] = [], directives: [DirectiveNode] = [], fields: [FieldDefinitionNode] = [],
    members: [NameNode] = [], values: [EnumValueDefinitionNode] = [], inputFields: [InputValueDefinitionNode] = []
  ) {
    self.offset = offset
    self.description = description
    self.keyword = keyword
    self.isExtension = isExtension
    self.name = name
    self.interfaces = interfaces
    self.directives = directives
    self.fields = fields
    self.members = members
    self.values = values
    self.inputFields = inputFields
  }
}

package struct FieldDefinitionNode: Sendable {
  package let offset: Int
  package let description: StringNode?
  package let name: NameNode
  package let arguments: [InputValueDefinitionNode]
  package let type: TypeNode
  package let directives: [DirectiveNode]
}

/// An argument of a field or directive, or a field of an input object.
package struct InputValueDefinitionNode: Sendable {
  package let offset: Int
  package let description: StringNode?
  package let name: NameNode
  package let type: TypeNode
  package let defaultValue: ValueNode?
  package let directives: [DirectiveNode]
}

package struct EnumValueDefinitionNode: Sendable {
  package let offset: Int
  package let description: StringNode?
  package let name: NameNode
  package let directives: [DirectiveNode]
}

package struct DirectiveDefinitionNode: Sendable {
  package let offset: Int
  package let description: StringNode?
  package let name: NameNode
  package let arguments: [InputValueDefinitionNode]
  package let isRepeatable: Bool
  package let locations: [DirectiveLocation]
}

/// Where a directive may stand (specification, 3.13).
package enum DirectiveLocation: String, Hashable, Sendable, CaseIterable {
  case query = "QUERY"
  case mutation = "MUTATION"
  case subscription = "SUBSCRIPTION"
  case field = "FIELD"
  case fragmentDefinition = "FRAGMENT_DEFINITION"
  case fragmentSpread = "FRAGMENT_SPREAD"
  case inlineFragment = "INLINE_FRAGMENT"
  case variableDefinition = "VARIABLE_DEFINITION"
  case schema = "SCHEMA"
  case scalar = "SCALAR"
  case object = "OBJECT"
  case fieldDefinition = "FIELD_DEFINITION"
  case argumentDefinition = "ARGUMENT_DEFINITION"
  case interface = "INTERFACE"
  case union = "UNION"
  case `enum` = "ENUM"
  case enumValue = "ENUM_VALUE"
  case inputObject = "INPUT_OBJECT"
  case inputFieldDefinition = "INPUT_FIELD_DEFINITION"
}
