/// A selected field is defined by the type it is selected on (specification, 5.3.1).
enum FieldsOnCorrectType {
  static func check(_ node: FieldNode, _ context: ValidationContext) {
    guard let parent = context.info.parent, context.info.field == nil else { return }
    let name = node.name.value
    var hint = didYouMean(types(with: name, under: parent, context.schema), "to use an inline fragment on")
    if hint.isEmpty { hint = didYouMean(suggestions(for: name, among: parent.fields.names)) }
    context.report("Cannot query field \"\(name)\" on type \"\(parent.name)\".\(hint)", at: node.offset)
  }

  /// The possible types of an abstract type that have the field, and their interfaces that have it: those first that
  /// cover most of them, then supertypes, then by name.
  private static func types(with field: String, under parent: NamedType, _ schema: Schema) -> [String] {
    guard parent.isAbstract else { return [] }
    var found: [String] = []
    var uses: [String: Int] = [:]
    for name in schema.possibleTypes(of: parent) {
      guard case .object(let object)? = schema.types[name], object.fields[field] != nil else { continue }
      if uses.updateValue(1, forKey: name) == nil { found.append(name) }
      for interface in object.interfaces where schema.types[interface]?.fields[field] != nil {
        if uses[interface] == nil { found.append(interface) }
        uses[interface, default: 0] += 1
      }
    }
    return found.sorted { left, right in
      let (leftUses, rightUses) = (uses[left] ?? 0, uses[right] ?? 0)
      if leftUses != rightUses { return leftUses > rightUses }
      if schema.isSubtype(right, of: left) { return true }
      if schema.isSubtype(left, of: right) { return false }
      return naturallyPrecedes(left, right)
    }
  }
}
