/// Directives are defined and stand where they may (specification, 5.7.1 and 5.7.2).
struct KnownDirectives {
  func check(_ node: DirectiveNode, at location: DirectiveLocation, _ context: ValidationContext) {
    let name = node.name.value
    guard let definition = context.schema.directives[name] else {
      context.report("Unknown directive \"@\(name)\".", at: node.offset)
      return
    }
    if !definition.locations.contains(location) {
      context.report("Directive \"@\(name)\" may not be used on \(location.rawValue).", at: node.offset)
    }
  }
}
