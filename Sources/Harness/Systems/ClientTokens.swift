internal import Cryptography
internal import JSON
internal import Scenario
internal import World

/// What a customer's server has to sign client tokens with.
struct ClientTokens: Sendable {
  /// Organizations' secrets, by slug.
  let secrets: [String: [UInt8]]
  /// Put after the names of users, so that each play on a server that keeps everything has people of its own.
  var tag: String?

  /// A client token as a customer's server signs it; it lasts an hour.
  /// - Throws: ``HarnessError`` when the actor's organization has no secret.
  func token(for actor: Actor, now: WallTime) throws -> String {
    guard let secret = secrets[actor.organization] else {
      throw HarnessError("There is no organization '\(actor.organization)' for actor '\(actor.name)'.")
    }
    let claims: JSON = [
      "org": .string(actor.organization), "sub": .string(tag.map { "\(actor.user)-\($0)" } ?? actor.user),
      "name": .string(actor.user), "exp": .int((now + .seconds(3600)).milliseconds / 1000),
    ]
    return signHS256(claims: claims.bytes, secret: secret)
  }
}
