internal import Cryptography
internal import Database
internal import GraphQL
private import Synchronization
internal import World

/// Logins: from a client token to a session, from a session token to a viewer.
///
/// It stands before permissions: it is the one place that reads organizations, users and sessions without a viewer.
final class SessionService: Sendable {
  /// What a new session is answered with.
  struct Login: Sendable {
    /// The bearer token; only its hash is kept.
    let token: String
    let session: SessionRecord
    let user: UserRecord
  }

  /// How long a token is let in after it was replaced.
  static let refreshGrace: Duration = .seconds(60)
  /// However often it is refreshed, a session ends then; 30 days.
  static let longestSession: Duration = .seconds(30 * 24 * 60 * 60)
  /// Random bytes of a session token.
  static let tokenBytes = 32

  private let world: World
  private let database: any Database
  private let lifetime: Duration
  private let audience: String
  private let secretBytes: @Sendable (_ count: Int) throws -> [UInt8]

  init(
    world: World, database: any Database, lifetime: Duration, audience: String,
    secretBytes: (@Sendable (_ count: Int) throws -> [UInt8])?
  ) {
    self.world = world
    self.database = database
    self.lifetime = lifetime
    self.audience = audience
    self.secretBytes = secretBytes ?? Self.seededBytes(world)
  }

  /// Who holds a session token.
  func authenticate(_ token: String) async throws(AuthenticationFailure) -> CallerIdentity {
    // Saves a look-up for what cannot be one of ours.
    guard decodeBase64URL(token)?.count == Self.tokenBytes else {
      throw AuthenticationFailure(message: "There is no such session.")
    }
    var found: SessionRecord?
    do {
      let hash = Self.hash(token)
      found = try await database.first(SessionRecord.where(SessionRecord.tokenHash == hash))
      if found == nil {
        let isInTime = SessionRecord.previousUntil > world.clock.wall
        found = try await database.first(SessionRecord.where(SessionRecord.previousHash == hash && isInTime))
      }
    } catch {
      throw AuthenticationFailure(message: "Sessions cannot be looked up at the moment.", code: "UNAVAILABLE")
    }
    guard let session = found else { throw AuthenticationFailure(message: "There is no such session.") }
    guard session.revokedAt == nil else {
      throw AuthenticationFailure(message: "The session was revoked.", code: "SESSION_REVOKED")
    }
    guard world.clock.wall < session.expiresAt else {
      throw AuthenticationFailure(message: "The session has expired.", code: "SESSION_EXPIRED")
    }
    let viewer = Viewer(user: session.user, organization: session.organization, session: session.id, role: session.role)
    return .viewer(viewer, until: session.expiresAt)
  }

  /// Exchanges a client token for a session, making or renewing the user.
  func login(clientToken: String, on database: any Database) async throws -> Login {
    let now = world.clock.wall
    let token: ClientToken
    let identity: ClientToken.Identity
    let organization: OrganizationRecord?
    do throws(TokenFailure) { token = try ClientToken(parsing: clientToken) } catch { throw Self.refusal(error) }
    organization = try await whileAvailable {
      try await database.first(OrganizationRecord.where(OrganizationRecord.slug == token.organization))
    }
    let bearerBytes = try secretBytes(Self.tokenBytes)
    let key = try await whileAvailable { try await Self.key(of: token, organization, database) }
    do throws(TokenFailure) {
      // Without a key one that nobody has is tried, so that the answer takes as long and says the same.
      let tried = key ?? TokenKey(algorithm: token.algorithm, material: bearerBytes)
      identity = try token.verified(by: tried, audience: audience, at: now)
    } catch { throw Self.refusal(error) }
    guard let organization else { throw Self.refusal(.signature) }
    let bearer = base64URL(bearerBytes)
    let user = UserRecord(
      id: world.ids.next(), organization: organization.id, externalID: identity.externalID, name: identity.name,
      email: identity.email, createdAt: now, role: identity.role.flatMap(Role.init(rawValue:)) ?? .member)
    let sessionID = world.ids.next()
    let expiry = now + lifetime
    return try await whileAvailable {
      try await database.write("create session") { transaction in
        if let jti = identity.jti {
          let used = UsedTokenRecord(organization: organization.id, jti: jti, expiresAt: identity.expiresAt)
          guard try transaction.insertIfAbsent(used) else { throw Self.refusal(.replayed) }
        }
        try Self.refuseLost(user, token: identity, transaction)
        let user = try Self.upsert(user, transaction)
        let session = SessionRecord(
          id: sessionID, organization: organization.id, user: user.id, tokenHash: Self.hash(bearer), createdAt: now,
          expiresAt: expiry, role: user.role)
        try transaction.insert(session)
        return Login(token: bearer, session: session, user: user)
      }
    }
  }

  /// A token that was signed before somebody was removed, or may have been, does not bring them back.
  private static func refuseLost(
    _ user: UserRecord, token: ClientToken.Identity, _ transaction: any Transaction
  ) throws {
    let isSame = UserRecord.organization == user.organization && UserRecord.externalID == user.externalID
    guard let removedAt = try transaction.first(UserRecord.where(isSame))?.removedAt else { return }
    guard let issuedAt = token.issuedAt, removedAt < issuedAt else {
      throw Refusal(
        .accessLost, "The user was removed after this token was signed.", field: ["input", "clientToken"])
    }
  }

  /// An organization's own server, by a token that it signs.
  func authenticate(server text: String) async throws(AuthenticationFailure) -> CallerIdentity {
    do {
      let token = try ClientToken(parsing: text)
      let organization = try await database.first(
        OrganizationRecord.where(OrganizationRecord.slug == token.organization))
      guard let organization, let key = try await Self.key(of: token, organization, database) else {
        throw TokenFailure.signature
      }
      try token.verifiedServer(by: key, audience: audience, at: world.clock.wall)
      return .server(of: organization.id)
    } catch let failure as TokenFailure {
      throw AuthenticationFailure(message: failure.message, code: failure.rawValue)
    } catch {
      throw AuthenticationFailure(message: "Keys cannot be looked up at the moment.", code: "UNAVAILABLE")
    }
  }

  /// The key that the token names; `nil` when there is none, or not any more.
  private static func key(
    of token: ClientToken, _ organization: OrganizationRecord?, _ database: any Database
  ) async throws -> TokenKey? {
    guard let organization else { return nil }
    guard let kid = token.keyID else { return TokenKey(algorithm: .hs256, material: organization.secret) }
    guard let application = organization.application,
      let record = try await database.find(ApplicationKeyRecord.self, application, kid), record.revokedAt == nil
    else { return nil }
    return record.key
  }

  /// A new token for a session, and more time. The old one is let in for ``refreshGrace`` yet.
  func refresh(_ viewer: Viewer, _ unit: WorkUnit) throws -> (token: String, session: SessionRecord) {
    guard var session = try unit.first(SessionRecord.where(SessionRecord.id == viewer.session).forUpdate),
      session.revokedAt == nil
    else { throw Refusal.notFound("session", field: []) }
    let bearer = base64URL(try secretBytes(Self.tokenBytes))
    session.previousHash = session.tokenHash
    session.previousUntil = unit.now + Self.refreshGrace
    session.tokenHash = Self.hash(bearer)
    session.expiresAt = max(session.expiresAt, min(unit.now + lifetime, session.createdAt + Self.longestSession))
    try unit.transaction.update(session)
    return (bearer, session)
  }

  /// Makes a user, or gives the one of that external id its new name and email.
  /// - Returns: the user as it is in the database.
  static func upsert(_ user: UserRecord, _ transaction: any Transaction) throws -> UserRecord {
    try put(user, transaction)
    let stored = try transaction.first(
      UserRecord.where(
        UserRecord.organization == user.organization && UserRecord.externalID == user.externalID))
    guard let stored else { throw DanglingReference(table: UserRecord.table.name) }
    return stored
  }

  /// Makes a user, or renews the one of that external id, who belongs to the organization again if they did not.
  static func put(_ user: UserRecord, _ transaction: any Transaction) throws {
    try transaction.upsert(
      user, onConflict: (UserRecord.organization, UserRecord.externalID),
      set: UserRecord.name.toInserted, UserRecord.email.toInserted, UserRecord.removedAt.to(nil))
  }

  static func hash(_ token: String) -> [UInt8] { sha256(Array(token.utf8)) }

  private static func seededBytes(_ world: World) -> @Sendable (_ count: Int) -> [UInt8] {
    let stream = SharedStream(world.random("sessions"))
    return { stream.bytes($0) }
  }

  private static func refusal(_ failure: TokenFailure) -> Refusal {
    let code: UserError.Code =
      switch failure {
      case .malformed: .tokenMalformed
      case .algorithm: .tokenAlgorithm
      case .signature: .tokenSignature
      case .claims: .tokenClaims
      case .audience: .tokenAudience
      case .replayed: .tokenReplayed
      case .expired: .tokenExpired
      case .notYetValid: .tokenNotYetValid
      }
    return Refusal(code, failure.message, field: ["input", "clientToken"])
  }
}

private final class SharedStream: Sendable {
  private let stream: Mutex<RandomStream>

  init(_ stream: RandomStream) { self.stream = Mutex(stream) }

  func bytes(_ count: Int) -> [UInt8] {
    stream.withLock { stream in (0..<count).map { _ in UInt8(truncatingIfNeeded: stream.next() >> 56) } }
  }
}

extension Services {
  /// Ends one of the viewer's sessions, the current one unless told otherwise, and closes its sockets.
  /// - Parameter socket: the one that asks; it gets the answer before it is closed.
  func revoke(session asked: String?, viewer: Viewer, socket: SocketID?, on database: any Database) async throws
    -> SessionRecord
  {
    let id = asked.map { ID($0) } ?? viewer.session
    let sparing = id == viewer.session ? socket : nil
    if let sparing { sockets.spare(sparing, true) }
    do {
      let session = try await mutate("revoke session", as: viewer, on: database) { unit in
        guard var session = try unit.find(SessionRecord.self, id) else {
          throw Refusal.notFound("session", field: ["input", "sessionId"])
        }
        guard session.revokedAt == nil else { return session }
        session.revokedAt = unit.now
        try unit.transaction.update(session)
        unit.publish(.sessionRevoked, on: .session(session.id), subject: session.id)
        return session
      }
      sockets.revoke(session: session.id)
      return session
    } catch {
      if let sparing { sockets.spare(sparing, false) }
      throw error
    }
  }
}
