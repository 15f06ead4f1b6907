/// A directive that is not repeatable stands once at a place (specification, 5.7.3).
enum UniqueDirectivesPerLocation {
  static func check(_ nodes: [DirectiveNode], _ context: ValidationContext) {
    if nodes.count < 2 { return }
    var seen: [String: DirectiveNode] = [:]
    for node in nodes {
      let name = node.name.value
      guard let definition = context.schema.directives[name], !definition.isRepeatable else { continue }
      if let first = seen[name] {
        context.report(
          "The directive \"@\(name)\" can only be used once at this location.", at: [first.offset, node.offset])
      } else {
        seen[name] = node
      }
    }
  }
}
