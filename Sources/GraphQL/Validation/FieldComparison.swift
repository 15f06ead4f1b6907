/// Compares fields of one response key pair by pair, within selection sets and between them, fragments included, and
/// remembers which fragments have been compared.
struct FieldComparison {
  /// Two groups of fields that cannot both be at one key, and why.
  struct Conflict {
    let key: String
    let reason: String
    let first: [FieldNode]
    let second: [FieldNode]
  }

  private struct Entry {
    let parent: NamedType?
    let field: FieldNode
    let type: TypeRef?
  }

  /// The fields of a selection set, inline fragments included, and the names of the fragments it spreads.
  private final class Collected {
    var keys: [String] = []
    var entries: [String: [Entry]] = [:]
    var spreads: [String] = []
  }

  private struct Pair: Hashable {
    let first: String
    let second: String

    init(_ first: String, _ second: String) {
      (self.first, self.second) = first < second ? (first, second) : (second, first)
    }
  }

  private static let maxComparisons = 100_000

  private var collected: [ObjectIdentifier: Collected] = [:]
  private var compared: [Pair: Bool] = [:]
  private var comparisons = 0

  var isExhausted: Bool { comparisons > Self.maxComparisons }

  mutating func conflicts(
    within set: SelectionSetNode, _ parent: NamedType?, _ context: ValidationContext
  ) -> [Conflict] {
    var conflicts: [Conflict] = []
    let own = collect(set, parent, context)
    for key in own.keys {
      guard let entries = own.entries[key], entries.count > 1 else { continue }
      for (index, entry) in entries.enumerated() {
        for other in entries[(index + 1)...] {
          if let conflict = conflict(key, entry, other, false, context) { conflicts.append(conflict) }
          if isExhausted { return conflicts }
        }
      }
    }
    for (index, name) in own.spreads.enumerated() {
      compare(own, withFragment: name, false, &conflicts, context)
      for other in own.spreads[(index + 1)...] { compare(name, other, false, &conflicts, context) }
    }
    return conflicts
  }

  private mutating func compare(
    _ fields: Collected, withFragment name: String, _ exclusive: Bool, _ conflicts: inout [Conflict],
    _ context: ValidationContext
  ) {
    guard !isExhausted, let fragment = context.fragments[name] else { return }
    comparisons += 1
    let others = collect(fragment, context)
    if fields === others { return }
    compare(fields, others, exclusive, &conflicts, context)
    for spread in others.spreads where remember(spread, name, exclusive) {
      compare(fields, withFragment: spread, exclusive, &conflicts, context)
    }
  }

  private mutating func compare(
    _ name: String, _ otherName: String, _ exclusive: Bool, _ conflicts: inout [Conflict],
    _ context: ValidationContext
  ) {
    comparisons += 1
    guard !isExhausted, name != otherName, remember(name, otherName, exclusive),
      let fragment = context.fragments[name], let other = context.fragments[otherName]
    else { return }
    let fields = collect(fragment, context)
    let otherFields = collect(other, context)
    compare(fields, otherFields, exclusive, &conflicts, context)
    for spread in otherFields.spreads { compare(name, spread, exclusive, &conflicts, context) }
    for spread in fields.spreads { compare(spread, otherName, exclusive, &conflicts, context) }
  }

  private mutating func compare(
    _ fields: Collected, _ others: Collected, _ exclusive: Bool, _ conflicts: inout [Conflict],
    _ context: ValidationContext
  ) {
    for key in fields.keys {
      guard let entries = fields.entries[key], let otherEntries = others.entries[key] else { continue }
      for entry in entries {
        for other in otherEntries {
          if isExhausted { return }
          if let conflict = conflict(key, entry, other, exclusive, context) { conflicts.append(conflict) }
        }
      }
    }
  }

  private mutating func conflict(
    _ key: String, _ entry: Entry, _ other: Entry, _ parentsExclusive: Bool, _ context: ValidationContext
  ) -> Conflict? {
    comparisons += 1
    var exclusive = parentsExclusive
    if case .object(let parent)? = entry.parent, case .object(let otherParent)? = other.parent {
      exclusive = exclusive || parent.name != otherParent.name
    }
    func because(_ reason: String) -> Conflict {
      Conflict(key: key, reason: reason, first: [entry.field], second: [other.field])
    }
    if !exclusive {
      let name = entry.field.name.value
      let otherName = other.field.name.value
      if name != otherName { return because("\"\(name)\" and \"\(otherName)\" are different fields") }
      if Self.canonical(entry.field.arguments) != Self.canonical(other.field.arguments) {
        return because("they have differing arguments")
      }
    }
    if let type = entry.type, let otherType = other.type, Self.typesConflict(type, otherType, context.schema) {
      return because("they return conflicting types \"\(type)\" and \"\(otherType)\"")
    }
    guard let set = entry.field.selectionSet, let otherSet = other.field.selectionSet else { return nil }
    let fields = collect(set, entry.type.flatMap { context.schema.type(of: $0) }, context)
    let otherFields = collect(otherSet, other.type.flatMap { context.schema.type(of: $0) }, context)
    var conflicts: [Conflict] = []
    compare(fields, otherFields, exclusive, &conflicts, context)
    for spread in otherFields.spreads { compare(fields, withFragment: spread, exclusive, &conflicts, context) }
    for spread in fields.spreads { compare(otherFields, withFragment: spread, exclusive, &conflicts, context) }
    for spread in fields.spreads {
      for otherSpread in otherFields.spreads { compare(spread, otherSpread, exclusive, &conflicts, context) }
    }
    if conflicts.isEmpty { return nil }
    return Conflict(
      key: key,
      reason: conflicts.map { "subfields \"\($0.key)\" conflict because \($0.reason)" }.joined(separator: " and "),
      first: [entry.field] + conflicts.flatMap(\.first), second: [other.field] + conflicts.flatMap(\.second))
  }

  /// Whether the pair is new; what was compared without exclusion need not be compared with it.
  private mutating func remember(_ name: String, _ other: String, _ exclusive: Bool) -> Bool {
    let pair = Pair(name, other)
    if let known = compared[pair], exclusive || !known { return false }
    compared[pair] = exclusive
    return true
  }

  private mutating func collect(_ fragment: FragmentDefinitionNode, _ context: ValidationContext) -> Collected {
    collect(fragment.selectionSet, context.schema.types[fragment.typeCondition.value], context)
  }

  private mutating func collect(
    _ set: SelectionSetNode, _ parent: NamedType?, _ context: ValidationContext
  ) -> Collected {
    if let known = collected[ObjectIdentifier(set)] { return known }
    let result = Collected()
    var names: Set<String> = []
    Self.collect(set, parent, context.schema, result, &names)
    collected[ObjectIdentifier(set)] = result
    return result
  }

  private static func collect(
    _ set: SelectionSetNode, _ parent: NamedType?, _ schema: Schema, _ result: Collected, _ names: inout Set<String>
  ) {
    for selection in set.selections {
      switch selection {
      case .field(let field):
        let key = field.responseKey
        if result.entries[key] == nil { result.keys.append(key) }
        result.entries[key, default: []].append(
          Entry(parent: parent, field: field, type: parent?.fields[field.name.value]?.type))
      case .spread(let spread):
        if names.insert(spread.name.value).inserted { result.spreads.append(spread.name.value) }
      case .inline(let inline):
        let type = inline.typeCondition.map { schema.types[$0.value] } ?? parent
        collect(inline.selectionSet, type, schema, result, &names)
      }
    }
  }

  /// Arguments as text that is equal when they are, whatever their order.
  static func canonical(_ arguments: [ArgumentNode]) -> String {
    if arguments.isEmpty { return "" }
    return arguments.sorted { $0.name.value < $1.name.value }
      .map { "\($0.name.value):\(canonical($0.value))" }.joined(separator: ",")
  }

  private static func canonical(_ value: ValueNode) -> String {
    switch value.kind {
    case .list(let items): "[\(items.map(canonical).joined(separator: ","))]"
    case .object(let fields):
      "{"
        + fields.sorted { $0.name.value < $1.name.value }
        .map { "\($0.name.value):\(canonical($0.value))" }.joined(separator: ",") + "}"
    default: print(value)
    }
  }

  /// Whether no value can be of both types; objects are compared by their fields instead.
  static func typesConflict(_ type: TypeRef?, _ other: TypeRef?, _ schema: Schema) -> Bool {
    guard let type, let other else { return false }
    switch (type, other) {
    case (.list(let inner), .list(let otherInner)), (.nonNull(let inner), .nonNull(let otherInner)):
      return typesConflict(inner, otherInner, schema)
    case (.named(let name), .named(let otherName)):
      let isLeaf = schema.types[name]?.isLeaf == true || schema.types[otherName]?.isLeaf == true
      return isLeaf && name != otherName
    default: return true
    }
  }
}
