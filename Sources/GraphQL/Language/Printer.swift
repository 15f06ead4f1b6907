/// A document as text, in the reference implementation's layout; parsing it gives the same document again.
package func print(_ document: Document) -> String {
  document.definitions.map(print).joined(separator: "\n\n") + "\n"
}

func print(_ definition: DefinitionNode) -> String {
  switch definition {
  case .operation(let node): print(node)
  case .fragment(let node):
    described(
      node.description, ["fragment", node.name.value, "on", node.typeCondition.value] + printed(node.directives))
      + " " + print(node.selectionSet)
  case .schema(let node):
    described(
      node.description,
      [node.isExtension ? "extend schema" : "schema"] + printed(node.directives)
        + block(node.operations.map { "\($0.kind.rawValue): \($0.type.value)" }))
  case .type(let node): print(node)
  case .directive(let node):
    described(
      node.description,
      [
        "directive @\(node.name.value)\(print(node.arguments))", node.isRepeatable ? "repeatable on" : "on",
        node.locations.map(\.rawValue).joined(separator: " | "),
      ])
  }
}

/// A selection set with its braces.
func print(_ set: SelectionSetNode) -> String { block(set.selections.map(print)).joined() }

/// A value as written in a document.
func print(_ value: ValueNode) -> String {
  switch value.kind {
  case .variable(let name): "$\(name)"
  case .int(let digits), .float(let digits): digits
  case .string(let text, let isBlock): isBlock ? printBlockString(text) : printString(text)
  case .boolean(let value): value ? "true" : "false"
  case .null: "null"
  case .enumeration(let name): name
  case .list(let items): "[\(items.map(print).joined(separator: ", "))]"
  case .object(let fields):
    "{\(fields.map { "\($0.name.value): \(print($0.value))" }.joined(separator: ", "))}"
  }
}

private let maxLineLength = 80

private func print(_ node: OperationDefinitionNode) -> String {
  let variables = node.variables.map { variable in
    let description = variable.description.map { print($0) + "\n" } ?? ""
    return description
      + (["$\(variable.name.value): \(variable.type.reference)"]
      + (variable.defaultValue.map { ["=", print($0)] } ?? []) + printed(variable.directives)).joined(separator: " ")
  }
  let isMultiline = variables.contains { $0.contains("\n") }
  let list =
    variables.isEmpty
    ? ""
    : isMultiline ? "(\n\(indented(variables.joined(separator: "\n")))\n)" : "(\(variables.joined(separator: ", ")))"
  let isShort = node.kind == .query && node.name == nil && list.isEmpty && node.directives.isEmpty
  if isShort, node.description == nil { return print(node.selectionSet) }
  let name = (node.name?.value ?? "") + list
  return described(
    node.description,
    [node.kind.rawValue] + (name.isEmpty ? [] : [name]) + printed(node.directives) + [print(node.selectionSet)])
}

private func print(_ selection: SelectionNode) -> String {
  switch selection {
  case .field(let field):
    let prefix = (field.alias.map { "\($0.value): " } ?? "") + field.name.value
    let arguments = field.arguments.map(print)
    var line = arguments.isEmpty ? prefix : "\(prefix)(\(arguments.joined(separator: ", ")))"
    if line.unicodeScalars.count > maxLineLength {
      line = "\(prefix)(\n\(indented(arguments.joined(separator: "\n")))\n)"
    }
    let set = field.selectionSet.map { [print($0)] } ?? []
    return ([line] + printed(field.directives) + set).joined(separator: " ")
  case .spread(let spread): return (["...\(spread.name.value)"] + printed(spread.directives)).joined(separator: " ")
  case .inline(let inline):
    let condition = inline.typeCondition.map { ["on \($0.value)"] } ?? []
    return (["..."] + condition + printed(inline.directives) + [print(inline.selectionSet)]).joined(separator: " ")
  }
}

private func print(_ argument: ArgumentNode) -> String { "\(argument.name.value): \(print(argument.value))" }

private func printed(_ directives: [DirectiveNode]) -> [String] {
  directives.map { directive in
    let arguments = directive.arguments.map(print).joined(separator: ", ")
    return "@\(directive.name.value)\(arguments.isEmpty ? "" : "(\(arguments))")"
  }
}

private func print(_ node: TypeDefinitionNode) -> String {
  var parts = node.isExtension ? ["extend"] : []
  parts += [node.keyword.rawValue, node.name.value]
  if !node.interfaces.isEmpty {
    parts.append("implements \(node.interfaces.map(\.value).joined(separator: " & "))")
  }
  parts += printed(node.directives)
  parts += block(node.fields.map(print))
  if !node.members.isEmpty { parts.append("= \(node.members.map(\.value).joined(separator: " | "))") }
  parts += block(node.values.map { described($0.description, [$0.name.value] + printed($0.directives)) })
  parts += block(node.inputFields.map(print))
  return described(node.description, parts)
}

private func print(_ field: FieldDefinitionNode) -> String {
  let head = "\(field.name.value)\(print(field.arguments)): \(field.type.reference)"
  return described(field.description, [head] + printed(field.directives))
}

private func print(_ input: InputValueDefinitionNode) -> String {
  let value = input.defaultValue.map { ["=", print($0)] } ?? []
  return described(
    input.description, ["\(input.name.value): \(input.type.reference)"] + value + printed(input.directives))
}

private func print(_ arguments: [InputValueDefinitionNode]) -> String {
  let items = arguments.map(print)
  if items.isEmpty { return "" }
  if items.contains(where: { $0.contains("\n") }) { return "(\n\(indented(items.joined(separator: "\n")))\n)" }
  return "(\(items.joined(separator: ", ")))"
}

private func print(_ description: StringNode) -> String {
  description.isBlock ? printBlockString(description.value) : printString(description.value)
}

private func described(_ description: StringNode?, _ parts: [String]) -> String {
  (description.map { print($0) + "\n" } ?? "") + parts.joined(separator: " ")
}

private func block(_ items: [String]) -> [String] {
  items.isEmpty ? [] : ["{\n\(indented(items.joined(separator: "\n")))\n}"]
}

private func indented(_ text: String) -> String {
  "  "
    + text.split(separator: "\n" as Character, omittingEmptySubsequences: false).joined(separator: "\n  ")
}
