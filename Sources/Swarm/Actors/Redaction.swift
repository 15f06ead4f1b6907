internal import JSON

/// Keeps secrets out of histories and reports.
enum Redaction {
  static let mask = JSON.string("[redacted]")

  /// Members whose values nobody may read later, in lower case.
  private static let secretKeys: Set<String> = [
    "token", "clienttoken", "sessiontoken", "accesstoken", "refreshtoken", "secret", "password", "authorization",
  ]

  /// The value with the values of secret members masked, and everything that has the form of a signed token.
  static func redacted(_ json: JSON) -> JSON {
    hasSecret(json) ? masked(json) : json
  }

  /// Almost nothing has secrets: what has none is not copied.
  private static func hasSecret(_ json: JSON) -> Bool {
    switch json {
    case .string(let text): isSignedToken(text)
    case .array(let elements): elements.contains(where: hasSecret)
    case .object(let object): object.members.contains { isSecret($0.key) && !$0.value.isNull || hasSecret($0.value) }
    default: false
    }
  }

  private static func masked(_ json: JSON) -> JSON {
    switch json {
    case .string(let text): isSignedToken(text) ? mask : json
    case .array(let elements): .array(elements.map(masked))
    case .object(let object):
      .object(
        JSONObject(
          object.members.map { ($0.key, isSecret($0.key) && !$0.value.isNull ? mask : masked($0.value)) }))
    default: json
    }
  }

  /// A failure without the tokens of those who were there, wherever they stand in it.
  static func redacted(_ failure: Failure, tokens: [String]) -> Failure {
    failure.mapping(events: true) { text in
      var text = text
      for token in tokens where !token.isEmpty && text.contains(token) {
        text = text.replacing(token, with: "[redacted]")
      }
      return text
    }
  }

  static func isSecret(_ key: String) -> Bool {
    key.utf8.count >= 5 && key.utf8.count <= 13 && secretKeys.contains(key.lowercased())
  }

  /// A compact JWS: base64url of `{"`, and two points (RFC 7515, section 3.1).
  private static func isSignedToken(_ text: String) -> Bool {
    text.utf8.starts(with: "eyJ".utf8) && text.utf8.count { $0 == UInt8(ascii: ".") } == 2
  }
}
