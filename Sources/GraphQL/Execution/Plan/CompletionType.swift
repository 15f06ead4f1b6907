internal import JSON

/// A field's output type, compiled: what the response writer needs at each position of a value.
final class CompletionType: Sendable {
  let nonNull: Bool
  /// The type of a list's elements; `nil` when this is not a list.
  let item: CompletionType?
  /// What the value is when it is not a list.
  let leaf: LeafType

  init(nonNull: Bool, item: CompletionType? = nil, leaf: LeafType) {
    self.nonNull = nonNull
    self.item = item
    self.leaf = leaf
  }
}

enum LeafType: Sendable {
  case int, float, string, boolean, id
  case enumeration(EnumLeaf)
  case custom(CustomLeaf)
  /// An object, interface or union: its frames know more.
  case composite
}

final class EnumLeaf: Sendable {
  let name: String
  let values: Set<String>

  init(name: String, values: Set<String>) {
    self.name = name
    self.values = values
  }
}

final class CustomLeaf: Sendable {
  let name: String
  let serialize: (@Sendable (JSON) throws -> JSON)?

  init(name: String, serialize: (@Sendable (JSON) throws -> JSON)?) {
    self.name = name
    self.serialize = serialize
  }
}
