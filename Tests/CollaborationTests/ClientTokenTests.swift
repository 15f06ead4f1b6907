import Collaboration
import Cryptography
import JSON
import Testing
import World

@Suite("Client tokens") struct ClientTokenTests {
  static let secret = [UInt8](repeating: 7, count: 32)
  static let now = WallTime(milliseconds: 1_000_000_000)
  static let goodClaims: JSONObject = ["org": "acme", "sub": "ada", "name": "Ada", "exp": 1_000_060]

  static func signed(_ claims: JSONObject, header: String? = nil) -> String {
    guard let header else { return signHS256(claims: JSON.object(claims).bytes, secret: secret) }
    let input = base64URL(Array(header.utf8)) + "." + base64URL(JSON.object(claims).bytes)
    return input + "." + base64URL(hmacSHA256(key: secret, Array(input.utf8)))
  }

  static func verify(_ token: String, secret: [UInt8] = secret) -> Result<ClientToken.Identity, TokenFailure> {
    Result { () throws(TokenFailure) in
      try ClientToken(parsing: token).verified(
        by: TokenKey(algorithm: .hs256, material: secret), audience: "rehearsal", at: now)
    }
  }

  static func with(_ name: String, _ value: JSON?) -> JSONObject {
    var copy = goodClaims
    copy[name] = value
    return copy
  }

  @Test("a good token names its bearer, and the header's kid can name the organization")
  func good() throws {
    let identity = try Self.verify(Self.signed(Self.with("email", "ada@acme.example"))).get()
    #expect(
      identity
        == .init(
          externalID: "ada", name: "Ada", email: "ada@acme.example",
          expiresAt: WallTime(milliseconds: 1_000_060_000)))
    let token = Self.signed(Self.with("org", nil), header: #"{"alg":"HS256","kid":"acme"}"#)
    #expect(try ClientToken(parsing: token).organization == "acme")
    #expect(try Self.verify(token).get().externalID == "ada")
  }

  @Test(
    "what is not a JWS is malformed",
    arguments: ["", "a.b", "a.b.c.d", "!.e30.e30", "e30.W10.", "W10.e30.", signed(goodClaims) + "="])
  func malformed(token: String) {
    // "e30" is {}, which lacks an algorithm; "W10" is [].
    let expected: TokenFailure = token == "e30.W10." ? .algorithm : .malformed
    #expect(Self.verify(token) == .failure(expected))
  }

  @Test(
    "any other algorithm is refused, 'none' above all",
    arguments: [
      #"{"alg":"none"}"#, #"{"alg":"hs256"}"#, #"{"alg":"RS256"}"#, #"{"alg":"EdDSA"}"#, #"{"alg":"HS512"}"#,
      #"{"alg":["HS256"]}"#, "{}",
    ])
  func algorithm(header: String) {
    #expect(Self.verify(Self.signed(Self.goodClaims, header: header)) == .failure(.algorithm))
  }

  @Test("a critical extension is not ignored")
  func critical() {
    let header = #"{"alg":"HS256","crit":["b64"],"b64":false}"#
    #expect(Self.verify(Self.signed(Self.goodClaims, header: header)) == .failure(.malformed))
  }

  @Test("another secret, changed claims or a missing signature do not verify")
  func signature() {
    let token = Self.signed(Self.goodClaims)
    #expect(Self.verify(token, secret: [UInt8](repeating: 8, count: 32)) == .failure(.signature))
    let parts = token.split(separator: ".")
    let forged = base64URL(JSON.object(Self.with("sub", "eve")).bytes)
    #expect(Self.verify("\(parts[0]).\(forged).\(parts[2])") == .failure(.signature))
    #expect(Self.verify("\(parts[0]).\(parts[1]).") == .failure(.signature))
  }

  @Test(
    "claims that are missing, blank, too long or of the wrong type are refused",
    arguments: [
      with("org", nil), with("org", 7), with("sub", nil), with("sub", 7), with("sub", " "), with("name", nil),
      with("name", .string(String(repeating: "x", count: 201))), with("exp", nil), with("exp", "1000060"),
      with("nbf", "0"), with("iat", true), with("email", 7), with("sub", "a\u{0}b"), with("aud", 7),
      with("role", "KING"), with("jti", 7),
      with("exp", 1e300),
    ])
  func claims(claims: JSONObject) {
    #expect(Self.verify(Self.signed(claims)) == .failure(.claims))
  }

  @Test("an audience that is named must be this one, alone or among others")
  func audience() {
    for good in ["rehearsal", ["other", "rehearsal"], .null] as [JSON] {
      #expect(throws: Never.self) { try Self.verify(Self.signed(Self.with("aud", good))).get() }
    }
    for bad in ["other", "Rehearsal", [], [["rehearsal"]]] as [JSON] {
      #expect(Self.verify(Self.signed(Self.with("aud", bad))) == .failure(.audience))
    }
  }

  @Test("'exp' is strict; 'nbf' and 'iat' allow a minute of skew")
  func times() {
    #expect(Self.verify(Self.signed(Self.with("exp", 1_000_000))) == .failure(.expired))
    #expect(Self.verify(Self.signed(Self.with("exp", -1))) == .failure(.expired))
    for claim in ["nbf", "iat"] {
      #expect(Self.verify(Self.signed(Self.with(claim, 1_000_061))) == .failure(.notYetValid))
      #expect(throws: Never.self) { try Self.verify(Self.signed(Self.with(claim, 1_000_060))).get() }
    }
    #expect(throws: Never.self) { try Self.verify(Self.signed(Self.with("exp", 1_000_000.5))).get() }
  }
}
