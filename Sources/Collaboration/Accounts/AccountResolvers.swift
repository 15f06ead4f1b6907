internal import Database
internal import GraphQL
internal import JSON
internal import World

enum AccountResolvers {
  static let userLimit = 100
  static let sessionLimit = 100

  static let usersOfOrganization = Listing(
    parent: UserRecord.organization, parentOf: { $0.organization }, key: UserRecord.id, keyOf: { $0.id })

  struct SessionPayload: Sendable {
    var token: String?
    var session: SessionRecord?
    var user: UserRecord?
    var errors: [UserError] = []
  }

  static func bind(_ resolvers: ProductResolvers) {
    bindObjects(resolvers)
    bindViewer(resolvers)
    resolvers.query { root in
      root.root("viewer") { call in try await profile(call.context) }
      root.root("user") { call in try await call.find(UserRecord.self) }
      root.root("eventCursor") { call async throws -> String in
        _ = try call.context.viewer()
        let hub = call.context.services.hub
        let head = try await whileAvailable { try await call.context.services.outbox.head() }
        return EventCursor(epoch: hub.epoch, offset: head).text
      }
    }
    resolvers.mutation { root in
      root.root("createSession") { call in try await createSession(call) }
      root.root("refreshSession") { call in try await refreshSession(call.context) }
      root.root("revokeSession") { call in try await revokeSession(call) }
    }
    resolvers.object("CreateSessionPayload", SessionPayload.self) { type in
      type.field("token") { $0.token }
      type.field("expiresAt") { $0.session?.expiresAt }
      type.field("viewer") { $0.user }
      type.field("session") { $0.session }
      type.field("userErrors") { $0.errors }
    }
    resolvers.object("RefreshSessionPayload", Refreshed.self) { type in
      type.field("token") { $0.payload.value?.token }
      type.field("session") { $0.payload.value?.session }
      type.field("userErrors") { $0.payload.errors }
    }
    resolvers.object("RevokeSessionPayload", Payload<SessionRecord>.self) { type in
      type.field("session") { $0.value }
      type.field("userErrors") { $0.errors }
    }
  }

  private static func bindObjects(_ resolvers: ProductResolvers) {
    resolvers.object("UserError", UserError.self) { type in
      type.field("code") { $0.code }
      type.field("message") { $0.message }
      type.field("field") { $0.field }
    }
    resolvers.object("PageInfo", PageInfo.self) { type in
      type.field("hasNextPage") { $0.hasNextPage }
      type.field("hasPreviousPage") { $0.hasPreviousPage }
      type.field("startCursor") { $0.startCursor }
      type.field("endCursor") { $0.endCursor }
    }
    resolvers.object("Organization", OrganizationRecord.self) { type in
      type.field("id") { $0.id }
      type.field("name") { $0.name }
      type.field("slug") { $0.slug }
      type.batch("users") { call in
        _ = try call.context.member()
        let request = try PageRequest<ID>(call, most: userLimit, usual: 50)
        return try await usersOfOrganization.connections(
          of: call.parents.map(\.id), request, where: UserRecord.removedAt.isNull, by: try call.context.reader())
      }
    }
    resolvers.object("User", UserRecord.self) { type in
      type.field("id") { $0.id }
      type.field("externalId") { $0.externalID }
      type.field("name") { $0.name }
      type.field("email") { $0.email }
      type.field("role") { $0.role }
    }
    resolvers.connection("User", UserRecord.self)
    resolvers.object("Session", SessionRecord.self) { type in
      type.field("id") { $0.id }
      type.field("createdAt") { $0.createdAt }
      type.field("expiresAt") { $0.expiresAt }
      type.field("revokedAt") { $0.revokedAt }
      type.field("isCurrent") { session, call in
        if case .viewer(let viewer, _) = call.context.identity { viewer.session == session.id } else { false }
      }
    }
  }

  private static func bindViewer(_ resolvers: ProductResolvers) {
    resolvers.object("Viewer", ViewerProfile.self) { type in
      type.field("id") { $0.user.id }
      type.field("externalId") { $0.user.externalID }
      type.field("name") { $0.user.name }
      type.field("email") { $0.user.email }
      type.field("user") { $0.user }
      type.batch("organization") { call in
        try await call.context.reader().require(
          OrganizationRecord.self, ids: call.parents.map(\.viewer.organization))
      }
      type.batch("session") { call in
        try await call.context.reader().require(SessionRecord.self, ids: call.parents.map(\.viewer.session))
      }
      type.batch("sessions") { call in
        let sessions = try await sessions(call.context)
        return call.parents.map { _ in sessions }
      }
    }
  }

  private static func profile(_ context: RequestContext) async throws -> ViewerProfile {
    let reader = try context.reader()
    guard let user = try await reader.find(UserRecord.self, reader.viewer.user) else {
      throw DanglingReference(table: UserRecord.table.name)
    }
    return ViewerProfile(viewer: reader.viewer, user: user)
  }

  private static func sessions(_ context: RequestContext) async throws -> [SessionRecord] {
    let reader = try context.reader()
    let now = context.services.world.clock.wall
    let isLive = SessionRecord.revokedAt.isNull && SessionRecord.expiresAt > now
    return try await reader.select(
      SessionRecord.where(SessionRecord.user == reader.viewer.user && isLive)
        .order(by: SessionRecord.id.descending).limit(sessionLimit))
  }

  private static func createSession(_ call: ProductCall<Root>) async throws -> SessionPayload {
    let input = InputReader(try call.argument("input"))
    do {
      let login = try await call.context.services.sessions.login(
        clientToken: input["clientToken"]?.string ?? "", on: call.context.database)
      return SessionPayload(token: login.token, session: login.session, user: login.user)
    } catch let refusal as Refusal {
      return SessionPayload(errors: refusal.errors)
    }
  }

  private struct Refreshed: Sendable { let payload: Payload<(token: String, session: SessionRecord)> }

  private static func refreshSession(_ context: RequestContext) async throws -> Refreshed {
    let (viewer, sessions) = (try context.viewer(), context.services.sessions)
    return Refreshed(
      payload: try await Payload {
        try await context.mutate("refresh session") { unit in try sessions.refresh(viewer, unit) }
      })
  }

  private static func revokeSession(_ call: ProductCall<Root>) async throws -> Payload<SessionRecord> {
    let input = InputReader(try call.argument("input"))
    let context = call.context
    return try await Payload {
      try await context.services.revoke(
        session: input["sessionId"]?.string, viewer: try context.viewer(), socket: context.socket,
        on: context.database)
    }
  }
}
