internal import GraphQL
internal import JSON

/// Holds paths and matchers against the data that an operation returns.
struct MatchChecker {
  let report: FileReport

  func check(_ match: FieldMatch, in response: ResponsePaths, of name: String) {
    guard case .found(let type, let isList)? = resolve(match.path, in: response, of: name) else { return }
    check(match.matcher, type, isList, match)
  }

  /// - Returns: `nil` when the path names nothing, which is reported.
  @discardableResult
  func resolve(_ path: FieldPath, in response: ResponsePaths, of name: String) -> PathTarget? {
    let target = response.target(of: path.segments)
    switch target {
    case .found, .opaque: return target
    case .missing(let index, let typeName, let isField, let candidates):
      let segment = path.segments[index]
      let hint = Suggestion.hint(for: segment, among: candidates)
      let message: String
      if isField {
        message = "'\(segment)' is a field of \(typeName), but '\(name)' does not select it.\(hint)"
      } else if let owner = path.segments.prefix(index).last(where: { Int($0) == nil }) {
        message = "There is no '\(segment)' in '\(owner)' (\(typeName)).\(hint)"
      } else {
        message = "There is no '\(segment)' in the data of '\(name)'.\(hint)"
      }
      report.error(.unknownField, at: path.mark(ofSegment: index), width: segment.unicodeScalars.count, message)
    case .leaf(let index, let typeName):
      report.error(
        .unknownField, at: path.mark(ofSegment: index), width: path.segments[index].unicodeScalars.count,
        "'\(path.segments[index - 1])' is \(typeName.withArticle) and has nothing within.")
    }
    return nil
  }

  private func check(_ matcher: Matcher, _ type: NamedType, _ isList: Bool, _ match: FieldMatch) {
    switch matcher {
    case .equals(let template): constant(template, type, isList, match)
    case .not(let inner): check(inner, type, isList, match)
    case .all(let matchers): for inner in matchers { check(inner, type, isList, match) }
    case .oneOf(let templates): for template in templates { constant(template, type, isList, match) }
    case .contains(let template):
      if isList { return constant(template, type, false, match) }
      if !isText(type) {
        wrong(match, "'contains' needs a list or a text, but '\(match.path)' is \(describe(type, isList)).")
      }
    case .matches:
      if isList || !isText(type) {
        wrong(match, "'matches' needs a text, but '\(match.path)' is \(describe(type, isList)).")
      }
    case .length:
      if !isList && !isText(type) {
        wrong(match, "'length' needs a list or a text, but '\(match.path)' is \(describe(type, isList)).")
      }
    case .greaterThan(let template), .atLeast(let template), .lessThan(let template), .atMost(let template):
      if isList || type.isComposite {
        wrong(match, "Only numbers and texts can be compared, but '\(match.path)' is \(describe(type, isList)).")
      } else {
        constant(template, type, false, match)
      }
    case .exists: return
    }
  }

  private func constant(_ template: Template, _ type: NamedType, _ isList: Bool, _ match: FieldMatch) {
    guard let value = template.constant, !value.isNull else { return }
    if isList {
      guard value.array == nil else { return }
      wrong(
        match,
        "'\(match.path)' is a list, but \(describe(value)) is not. Did you mean { contains: … } or { length: … }?")
      return
    }
    guard type.isLeaf else {
      if value.object == nil { wrong(match, "'\(match.path)' is \(describe(type, false)), not \(describe(value)).") }
      return
    }
    if case .enumeration(let enumeration) = type {
      let names = enumeration.values.names
      if let text = value.string, names.contains(text) { return }
      let hint = value.string.map { Suggestion.hint(for: $0, among: names) } ?? ""
      wrong(match, "\(describe(value).capitalizedFirst) is no \(type.name).\(hint)")
      return
    }
    let fits =
      switch type.name {
      case "Int", "Float": value.number != nil
      case "String", "ID": value.string != nil
      case "Boolean": value.bool != nil
      default: true
      }
    guard !fits else { return }
    let hint = isText(type) && value.number != nil ? " Put it in quotes to make it a text." : ""
    wrong(match, "'\(match.path)' is \(type.name.withArticle), which is never \(describe(value)).\(hint)")
  }

  /// Texts, and scalars of the product's own, which mostly are.
  private func isText(_ type: NamedType) -> Bool { type.isLeaf && !["Int", "Float", "Boolean"].contains(type.name) }

  private func describe(_ type: NamedType, _ isList: Bool) -> String {
    isList ? "a list of \(type.name)" : type.name.withArticle
  }

  private func describe(_ value: JSON) -> String {
    switch value {
    case .string(let text): "'\(text)'"
    case .int, .double: "the number \(value.text)"
    case .bool(let flag): "\(flag)"
    default: value.kindName
    }
  }

  private func wrong(_ match: FieldMatch, _ message: String) {
    report.error(.wrongMatch, at: match.valueMark, message)
  }
}

extension String {
  /// "an Int", "a User".
  var withArticle: String {
    guard let first = first else { return self }
    return "aeiouAEIOU".contains(first) && !lowercased().hasPrefix("us") ? "an \(self)" : "a \(self)"
  }
}
