internal import Cryptography
internal import JSON
package import World

/// Why a client token was refused; the raw value is the error's code.
package enum TokenFailure: String, Error, Hashable, Sendable {
  case malformed = "TOKEN_MALFORMED"
  case algorithm = "TOKEN_ALGORITHM"
  case signature = "TOKEN_SIGNATURE"
  case claims = "TOKEN_CLAIMS"
  case audience = "TOKEN_AUDIENCE"
  case replayed = "TOKEN_REPLAYED"
  case expired = "TOKEN_EXPIRED"
  case notYetValid = "TOKEN_NOT_YET_VALID"

  package var message: String {
    switch self {
    case .malformed: "The client token is not a compact JWS whose header and claims are JSON objects."
    case .algorithm: "The client token must be signed with the algorithm of its key: HS256, RS256 or EdDSA."
    case .signature: "The client token is not signed by a key of an organization of that slug."
    case .claims:
      "The client token must have the claims 'org', 'sub' and 'name' (text) and 'exp' (seconds), "
        + "and may have 'email', 'jti' (text), 'aud' (text or texts), 'iat' and 'nbf' (seconds)."
    case .audience: "The client token's 'aud' names somebody else."
    case .replayed: "The client token's 'jti' has been used."
    case .expired: "The client token's 'exp' is over."
    case .notYetValid: "The client token's 'iat' or 'nbf' lies in the future."
    }
  }
}

/// A compact JWS (RFC 7515, section 3.1) that has been read but not verified, except for ``organization``, the name by
/// which to find the secret.
package struct ClientToken: Sendable {
  /// What a verified token says.
  package struct Identity: Hashable, Sendable {
    package let externalID: String
    package let name: String
    package let email: String?
    /// Of somebody who is not known yet; `nil`: a member.
    package let role: String?
    /// With it the token may be used once.
    package let jti: String?
    package let issuedAt: WallTime?
    package let expiresAt: WallTime

    package init(
      externalID: String, name: String, email: String?, role: String? = nil, jti: String? = nil,
      issuedAt: WallTime? = nil,
      expiresAt: WallTime
    ) {
      self.externalID = externalID
      self.name = name
      self.email = email
      self.role = role
      self.jti = jti
      self.issuedAt = issuedAt
      self.expiresAt = expiresAt
    }
  }

  /// Clocks of customers may differ from ours by this much.
  package static let skew: Duration = .seconds(60)
  /// Longest token that is looked at, in bytes.
  package static let lengthLimit = 8192
  package static let externalIDLimit = 200
  package static let nameLimit = 200
  package static let emailLimit = 320
  package static let jtiLimit = 200
  /// What a server's token has as its `scope`; no client token may have it.
  package static let serverScope = "server"
  /// How far ahead a server's token may expire.
  package static let serverLifetime: Duration = .seconds(60 * 60)

  /// The slug that the token claims; verify the signature before believing it.
  package let organization: String
  /// Names the key; `nil`: the organization's own secret.
  package let keyID: String?
  let algorithm: TokenAlgorithm
  private let claims: JSONObject
  private let signed: [UInt8]
  private let signature: [UInt8]

  /// Reads a token's parts.
  /// - Throws: `.malformed`, `.algorithm`, or `.claims` when it names no organization.
  package init(parsing text: String) throws(TokenFailure) {
    guard text.utf8.count <= Self.lengthLimit else { throw .malformed }
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count == 3 else { throw .malformed }
    let header = try Self.object(parts[0])
    guard let algorithm = header["alg"]?.string.flatMap(TokenAlgorithm.init(rawValue:)) else { throw .algorithm }
    // RFC 7515, section 4.1.11: extensions that must be understood, and none is.
    guard header["crit"] == nil else { throw .malformed }
    let claims = try Self.object(parts[1])
    guard let signature = decodeBase64URL(parts[2]) else { throw .malformed }
    let kid = header["kid"]?.string
    guard let organization = claims["org"] == nil ? kid : claims["org"]?.string else { throw .claims }
    self.organization = organization
    self.keyID = claims["org"] == nil || kid == organization ? nil : kid
    self.algorithm = algorithm
    self.claims = claims
    self.signed = Array("\(parts[0]).\(parts[1])".utf8)
    self.signature = signature
  }

  /// Checks the signature, then the claims, then the times.
  /// - Parameter audience: what `aud` must name when there is one (RFC 7519, section 4.1.3).
  package func verified(by key: TokenKey, audience: String, at now: WallTime) throws(TokenFailure) -> Identity {
    try checkSignature(key)
    guard claims["scope"]?.string != Self.serverScope else { throw .claims }
    let externalID = try text("sub", limit: Self.externalIDLimit)
    let name = try text("name", limit: Self.nameLimit)
    var email: String?
    if let claim = claims["email"], !claim.isNull { email = try text("email", limit: Self.emailLimit) }
    var jti: String?
    if let claim = claims["jti"], !claim.isNull { jti = try text("jti", limit: Self.jtiLimit) }
    var role: String?
    if let claim = claims["role"], !claim.isNull {
      guard let text = claim.string, Role(rawValue: text) != nil else { throw .claims }
      role = text
    }
    let expiresAt = try checkUse(audience: audience, at: now)
    return Identity(
      externalID: externalID, name: name, email: email, role: role, jti: jti, issuedAt: try moment("iat"),
      expiresAt: expiresAt)
  }

  /// Checks the token of an organization's own server, which names nobody.
  package func verifiedServer(by key: TokenKey, audience: String, at now: WallTime) throws(TokenFailure) {
    try checkSignature(key)
    guard claims["scope"]?.string == Self.serverScope else { throw .claims }
    let expiresAt = try checkUse(audience: audience, at: now)
    guard expiresAt <= now + Self.serverLifetime + Self.skew else { throw .claims }
  }

  private func checkSignature(_ key: TokenKey) throws(TokenFailure) {
    guard key.algorithm == algorithm else { throw .algorithm }
    guard key.verifies(signature, of: signed) else { throw .signature }
  }

  /// Whom the token is for, and when.
  /// - Returns: when it expires.
  private func checkUse(audience: String, at now: WallTime) throws(TokenFailure) -> WallTime {
    switch claims["aud"] {
    case nil, .null?: break
    case .string(let one)?: guard one == audience else { throw .audience }
    case .array(let several)?: guard several.contains(.string(audience)) else { throw .audience }
    default: throw .claims
    }
    guard let expiry = try moment("exp") else { throw .claims }
    guard now < expiry else { throw .expired }
    for name in ["iat", "nbf"] {
      if let moment = try moment(name), moment > now + Self.skew { throw .notYetValid }
    }
    return expiry
  }

  /// A time in seconds (RFC 7519, section 2, NumericDate) before the year 10000; what is beyond is no time.
  private func moment(_ name: String) throws(TokenFailure) -> WallTime? {
    guard let claim = claims[name], !claim.isNull else { return nil }
    guard let seconds = claim.number, seconds.magnitude < 253_402_300_800 else { throw .claims }
    return WallTime(milliseconds: Int64(seconds * 1000))
  }

  private func text(_ name: String, limit: Int) throws(TokenFailure) -> String {
    guard let text = claims[name]?.string, TextRule(limit: limit).accepts(text) else { throw .claims }
    return text
  }

  private static func object(_ part: Substring) throws(TokenFailure) -> JSONObject {
    guard let bytes = decodeBase64URL(part), let object = (try? JSON.parse(bytes))?.object else { throw .malformed }
    return object
  }
}
