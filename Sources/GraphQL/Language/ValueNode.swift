/// A literal value or a variable, as written.
package struct ValueNode: Sendable {
  package enum Kind: Sendable {
    /// The name without the dollar sign.
    case variable(String)
    /// The digits as written.
    case int(String)
    case float(String)
    case string(String, block: Bool)
    case boolean(Bool)
    case null
    case enumeration(String)
    case list([ValueNode])
    case object([ObjectFieldNode])
  }

  package let offset: Int
  package let kind: Kind

  package var isNull: Bool { if case .null = kind { true } else { false } }
  package var isVariable: Bool { if case .variable = kind { true } else { false } }
  /// The value of a string literal.
  package var string: String? { if case .string(let value, _) = kind { value } else { nil } }
}

package struct ObjectFieldNode: Sendable {
  package let name: NameNode
  package let value: ValueNode

  package var offset: Int { name.offset }
}

/// A string literal, such as a description.
package struct StringNode: Sendable {
  package let offset: Int
  package let value: String
  package let isBlock: Bool
}

/// A reference to a type, as written.
package indirect enum TypeNode: Sendable {
  case named(NameNode)
  case list(TypeNode, offset: Int)
  case nonNull(TypeNode)

  package var offset: Int {
    switch self {
    case .named(let name): name.offset
    case .list(_, let offset): offset
    case .nonNull(let inner): inner.offset
    }
  }

  /// The name inside all lists and non-nulls.
  package var name: NameNode {
    switch self {
    case .named(let name): name
    case .list(let inner, _), .nonNull(let inner): inner.name
    }
  }

  /// The same reference without its places.
  package var reference: TypeRef {
    switch self {
    case .named(let name): .named(name.value)
    case .list(let inner, _): .list(inner.reference)
    case .nonNull(let inner): .nonNull(inner.reference)
    }
  }
}
