/// A reference to a named type, inside any number of lists and non-nulls.
package indirect enum TypeRef: Hashable, Sendable, CustomStringConvertible {
  case named(String)
  case list(TypeRef)
  /// Never holds another `nonNull`: the grammar has no `!!`.
  case nonNull(TypeRef)

  /// The name inside all wrappers.
  package var name: String {
    switch self {
    case .named(let name): name
    case .list(let inner), .nonNull(let inner): inner.name
    }
  }

  package var isNonNull: Bool { if case .nonNull = self { true } else { false } }

  /// The type without its own non-null.
  package var nullable: TypeRef { if case .nonNull(let inner) = self { inner } else { self } }

  /// The type of the elements, of a list that may be non-null.
  package var element: TypeRef? { if case .list(let inner) = nullable { inner } else { nil } }

  /// As written in SDL: "[User!]!".
  package var description: String {
    switch self {
    case .named(let name): name
    case .list(let inner): "[\(inner)]"
    case .nonNull(let inner): "\(inner)!"
    }
  }
}
