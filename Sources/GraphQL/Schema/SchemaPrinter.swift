extension Schema {
  /// The schema as SDL, in the reference implementation's layout, types and directives in the order of their
  /// definition. What every schema has is left out. Building the text gives an equal schema.
  package var sdl: String {
    let own = directives.filter { !BuiltIns.directives.contains($0.name) }
    let ownTypes = types.filter { !$0.isIntrospection && !BuiltIns.scalars.contains($0.name) }
    let parts = (printedSchema.map { [$0] } ?? []) + own.map(printed) + ownTypes.map(printed)
    return parts.joined(separator: "\n\n") + "\n"
  }

  private var printedSchema: String? {
    let roots = OperationKind.allCases.compactMap { kind in rootType(kind).map { (kind, $0.name) } }
    let isUsual = roots.allSatisfy { kind, name in name.lowercased() == kind.rawValue && name != kind.rawValue }
    let hidesNoType = OperationKind.allCases.allSatisfy { kind in
      let usual = kind.rawValue.prefix(1).uppercased() + kind.rawValue.dropFirst()
      return rootType(kind) != nil || types[usual] == nil
    }
    if description == nil, isUsual, hidesNoType { return nil }
    let lines = roots.map { "  \($0.0.rawValue): \($0.1)" }.joined(separator: "\n")
    return printed(description) + "schema {\n\(lines)\n}"
  }
}

private func printed(_ type: NamedType) -> String {
  let head = printed(type.description)
  switch type {
  case .scalar(let scalar):
    return head + "scalar \(scalar.name)"
      + (scalar.specifiedBy.map { " @specifiedBy(url: \(printString($0)))" } ?? "")
  case .object(let object): return head + "type " + printed(object)
  case .interface(let interface): return head + "interface " + printed(interface)
  case .union(let union):
    return head + "union \(union.name)" + (union.members.isEmpty ? "" : " = \(union.members.joined(separator: " | "))")
  case .enumeration(let enumeration):
    return head + "enum \(enumeration.name)"
      + block(
        enumeration.values.map { value in
          (value.description, value.name + printedDeprecation(value.deprecationReason))
        })
  case .input(let input):
    return head + "input \(input.name)" + (input.isOneOf ? " @oneOf" : "")
      + block(input.fields.map { ($0.description, printed($0)) })
  }
}

private func printed(_ type: FieldedType) -> String {
  let interfaces = type.interfaces.isEmpty ? "" : " implements \(type.interfaces.joined(separator: " & "))"
  return type.name + interfaces
    + block(
      type.fields.map { field in
        let line = "\(field.name)\(printed(field.arguments, "  ")): \(field.type)"
        return (field.description, line + printedDeprecation(field.deprecationReason))
      })
}

private func printed(_ directive: DirectiveDefinition) -> String {
  printed(directive.description) + "directive @\(directive.name)\(printed(directive.arguments))"
    + (directive.isRepeatable ? " repeatable" : "") + " on "
    + directive.locations.map(\.rawValue).joined(separator: " | ")
}

private func printed(_ arguments: NamedList<InputValueDefinition>, _ indentation: String = "") -> String {
  if arguments.isEmpty { return "" }
  if arguments.allSatisfy({ $0.description == nil }) {
    return "(\(arguments.map { printed($0) }.joined(separator: ", ")))"
  }
  let items = arguments.enumerated().map { index, argument in
    printed(argument.description, "  " + indentation, isFirst: index == 0) + "  \(indentation)" + printed(argument)
  }
  return "(\n\(items.joined(separator: "\n"))\n\(indentation))"
}

private func printed(_ input: InputValueDefinition) -> String {
  "\(input.name): \(input.type)" + (input.defaultLiteral.map { " = \(print($0))" } ?? "")
    + printedDeprecation(input.deprecationReason)
}

private func printedDeprecation(_ reason: String?) -> String {
  guard let reason else { return "" }
  return reason == "No longer supported" ? " @deprecated" : " @deprecated(reason: \(printString(reason)))"
}

private func block(_ items: [(description: String?, line: String)]) -> String {
  if items.isEmpty { return "" }
  let lines = items.enumerated().map { index, item in
    printed(item.description, "  ", isFirst: index == 0) + "  " + item.line
  }
  return " {\n\(lines.joined(separator: "\n"))\n}"
}

private func printed(_ description: String?, _ indentation: String = "", isFirst: Bool = true) -> String {
  guard let description else { return "" }
  let text = isPrintableAsBlock(description) ? printBlockString(description) : printString(description)
  let lead = !indentation.isEmpty && !isFirst ? "\n" + indentation : indentation
  return lead
    + text.split(separator: "\n" as Character, omittingEmptySubsequences: false)
    .joined(separator: "\n" + indentation) + "\n"
}

/// Whether a block string of the text means the text again.
private func isPrintableAsBlock(_ value: String) -> Bool {
  if value.isEmpty { return true }
  var isEmptyLine = true
  var hasIndent = false
  var hasCommonIndent = true
  var seenLine = false
  for scalar in value.unicodeScalars {
    switch scalar {
    case "\n":
      if isEmptyLine, !seenLine { return false }
      seenLine = true
      isEmptyLine = true
      hasIndent = false
    case " ", "\t": hasIndent = hasIndent || isEmptyLine
    case "\u{0}"..."\u{f}": return false
    default:
      hasCommonIndent = hasCommonIndent && hasIndent
      isEmptyLine = false
    }
  }
  return !isEmptyLine && !(hasCommonIndent && seenLine)
}
