internal import Database
internal import GraphQL
internal import JSON
internal import World

enum PresenceResolvers {
  static let regionLimit = 100
  static let visitorLimit = 100

  enum EventKind: String, Sendable {
    case snapshot = "SNAPSHOT"
    case joined = "JOINED"
    case moved = "MOVED"
    case left = "LEFT"
  }

  static func bind(_ resolvers: ProductResolvers) {
    resolvers.object("Presence", PresenceState.Presence.self) { type in
      type.field("region") { $0.region }
      type.field("since") { $0.since }
      type.batch("user") { call in
        try await call.context.reader().require(UserRecord.self, ids: call.parents.map(\.user))
      }
    }
    resolvers.object("PresenceEvent", PresenceEvent.self) { type in
      type.field("kind") { $0.eventKind }
      type.field("pageId") { $0.page }
      type.field("region") { $0.region }
      type.field("present") { $0.present }
      type.batch("user") { call in
        let subjects = call.parents.map(\.user)
        let users = try await call.context.reader().require(UserRecord.self, ids: subjects.compactMap(\.self))
        let byID = Dictionary(users.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        return subjects.map { subject in subject.flatMap { byID[$0] } }
      }
    }
    resolvers.object("Page", PageRecord.self) { type in
      type.batchSync("presence") { call in
        let presence = call.context.services.presence
        let region = try call.argument("region", as: String?.self)
        return call.parents.map { page in
          presence.present(on: page).filter { region == nil || $0.region == region }
        }
      }
      type.batch("visitors") { call in
        let limit = try call.argument("first", as: Int.self)
        guard (1...visitorLimit).contains(limit) else {
          throw GraphQLFault("'first' must be from 1 to \(visitorLimit).", code: "BAD_USER_INPUT")
        }
        return try await visitors(of: call.parents, limit: limit, call.context)
      }
    }
    resolvers.object("Visitor", Visitor.self) { type in
      type.field("lastSeenAt") { $0.lastSeenAt }
      type.field("isPresent") { $0.isPresent }
      type.batch("user") { call in
        try await call.context.reader().require(UserRecord.self, ids: call.parents.map(\.user))
      }
    }
    resolvers.object("EnterPagePayload", Entered.self) { type in
      type.field("page") { $0.payload.value }
      type.field("userErrors") { $0.payload.errors }
    }
    resolvers.object("LeavePagePayload", Left.self) { type in
      type.field("page") { $0.payload.value }
      type.field("userErrors") { $0.payload.errors }
    }
    resolvers.mutation { root in
      root.root("enterPage") { call in Entered(payload: try await Payload { try await enter(call) }) }
      root.root("leavePage") { call in Left(payload: try await Payload { try await leave(call) }) }
    }
    resolvers.subscription(
      "presenceChanged", event: PresenceEvent.self,
      source: { call in
        let page = try await call.require(PageRecord.self, argument: "pageId", called: "page")
        var stream = EventStream.shared(.presence(onPage: page.id), by: try call.context.viewer())
        stream.presencePage = page.id
        return stream
      },
      value: { event, _ in event })
  }

  /// Types of their own: an object type is bound to one Swift type, and a page's payload there is already.
  private struct Entered: Sendable { let payload: Payload<PageRecord> }
  private struct Left: Sendable { let payload: Payload<PageRecord> }

  private struct Visitor: Sendable {
    let user: ID
    let lastSeenAt: WallTime
    let isPresent: Bool
  }

  /// Who was there last; of who is there now it is now.
  private static func visitors(
    of pages: [PageRecord], limit: Int, _ context: RequestContext
  ) async throws -> [[Visitor]] {
    let reader = try context.reader()
    await context.services.exchange.settle()
    let visits = try await reader.select(
      VisitRecord.where(VisitRecord.page.isIn(pages.map(\.id)))
        .order(by: VisitRecord.seenAt.descending, VisitRecord.user.ascending).limit(limit, per: VisitRecord.page))
    let (presence, now) = (context.services.presence, context.services.world.clock.wall)
    return pages.map { page in
      let present = presence.present(on: page).map { Visitor(user: $0.user, lastSeenAt: now, isPresent: true) }
      let gone = visits.filter { visit in visit.page == page.id && !present.contains { $0.user == visit.user } }
        .map { Visitor(user: $0.user, lastSeenAt: $0.seenAt, isPresent: false) }
      return Array((present + gone).prefix(limit))
    }
  }

  private static func enter(_ call: ProductCall<Root>) async throws -> PageRecord {
    let viewer = try call.context.viewer()
    guard let socket = call.context.socket else { throw PresenceService.needsSocket }
    var reader = InputReader(try call.argument("input"))
    let reference = PageReference(&reader)
    let region = reader.optionalText("region", limit: regionLimit)
    let exclusiveWithin = reader.optionalText("exclusiveWithin", limit: regionLimit)
    try reader.finish()
    let page = try await call.context.ensure(reference)
    try call.context.services.presence.enter(
      page, region: region, exclusiveWithin: exclusiveWithin, viewer: viewer, socket: socket)
    return page
  }

  private static func leave(_ call: ProductCall<Root>) async throws -> PageRecord {
    _ = try call.context.viewer()
    guard let socket = call.context.socket else { throw PresenceService.needsSocket }
    var reader = InputReader(try call.argument("input"))
    let reference = PageReference(&reader)
    try reader.finish()
    guard let page = try await call.context.find(reference) else {
      throw Refusal.notFound("page", field: ["input"])
    }
    call.context.services.presence.leave(page, socket: socket)
    return page
  }
}

extension PresenceEvent {
  fileprivate var eventKind: PresenceResolvers.EventKind {
    switch kind {
    case .snapshot: .snapshot
    case .change(let change):
      switch change.kind {
      case .joined: .joined
      case .moved: .moved
      case .left: .left
      }
    }
  }

  fileprivate var user: ID? {
    if case .change(let change) = kind { change.user } else { nil }
  }

  fileprivate var region: String? {
    guard case .change(let change) = kind else { return nil }
    switch change.kind {
    case .joined(let region), .moved(let region): return region
    case .left: return nil
    }
  }

  fileprivate var present: [PresenceState.Presence]? {
    if case .snapshot(let present) = kind { present } else { nil }
  }
}
