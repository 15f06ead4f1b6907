internal import JSON

/// Makes matchers of values: a mapping is operators, everything else must be equal.
struct MatcherReader {
  let report: FileReport

  /// Reports what is wrong with a matcher.
  func check(_ node: YAMLNode) { _ = matcher(node) }

  /// - Returns: `nil` for a malformed matcher, which is reported.
  func matcher(_ node: YAMLNode) -> Matcher? {
    guard let entries = node.entries else { return template(node).map(Matcher.equals) }
    guard !entries.isEmpty else {
      report.error(
        .wrongType, node, "A matcher needs an operator: one of \(StepFormat.matchers.joined(separator: ", ")).")
      return nil
    }
    let matchers = entries.compactMap(operation)
    guard matchers.count == entries.count else { return nil }
    return matchers.count == 1 ? matchers.first : .all(matchers)
  }

  private func operation(_ entry: YAMLEntry) -> Matcher? {
    switch entry.key {
    case "equals": return template(entry.value).map(Matcher.equals)
    case "not": return matcher(entry.value).map(Matcher.not)
    case "contains": return template(entry.value).map(Matcher.contains)
    case "matches": return pattern(entry.value)
    case "greaterThan": return quantity(entry).map(Matcher.greaterThan)
    case "atLeast": return quantity(entry).map(Matcher.atLeast)
    case "lessThan": return quantity(entry).map(Matcher.lessThan)
    case "atMost": return quantity(entry).map(Matcher.atMost)
    case "length": return matcher(entry.value).map(Matcher.length)
    case "exists":
      guard let value = entry.value.scalar?.json.bool else {
        report.error(.wrongType, entry.value, "'exists' must be true or false, but is \(entry.value.kindName).")
        return nil
      }
      return .exists(value)
    case "oneOf":
      guard let elements = entry.value.elements, !elements.isEmpty else {
        report.error(.wrongType, entry.value, "'oneOf' must be a list of values, but is \(entry.value.kindName).")
        return nil
      }
      let templates = elements.compactMap(template)
      return templates.count == elements.count ? .oneOf(templates) : nil
    default:
      let synonym = StepFormat.matcherSynonyms[entry.key] ?? StepFormat.matcherSynonyms[entry.key.lowercased()]
      let meant = synonym.map { " Did you mean '\($0)'?" } ?? ForeignWords.hint(entry.key, in: .matcher)
      let hint =
        meant ?? Suggestion.hint(for: entry.key, among: StepFormat.matchers)
        + " To compare with a mapping, write it under 'equals'."
      report.error(.unknownMatcher, entry.keyNode, "'\(entry.key)' is no operator of a matcher.\(hint)")
      return nil
    }
  }

  private func template(_ node: YAMLNode) -> Template? { TemplateReader(report: report).template(node) }

  /// A number, or a text for what compares as one (times in RFC 3339).
  private func quantity(_ entry: YAMLEntry) -> Template? {
    guard let scalar = entry.value.scalar, !scalar.json.isNull, scalar.json.bool == nil else {
      report.error(
        .wrongType, entry.value, "'\(entry.key)' must be a number or a text, but is \(entry.value.kindName).")
      return nil
    }
    return template(entry.value)
  }

  private func pattern(_ node: YAMLNode) -> Matcher? {
    guard let text = node.scalar?.text, !text.isEmpty else {
      report.error(.wrongType, node, "'matches' must be a regular expression, but is \(node.kindName).")
      return nil
    }
    guard text.utf8.count <= Self.patternLimit, (try? Regex(text)) != nil else {
      report.error(.badPattern, node, "\(node.kindName.capitalizedFirst) is no regular expression.")
      return nil
    }
    return .matches(text)
  }

  private static let patternLimit = 1_000
}
