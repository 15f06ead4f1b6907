/// Arguments are defined by their field or directive (specification, 5.4.1).
enum KnownArgumentNames {
  static func check(_ argument: ArgumentNode, of field: FieldNode, _ context: ValidationContext) {
    guard context.info.argument == nil, let definition = context.info.field, let parent = context.info.parent else {
      return
    }
    let name = argument.name.value
    let hint = didYouMean(suggestions(for: name, among: definition.arguments.names))
    context.report(
      "Unknown argument \"\(name)\" on field \"\(parent.name).\(field.name.value)\".\(hint)", at: argument.offset)
  }

  static func check(_ directive: DirectiveNode, _ context: ValidationContext) {
    guard let definition = context.schema.directives[directive.name.value] else { return }
    for argument in directive.arguments where definition.arguments[argument.name.value] == nil {
      let name = argument.name.value
      let hint = didYouMean(suggestions(for: name, among: definition.arguments.names))
      context.report(
        "Unknown argument \"\(name)\" on directive \"@\(directive.name.value)\".\(hint)", at: argument.offset)
    }
  }
}
