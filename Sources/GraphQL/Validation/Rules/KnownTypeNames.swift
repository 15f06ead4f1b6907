/// Types that variables and fragments name are in the schema (specification, 5.5.1.2).
struct KnownTypeNames {
  /// Types that the document itself defines, which another rule refuses.
  private let defined: [String]

  init(_ context: ValidationContext) {
    defined = context.document.definitions.compactMap { definition in
      if case .type(let node) = definition, !node.isExtension { node.name.value } else { nil }
    }
  }

  func check(_ name: NameNode, _ context: ValidationContext) {
    guard context.schema.types[name.value] == nil, !defined.contains(name.value) else { return }
    let near = suggestions(for: name.value, among: context.schema.types.names + defined)
    context.report("Unknown type \"\(name.value)\".\(didYouMean(near))", at: name.offset)
  }
}
