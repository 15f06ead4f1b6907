internal import GraphQL
internal import JSON

/// Holds the variables that a step gives against those that its operation declares.
struct VariableChecker {
  let schema: Schema
  let report: FileReport

  /// - Parameters:
  ///   - given: the step's `with`; `nil` when it has none.
  ///   - bound: variables that the step gives by other means.
  ///   - step: where a missing variable is reported.
  func check(_ given: YAMLNode?, of info: OperationInfo, bound: [String] = [], step: YAMLNode) {
    let entries = given?.entries ?? []
    for entry in entries {
      guard let variable = info.variables.first(where: { $0.name == entry.key }) else {
        let names = info.variables.map(\.name)
        let hint = Suggestion.hint(for: entry.key, among: names)
        report.error(
          .unknownVariable, entry.keyNode, "'\(info.operation.name)' has no variable '$\(entry.key)'.\(hint)")
        continue
      }
      check(entry.value, variable.type, entry.key)
    }
    if let given, given.entries == nil { return }
    let missing = info.variables.filter { variable in
      variable.isRequired && !bound.contains(variable.name) && !entries.contains { $0.key == variable.name }
    }
    guard !missing.isEmpty else { return }
    let list = missing.map { "\($0.name) (\($0.type))" }.joined(separator: ", ")
    report.error(.missingVariable, given ?? step, "'\(info.operation.name)' needs under 'with': \(list).")
  }

  /// Constants must fit; what a template gives is known only when it runs.
  private func check(_ node: YAMLNode, _ type: TypeRef, _ path: String) {
    if let scalar = node.scalar {
      if case .string(let text) = scalar.json, text.contains("${"), !text.contains("$${") {
        checkTemplate(node, text, type, path)
        return
      }
      if scalar.json.isNull {
        if type.isNonNull { wrong(node, type, path) }
        return
      }
    }
    switch type.nullable {
    case .nonNull: return
    case .list(let element):
      // A single value stands for a list of one (specification, 3.11, Input Coercion).
      guard let elements = node.elements else { return check(node, element, path) }
      for (index, value) in elements.enumerated() { check(value, element, "\(path).\(index)") }
    case .named(let name):
      switch schema.type(name) {
      case .scalar?: scalar(node, name, type, path)
      case .enumeration(let enumeration)?:
        guard let text = node.scalar?.text else { return wrong(node, type, path) }
        let names = enumeration.values.names
        guard !names.contains(text) else { return }
        report.error(
          .wrongVariable, node,
          "\(node.kindName.capitalizedFirst) is no \(name).\(Suggestion.hint(for: text, among: names))")
      case .input(let input)?: object(node, input, type, path)
      default: return
      }
    }
  }

  /// Text around a reference is a text, whatever the reference gives.
  private func checkTemplate(_ node: YAMLNode, _ text: String, _ type: TypeRef, _ path: String) {
    let isWhole = text.hasPrefix("${") && text.firstIndex(of: "}") == text.indices.last
    guard !isWhole, ["Int", "Float", "Boolean"].contains(type.name) else { return }
    wrong(node, type, path)
  }

  private func object(_ node: YAMLNode, _ input: InputObjectType, _ type: TypeRef, _ path: String) {
    guard let entries = node.entries else { return wrong(node, type, path) }
    for entry in entries {
      guard let field = input.fields[entry.key] else {
        let hint = Suggestion.hint(for: entry.key, among: input.fields.names)
        report.error(.wrongVariable, entry.keyNode, "'\(entry.key)' is no field of \(input.name).\(hint)")
        continue
      }
      check(entry.value, field.type, "\(path).\(entry.key)")
    }
    for field in input.fields where field.isRequired && !entries.contains(where: { $0.key == field.name }) {
      report.error(.wrongVariable, node, "\(input.name) needs the field '\(field.name)' (\(field.type)).")
    }
    if input.isOneOf, entries.count != 1 {
      let names = input.fields.names.joined(separator: ", ")
      report.error(.wrongVariable, node, "\(input.name) takes exactly one of \(names).")
    }
  }

  private func scalar(_ node: YAMLNode, _ name: String, _ type: TypeRef, _ path: String) {
    let json = node.scalar?.json
    let fits: Bool =
      switch (name, json) {
      case ("Int", .int(let value)?): Int32(exactly: value) != nil
      case ("Float", .int?), ("Float", .double?): true
      case ("String", .string?): true
      case ("Boolean", .bool?): true
      case ("ID", .string?), ("ID", .int?): true
      case ("Int", _), ("Float", _), ("String", _), ("Boolean", _), ("ID", _): false
      default: true
      }
    if !fits { wrong(node, type, path) }
  }

  private func wrong(_ node: YAMLNode, _ type: TypeRef, _ path: String) {
    let quotes = type.nullable == .named("String") && node.scalar.map { !$0.json.isNull } == true
    let hint = quotes ? " Put it in quotes to make it a text." : ""
    report.error(.wrongVariable, node, "'$\(path)' must be \(type), but is \(node.kindName).\(hint)")
  }
}
