internal import Cryptography
internal import JSON
internal import Scenario
internal import Wire

/// Every secret that a recording has met, so that none is written.
struct Secrets: Sendable {
  static let mask = "[redacted]"
  /// Shorter ones are masked where they stand as a secret, and not wherever the same letters come.
  private static let searchedLength = 6
  private static let words = [
    "token", "secret", "passw", "passphrase", "authorization", "credential", "cookie", "apikey", "accesskey",
    "privatekey",
  ]
  private static let names: Set<String> = ["auth", "jwt", "bearer", "pwd", "pin", "otp"]
  /// Names that say `key` of what is none.
  private static let openKeys = ["idempotencykey", "primarykey", "sortkey", "foreignkey"]

  private(set) var values: Set<String> = []

  /// Whether what a member or variable of that name holds is kept to oneself.
  /// - Parameter isKey: whether a name that ends with `key` is one.
  static func isSecret(_ name: String, orKey isKey: Bool = true) -> Bool {
    let name = name.lowercased()
    return names.contains(name) || words.contains { name.contains($0) }
      || (isKey && name.hasSuffix("key") && !openKeys.contains(name))
  }

  /// Whether it is a value that a client makes anew for each request, so that it is carried out once.
  static func isIdempotencyKey(_ name: String) -> Bool {
    let name = name.lowercased()
    return name.contains("idempotency") || name == "clientmutationid"
  }

  /// A compact JWS: base64url of `{"`, and two points (RFC 7515, section 3.1).
  static func isSignedToken(_ text: String) -> Bool {
    text.utf8.starts(with: "eyJ".utf8) && text.utf8.count { $0 == UInt8(ascii: ".") } == 2
  }

  /// What a signed token claims; nobody checks here whether it is true.
  static func claims(of token: String) -> JSON? {
    guard isSignedToken(token) else { return nil }
    let parts = token.split(separator: ".", omittingEmptySubsequences: false)
    return decodeBase64URL(parts[1]).flatMap { try? JSON.parse($0) }
  }

  mutating func add(_ value: String) {
    if !value.isEmpty { values.insert(value) }
  }

  /// The first text that is secret by its member's name or its form.
  static func first(in json: JSON, isSecret: Bool = false) -> String? {
    switch json {
    case .string(let text): return (isSecret && !text.isEmpty) || isSignedToken(text) ? text : nil
    case .array(let elements): return elements.lazy.compactMap { first(in: $0, isSecret: isSecret) }.first
    case .object(let object):
      return object.members.lazy.compactMap { first(in: $0.value, isSecret: isSecret || Self.isSecret($0.key)) }.first
    default: return nil
    }
  }

  /// Adds the texts of secret members.
  /// - Parameter isSent: whether a client says it: what a server calls a key mostly is none.
  mutating func note(_ json: JSON, isSent: Bool, isSecret: Bool = false) {
    switch json {
    case .string(let text):
      if isSecret || Self.isSignedToken(text) { add(text) }
      if isSent { for parameter in Self.parameters(of: text) { add(parameter.value) } }
    case .array(let elements): for element in elements { note(element, isSent: isSent, isSecret: isSecret) }
    case .object(let object):
      for member in object.members {
        note(member.value, isSent: isSent, isSecret: isSecret || Self.isSecret(member.key, orKey: isSent))
      }
    default: break
    }
  }

  /// What becomes of texts that stand in documents: ids and secrets become variables, which are looked after.
  static var literals: LiteralRules {
    LiteralRules(
      mask: mask, lifts: { $1 == "ID" || isSecret($0) || isIdempotencyKey($0) }, isSecret: { isSecret($0) })
  }

  /// The secret parameters of a URL, or of a text with URLs in it.
  static func parameters(of text: String) -> [(name: String, value: String)] {
    text.split(omittingEmptySubsequences: false, whereSeparator: { "?&#".contains($0) }).dropFirst().compactMap {
      piece in
      let pair = piece.prefix { !$0.isWhitespace }.split(separator: "=", maxSplits: 1)
      return pair.count == 2 && isSecret(String(pair[0])) ? (String(pair[0]), String(pair[1])) : nil
    }
  }

  /// Adds what a request shows of who sends it.
  mutating func note(_ request: HTTPRequest) {
    note(request.headers)
    note(.string(request.target), isSent: true)
  }

  /// Adds what the fields of a request or response hold.
  mutating func note(_ headers: HTTPHeaders) {
    for (name, value) in headers.fields where Self.isSecretField(name) {
      add(value)
      for part in value.split(whereSeparator: { "; ,".contains($0) }) {
        let text = part.split(separator: "=", maxSplits: 1).last ?? part
        if text.utf8.count >= 2 * Self.searchedLength { add(String(text)) }
      }
    }
  }

  static func isSecretField(_ name: String) -> Bool {
    let name = name.lowercased()
    guard !name.hasPrefix("sec-websocket") else { return false }
    return isSecret(name) || name.contains("auth") || name.contains("session") || name.contains("csrf")
  }

  /// A text without the secrets in it.
  func masked(_ text: String) -> String {
    if values.contains(text) || Self.isSignedToken(text) { return Self.mask }
    var text = text
    // The longest first: one may be part of another.
    for value in values.sorted(by: { ($0.utf8.count, $1) > ($1.utf8.count, $0) })
    where value.utf8.count >= Self.searchedLength && text.contains(value) {
      text = text.replacing(value, with: Self.mask)
    }
    for (name, value) in Self.parameters(of: text) {
      text = text.replacing("\(name)=\(value)", with: "\(name)=\(Self.mask)")
    }
    return text
  }
}
