/// Fields of scalar and enum types have no selection, all others have one (specification, 5.3.3).
enum ScalarLeafs {
  static func check(_ node: FieldNode, _ context: ValidationContext) {
    guard let type = context.info.type, let named = context.schema.type(of: type) else { return }
    let name = node.name.value
    if named.isLeaf {
      guard let set = node.selectionSet else { return }
      context.report(
        "Field \"\(name)\" must not have a selection since type \"\(type)\" has no subfields.", at: set.offset)
    } else if node.selectionSet == nil {
      context.report(
        "Field \"\(name)\" of type \"\(type)\" must have a selection of subfields. "
          + "Did you mean \"\(name) { ... }\"?", at: node.offset)
    }
  }
}
