import Collaboration
import Cryptography
import Database
import GraphQL
import JSON
import Testing
import World

/// Applications, their keys, and what can be wrong with a token.
@Suite("Applications") struct ApplicationTests {
  static let rsa = """
    -----BEGIN PUBLIC KEY-----
    MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAm6cK5E7E2UljN3X9m7+w
    GQcaP6cx9/Qkw/GB2YnKF82WXMbOhc6+vADAv6OqxTty8BhCtFj3dS65jDbBi+dG
    y8rT+7bFcl5LyS3s7zEtFvOAn60bDWHpxpoVHuRqMlIh/H9ue3/jUfbU7vn1LeBA
    DMjDRpbkolY8NU0R8MeCrDFBt31esJsD+OOjOCNo5vkxRjHSZpZqzm9jLNcHCRtX
    b7QtpF/TIDd+ftZEJl1sZ7/Lo/CppiIR1qyFg42PlgJt4ruKAl2p8FpaDKT7Q798
    dJuFol+DskuS1AeSQ7XqL3K4ZGGg3+BTh2U7sAuKalBIhfOHxXa442/EpnCXzR6l
    RQIDAQAB
    -----END PUBLIC KEY-----
    """
  static let ed25519 = """
    -----BEGIN PUBLIC KEY-----
    MCowBQYDK2VwAyEAHaMVNwcViy4dPk3ndNnVl5YdUeuvZ1hq9mZbV+oqK0Q=
    -----END PUBLIC KEY-----
    """
  /// RSA of 1,024 bits, and a key on P-256.
  static let unfit = [
    """
    -----BEGIN PUBLIC KEY-----
    MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQCw5MObKoKeMLK2LxC9UMGNqHCg
    dcb5pifAehxygWLd7Wnd5xN0I1sV+YyJl9A9GahQwACEJqLQ/2hN5aMgGwPnnCQj
    tQ5b7oUNUb1LIRgGCWpeWQLW8tq6JlD8tF2WxU0tzyFOYkR+JTjfCvfmIYhg14I+
    9M7GbGmMwy65YFlulQIDAQAB
    -----END PUBLIC KEY-----
    """,
    """
    -----BEGIN PUBLIC KEY-----
    MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAENL9JUP6juznYubtb8sU7ADpfSFEn
    UZq/23nMJ6RfbowI9LDKpRjFYL8j3prHCLmYb6T7kgUrCt9U5o+WDT01Dw==
    -----END PUBLIC KEY-----
    """, "", "-----BEGIN PUBLIC KEY-----\n-----END PUBLIC KEY-----",
  ]
  /// Made with openssl; the private keys are gone.
  static let rsaSignature =
    "AtiPVUjKXSZAf2CEJS3XcXM43bIYQVWT65a_4E-roy6B-"
    + "c7ZvEunoRHKRwhCPk1Amhup17X1P_SWnWUqq9w_z8ArUa63nf8GBEvbE20kKjg5HY-"
    + "O1K8kIVw9Gq5S47bWy0h9H6gdg0BpsSA2mIERuQbHE5M_WXploRTcI220hFl613mmsf-"
    + "49BwDeIBFR5E24nQxe3cQ2_nwFsxR5mpBePIXeVbbWOH9crZ6MsrDcXt6PkP63pVJZuQwQVNOETzb7HObOpFpQ9AMft4ZNLwYUgT"
    + "fK2kLGQjmQ8jOnBH76IiRobKmpD0e86r9W3H0MrQnzeU6HNV5LKC0_GQy8ybTyw"
  static let edSignature =
    "T96nymtey7JjaV_mQB_vCEdsFgxHTcRzAx5DKm6YscmzT_WkbkZ0AQ_sp5glJgG6JQ5jswem-ZY6UdlKsboVCA"
  static let claims = #"{"org":"umbrella","sub":"peter","name":"Peter","exp":9999999999}"#

  static func token(_ header: String, _ signature: String) -> String {
    base64URL(Array(header.utf8)) + "." + base64URL(Array(claims.utf8)) + "." + signature
  }
  static let rsaToken = token(#"{"alg":"RS256","kid":"rsa"}"#, rsaSignature)
  static let edToken = token(#"{"alg":"EdDSA","kid":"ed"}"#, edSignature)

  static func hmac(_ header: String, _ secret: [UInt8], claims: String = claims) -> String {
    let input = base64URL(Array(header.utf8)) + "." + base64URL(Array(claims.utf8))
    return input + "." + base64URL(hmacSHA256(key: secret, Array(input.utf8)))
  }

  static let login = """
    mutation($token: String!) {
      createSession(input: {clientToken: $token}) { token viewer { name } userErrors { code } }
    }
    """

  @Test("keys of every algorithm sign for the application's organizations, several at once, until they are revoked")
  func keys() async throws {
    let server = try await TestServer()
    let (database, world) = (server.database, World(clock: server.clock, seed: 3))
    let application = try await Collaboration.createApplication(name: "Umbrella", in: database, world: world)
    let other = try await Collaboration.createApplication(name: "Hooli", in: database, world: world)
    _ = try await Collaboration.createOrganization(
      name: "Umbrella", slug: "umbrella", secret: [UInt8](repeating: 5, count: 32), application: application.id,
      in: database, world: world)
    let secrets = [[UInt8](repeating: 8, count: 32), [UInt8](repeating: 9, count: 32)]
    let (rsa, ed) = (try TokenKey(publicKey: Self.rsa), try TokenKey(publicKey: Self.ed25519))
    let keys = [
      ("rsa", rsa), ("ed", ed), ("one", TokenKey(algorithm: .hs256, material: secrets[0])),
      ("two", TokenKey(algorithm: .hs256, material: secrets[1])),
    ]
    for (kid, key) in keys {
      try await Collaboration.addKey(key, called: kid, to: application.id, in: database, world: world)
    }
    await #expect(throws: SeedError.self) {
      try await Collaboration.addKey(ed, called: "rsa", to: application.id, in: database, world: world)
    }
    let stolen = TokenKey(algorithm: .hs256, material: secrets[0])
    try await Collaboration.addKey(stolen, called: "theirs", to: other.id, in: database, world: world)
    let nobody = Person(server: server, id: "", token: nil, identity: try await server.service.authenticate(token: nil))
    func code(_ token: String) async throws -> JSON? {
      let payload = try await nobody.run(Self.login, ["token": .string(token)])["createSession"]
      return payload?["viewer"] == ["name": "Peter"] ? "in" : payload?["userErrors"]?[0]?["code"]
    }
    let one = Self.hmac(#"{"alg":"HS256","kid":"one"}"#, secrets[0])
    for good in [Self.rsaToken, Self.edToken, one, Self.hmac(#"{"alg":"HS256","kid":"two"}"#, secrets[1])] {
      #expect(try await code(good) == "in")
    }
    // A public key is no secret, whatever the header says.
    #expect(try await code(Self.hmac(#"{"alg":"HS256","kid":"rsa"}"#, rsa.material)) == "TOKEN_ALGORITHM")
    #expect(try await code(Self.hmac(#"{"alg":"HS256","kid":"rsa"}"#, Array(Self.rsa.utf8))) == "TOKEN_ALGORITHM")
    #expect(try await code(Self.token(#"{"alg":"EdDSA","kid":"rsa"}"#, Self.rsaSignature)) == "TOKEN_ALGORITHM")
    #expect(try await code(Self.token(#"{"alg":"RS256","kid":"rsa" }"#, Self.rsaSignature)) == "TOKEN_SIGNATURE")
    #expect(try await code(Self.token(#"{"alg":"EdDSA","kid":"ed"}"#, Self.rsaSignature)) == "TOKEN_SIGNATURE")
    #expect(try await code(Self.hmac(#"{"alg":"HS256","kid":"two"}"#, secrets[0])) == "TOKEN_SIGNATURE")
    for kid in ["theirs", "nothing"] {
      #expect(try await code(Self.hmac(#"{"alg":"HS256","kid":"\#(kid)"}"#, secrets[0])) == "TOKEN_SIGNATURE")
    }
    #expect(try await Collaboration.revokeKey(called: "one", of: application.id, in: database, world: world))
    #expect(try await code(one) == "TOKEN_SIGNATURE")
    #expect(try await code(Self.rsaToken) == "in")
    await server.stop()
  }

  @Test("a key that is too short, of another kind or no key at all is not taken")
  func unfitKeys() {
    for text in Self.unfit { #expect(throws: SeedError.self) { try TokenKey(publicKey: text) } }
  }

  @Test("a token with a jti is good for one session, in its organization, and is forgotten when it is over")
  func replay() async throws {
    let server = try await TestServer()
    let nobody = Person(server: server, id: "", token: nil, identity: try await server.service.authenticate(token: nil))
    func code(_ organization: String, exp: Int64) async throws -> JSON? {
      let claims = #"{"org":"\#(organization)","sub":"peter","name":"Peter","jti":"1","exp":\#(exp)}"#
      let token = Self.hmac(#"{"alg":"HS256"}"#, TestServer.secrets[organization] ?? [], claims: claims)
      let payload = try await nobody.run(Self.login, ["token": .string(token)])["createSession"]
      return payload?["token"] == .null ? payload?["userErrors"]?[0]?["code"] : "in"
    }
    let now = server.clock.wall.milliseconds / 1000
    #expect(try await code("acme", exp: now + 60) == "in")
    #expect(try await code("acme", exp: now + 90) == "TOKEN_REPLAYED")
    #expect(try await code("globex", exp: now + 90) == "in")
    #expect(try await server.count("sessions") == 2)
    server.clock.advance(by: .seconds(60 + 75))
    try await server.service.sweep()
    #expect(try await server.count("used_tokens") == 1)
    await server.stop()
  }

  @Test("a refreshed session has a new token and more time; the old token lasts a minute; nothing lasts for ever")
  func refresh() async throws {
    let server = try await TestServer()
    var ada = try await server.login("ada")
    let refresh = "mutation { refreshSession { token session { id expiresAt isCurrent } } }"
    server.clock.advance(by: .seconds(12 * 60 * 60))
    let old = try #require(ada.token)
    let answer = try await ada.run(refresh)["refreshSession"]
    #expect(answer?["session"]?["expiresAt"] == "2026-01-02T12:00:00.000Z" && answer?["session"]?["isCurrent"] == true)
    let new = try #require(answer?["token"]?.string)
    for token in [old, new] { _ = try await server.service.authenticate(token: token) }
    server.clock.advance(by: .seconds(60))
    await #expect(throws: AuthenticationFailure.self) { try await server.service.authenticate(token: old) }
    #expect(try await server.count("sessions") == 1)
    var token = new
    for _ in 0..<70 {
      guard let identity = try? await server.service.authenticate(token: token) else { break }
      ada = Person(server: server, id: ada.id, token: token, identity: identity)
      token = try #require(try await ada.run(refresh)["refreshSession"]?["token"]?.string)
      server.clock.advance(by: .seconds(12 * 60 * 60))
    }
    await #expect(throws: AuthenticationFailure.self) { try await server.service.authenticate(token: token) }
    #expect(server.clock.wall.milliseconds - 1_767_225_600_000 <= (30 * 24 + 13) * 3_600_000)
    await server.stop()
  }
}
