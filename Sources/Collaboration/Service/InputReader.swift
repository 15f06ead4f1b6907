package import JSON
package import World

/// Reads a mutation's input object, collecting what is wrong with it instead of stopping at the first fault.
///
/// The engine has checked types and required fields; what is left are the rules that a type cannot say.
package struct InputReader {
  package private(set) var errors: [UserError] = []
  private let object: JSONObject
  private let path: [String]

  package init(_ input: JSON, path: [String] = ["input"]) {
    object = input.object ?? JSONObject()
    self.path = path
  }

  package subscript(name: String) -> JSON? {
    guard let value = object[name], !value.isNull else { return nil }
    return value
  }

  /// A text that must be there; on a fault an error is kept and the text is empty.
  package mutating func text(_ name: String, limit: Int) -> String {
    guard let text = optionalText(name, limit: limit) else {
      if errors.isEmpty { fail(.invalid, "'\(name)' is missing.", [name]) }
      return ""
    }
    return text
  }

  /// A text that may be missing.
  package mutating func optionalText(_ name: String, limit: Int, mayBeBlank: Bool = false) -> String? {
    guard let text = self[name]?.string else { return nil }
    check(text, TextRule(limit: limit, mayBeBlank: mayBeBlank), name: name, field: [name])
    return text
  }

  /// An id. What is not written like one of ours can name nothing, so it is `nil` like a missing one would be; callers
  /// answer "not found".
  package func id(_ name: String) -> ID? { self[name]?.string.flatMap { ID($0) } }

  /// A number from 0 to 1.
  package mutating func fraction(_ name: String) -> Double {
    guard let number = self[name]?.number, number >= 0, number <= 1 else {
      fail(.invalid, "'\(name)' must be from 0 to 1.", [name])
      return 0
    }
    return number
  }

  /// An absolute URL of one of the schemes.
  package mutating func url(_ name: String, schemes: [String] = WebAddress.pageSchemes) -> String {
    guard let text = self[name]?.string else { return "" }
    switch WebAddress.fault(in: text, schemes: schemes) {
    case nil: break
    case .tooLong: fail(.tooLarge, "'\(name)' must have at most \(WebAddress.lengthLimit) bytes.", [name])
    case .malformed:
      fail(.invalid, "'\(name)' must be an absolute URL (\(schemes.joined(separator: ", "))).", [name])
    }
    return text
  }

  /// - Parameter field: from the input object down.
  mutating func check(_ text: String, _ rule: TextRule, name: String, field: [String]) {
    switch rule.fault(in: text) {
    case nil: break
    case .blank: fail(.invalid, "'\(name)' must not be blank.", field)
    case .tooLong: fail(.tooLarge, "'\(name)' must have at most \(rule.limit) characters.", field)
    case .zeroCharacter: fail(.invalid, "'\(name)' must not contain U+0000.", field)
    }
  }

  package mutating func fail(_ code: UserError.Code, _ message: String, _ field: [String]) {
    errors.append(UserError(code: code, message: message, field: path + field))
  }

  /// Ends the mutation when anything was wrong.
  package func finish() throws(Refusal) {
    if !errors.isEmpty { throw Refusal(errors) }
  }
}
