package import JSON

/// Makes templates of values.
struct TemplateReader {
  let report: FileReport

  /// - Returns: `nil` when a `${…}` in it is malformed, which is reported.
  func template(_ node: YAMLNode) -> Template? {
    switch node.kind {
    case .scalar(let scalar):
      guard case .string(let text) = scalar.json else { return .literal(scalar.json) }
      return self.text(text, node)
    case .sequence(let elements):
      let templates = elements.map(template)
      let complete = templates.compactMap(\.self)
      guard complete.count == templates.count else { return nil }
      let literals = complete.compactMap(\.constant)
      return literals.count == complete.count ? .literal(.array(literals)) : .array(complete)
    case .mapping(let entries):
      var members: [Template.Member] = []
      for entry in entries {
        guard let value = template(entry.value) else { continue }
        members.append(Template.Member(key: entry.key, value: value))
      }
      guard members.count == entries.count else { return nil }
      let literals = members.compactMap { member in member.value.constant.map { (key: member.key, value: $0) } }
      return literals.count == members.count ? .literal(.object(JSONObject(literals))) : .object(members)
    }
  }

  /// Of one text; each is found in the file by walking through the text.
  private static let referenceLimit = 200

  /// `${name}` stands for a value, `$${` for the text `${`.
  private func text(_ text: String, _ node: YAMLNode) -> Template? {
    guard text.contains("${") else { return .literal(.string(text)) }
    var parts: [Template] = []
    var literal = ""
    var rest = Substring(text)
    var (line, column) = (1, 1)
    var references = 0
    func advance(_ count: Int) {
      for character in rest.unicodeScalars.prefix(count) {
        (line, column) = character == "\n" ? (line + 1, 1) : (line, column + 1)
      }
      rest = Substring(rest.unicodeScalars.dropFirst(count))
    }
    while let first = rest.unicodeScalars.first {
      if rest.hasPrefix("$${") {
        literal += "${"
        advance(3)
      } else if rest.hasPrefix("${") {
        let mark = report.source.mark(line: line, column: column, in: node)
        references += 1
        guard references <= Self.referenceLimit else {
          report.error(.badTemplate, at: mark, width: 2, "A text has more than \(Self.referenceLimit) references.")
          return nil
        }
        guard let end = rest.firstIndex(of: "}") else {
          report.error(.badTemplate, at: mark, width: 2, "'${' has no '}'. Write '$${' for the characters themselves.")
          return nil
        }
        let name = String(rest[rest.index(rest.startIndex, offsetBy: 2)..<end])
        guard Self.isReference(name) else {
          let width = name.unicodeScalars.count + 3
          report.error(
            .badTemplate, at: mark, width: width,
            "'${\(name)}' names nothing: write a captured name as in ${thread}, or ${ada.id}.")
          return nil
        }
        if !literal.isEmpty { parts.append(.literal(.string(literal))) }
        literal = ""
        parts.append(.reference(name, mark))
        advance(name.unicodeScalars.count + 3)
      } else {
        literal.unicodeScalars.append(first)
        advance(1)
      }
    }
    if !literal.isEmpty { parts.append(.literal(.string(literal))) }
    if parts.count == 1, let only = parts.first { return only }
    return .text(parts)
  }

  private static func isReference(_ name: String) -> Bool {
    let parts = name.split(separator: ".", omittingEmptySubsequences: false)
    return parts.count <= 2 && parts.allSatisfy { Names.isName(String($0)) }
  }
}

extension Template {
  /// The value of a template without references.
  package var constant: JSON? { if case .literal(let value) = self { value } else { nil } }

  /// Every reference, in order.
  package var references: [(name: String, mark: Mark)] {
    switch self {
    case .literal: []
    case .reference(let name, let mark): [(name, mark)]
    case .text(let parts), .array(let parts): parts.flatMap(\.references)
    case .object(let members): members.flatMap(\.value.references)
    }
  }
}
