/// Arguments that must be given are given (specification, 5.4.3).
enum ProvidedRequiredArguments {
  static func check(_ field: FieldNode, _ context: ValidationContext) {
    guard let definition = context.info.field else { return }
    for argument in definition.arguments where argument.isRequired && !field.arguments.has(argument.name) {
      context.report(
        "Field \"\(field.name.value)\" argument \"\(argument.name)\" of type \"\(argument.type)\" is required, "
          + "but it was not provided.", at: field.offset)
    }
  }

  static func check(_ directive: DirectiveNode, _ context: ValidationContext) {
    guard let definition = context.schema.directives[directive.name.value] else { return }
    for argument in definition.arguments where argument.isRequired && !directive.arguments.has(argument.name) {
      context.report(
        "Directive \"@\(directive.name.value)\" argument \"\(argument.name)\" of type \"\(argument.type)\" is required, "
          + "but it was not provided.", at: directive.offset)
    }
  }
}

extension [ArgumentNode] {
  fileprivate func has(_ name: String) -> Bool { contains { $0.name.value == name } }
}
