package import JSON

/// Whether a value was what it had to be, and if not, why.
package enum MatchResult: Hashable, Sendable {
  case matched
  /// "at least 3" and "2".
  case failed(expected: String, found: String)

  package var isMatch: Bool { self == .matched }

  /// "expected at least 3, found 2"; `nil` for a match.
  package var explanation: String? {
    guard case .failed(let expected, let found) = self else { return nil }
    return "expected \(expected), found \(found)"
  }
}

extension Matcher {
  /// Judges a value.
  /// - Parameters:
  ///   - value: `nil` where the path leads nowhere.
  ///   - lookUp: the values of `${names}`; a name without one fails the match and says so.
  package func evaluate(_ value: JSON?, _ lookUp: (String) -> JSON?) -> MatchResult {
    do throws(UnknownReference) {
      return try judge(value, lookUp)
    } catch {
      return .failed(expected: "a value of '${\(error.name)}'", found: "none: nothing was captured under that name")
    }
  }

  private func judge(_ value: JSON?, _ lookUp: (String) -> JSON?) throws(UnknownReference) -> MatchResult {
    func fail(_ expected: String) -> MatchResult { .failed(expected: expected, found: Excerpt.of(value)) }
    switch self {
    case .equals(let template):
      let wanted = try template.resolved(lookUp)
      return Self.equal(value ?? .null, wanted) && (value != nil || wanted.isNull) ? .matched : fail(Excerpt.of(wanted))
    case .not(let inner):
      let result = try inner.judge(value, lookUp)
      return result.isMatch ? fail("anything but \(try inner.describe(lookUp))") : .matched
    case .contains(let template):
      let wanted = try template.resolved(lookUp)
      let isIn =
        switch value {
        case .array(let elements)?: elements.contains { Self.equal($0, wanted) }
        case .string(let text)?: wanted.string.map { $0.isEmpty || text.contains($0) } ?? false
        default: false
        }
      return isIn ? .matched : fail(try describe(lookUp))
    case .matches(let pattern):
      // Compiled here: a compiled pattern cannot be shared between tasks, and this is far from any hot path.
      guard let text = value?.string, let regex = try? Regex(pattern), (try? regex.firstMatch(in: text)) != nil else {
        return fail(try describe(lookUp))
      }
      return .matched
    case .greaterThan(let template):
      return try compare(value, template, lookUp) { $0 > 0 } ? .matched : fail(try describe(lookUp))
    case .atLeast(let template):
      return try compare(value, template, lookUp) { $0 >= 0 } ? .matched : fail(try describe(lookUp))
    case .lessThan(let template):
      return try compare(value, template, lookUp) { $0 < 0 } ? .matched : fail(try describe(lookUp))
    case .atMost(let template):
      return try compare(value, template, lookUp) { $0 <= 0 } ? .matched : fail(try describe(lookUp))
    case .length(let inner):
      let length: Int? =
        switch value {
        case .array(let elements)?: elements.count
        case .string(let text)?: text.count
        default: nil
        }
      guard let length else { return fail(try describe(lookUp)) }
      guard case .failed = try inner.judge(.int(Int64(length)), lookUp) else { return .matched }
      return .failed(expected: try describe(lookUp), found: "length \(length): \(Excerpt.of(value))")
    case .exists(let wanted):
      let exists = value.map { !$0.isNull } ?? false
      return exists == wanted ? .matched : fail(wanted ? "a value" : "nothing")
    case .oneOf(let templates):
      for template in templates where Self.equal(value ?? .null, try template.resolved(lookUp)) { return .matched }
      return fail(try describe(lookUp))
    case .all(let matchers):
      for matcher in matchers {
        let result = try matcher.judge(value, lookUp)
        if !result.isMatch { return result }
      }
      return .matched
    }
  }

  /// What it asks for: "at least 3", "'Hi'".
  private func describe(_ lookUp: (String) -> JSON?) throws(UnknownReference) -> String {
    func text(_ template: Template) throws(UnknownReference) -> String { Excerpt.of(try template.resolved(lookUp)) }
    switch self {
    case .equals(let template): return try text(template)
    case .not(let inner): return "anything but \(try inner.describe(lookUp))"
    case .contains(let template): return "something that contains \(try text(template))"
    case .matches(let pattern): return "a text that matches /\(pattern)/"
    case .greaterThan(let template): return "more than \(try text(template))"
    case .atLeast(let template): return "at least \(try text(template))"
    case .lessThan(let template): return "less than \(try text(template))"
    case .atMost(let template): return "at most \(try text(template))"
    case .length(let inner): return "a length of \(try inner.describe(lookUp))"
    case .exists(let wanted): return wanted ? "a value" : "nothing"
    case .oneOf(let templates):
      var texts: [String] = []
      for template in templates { texts.append(try text(template)) }
      return "one of \(texts.joined(separator: ", "))"
    case .all(let matchers):
      var texts: [String] = []
      for matcher in matchers { texts.append(try matcher.describe(lookUp)) }
      return texts.joined(separator: " and ")
    }
  }

  /// Numbers by value and texts by order; nothing else compares.
  private func compare(
    _ value: JSON?, _ template: Template, _ lookUp: (String) -> JSON?, _ holds: (Int) -> Bool
  ) throws(UnknownReference) -> Bool {
    let wanted = try template.resolved(lookUp)
    if let left = value?.number, let right = wanted.number { return holds(left < right ? -1 : left > right ? 1 : 0) }
    if let left = value?.string, let right = wanted.string { return holds(left < right ? -1 : left > right ? 1 : 0) }
    return false
  }

  /// Equal as JSON, but 1 equals 1.0.
  private static func equal(_ left: JSON, _ right: JSON) -> Bool {
    switch (left, right) {
    case (.int, .double), (.double, .int): left.number == right.number
    case (.array(let a), .array(let b)): a.count == b.count && zip(a, b).allSatisfy { equal($0, $1) }
    case (.object(let a), .object(let b)):
      a.count == b.count && a.members.allSatisfy { key, value in b[key].map { equal(value, $0) } ?? false }
    default: left == right
    }
  }
}

/// A field that was not what it had to be.
package struct FieldMismatch: Sendable {
  package let match: FieldMatch
  package let expected: String
  package let found: String

}

extension [FieldMatch] {
  /// The fields of the data that are not what they had to be; empty when all match.
  package func mismatches(in data: JSON, _ lookUp: (String) -> JSON?) -> [FieldMismatch] {
    compactMap { match in
      guard case .failed(let expected, let found) = match.matcher.evaluate(match.path.value(in: data), lookUp) else {
        return nil
      }
      return FieldMismatch(match: match, expected: expected, found: found)
    }
  }
}

/// Values in messages, cut to a readable length.
package enum Excerpt {
  private static let limit = 200

  static func of(_ value: JSON?) -> String {
    guard let value else { return "nothing" }
    return cut(value.string.map { "'\($0)'" } ?? value.text, to: limit)
  }

  /// The text, or what it begins and ends with and how long it is.
  package static func cut(_ text: String, to limit: Int) -> String {
    let length = text.count
    guard length > limit else { return text }
    return "\(text.prefix(limit * 2 / 3))…\(text.suffix(limit / 3)) (\(length) characters)"
  }
}
