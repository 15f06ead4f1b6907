import JSON

/// The wording of values that do not fit.
enum InputMessages {
  private static let maxItems = 10
  private static let maxDepth = 2

  /// A value as messages show it: strings quoted, deep and long parts left out.
  static func inspect(_ value: JSON, depth: Int = 0) -> String {
    switch value {
    case .array(let items):
      if items.isEmpty { return "[]" }
      if depth >= maxDepth { return "[Array]" }
      var shown = items.prefix(maxItems).map { inspect($0, depth: depth + 1) }
      let more = items.count - maxItems
      if more == 1 { shown.append("... 1 more item") }
      if more > 1 { shown.append("... \(more) more items") }
      return "[\(shown.joined(separator: ", "))]"
    case .object(let object):
      if object.isEmpty { return "{}" }
      if depth >= maxDepth { return "[Object]" }
      return "{ \(object.members.map { "\($0.key): \(inspect($0.value, depth: depth + 1))" }.joined(separator: ", ")) }"
    default: return value.text
    }
  }

  /// ".users[3].name"
  static func path(_ path: [PathElement]) -> String {
    path.map { element in
      switch element {
      case .key(let key): ".\(key)"
      case .index(let index): "[\(index)]"
      }
    }.joined()
  }
}
