internal import Database
internal import GraphQL
internal import World

enum ParticipantResolvers {
  static let participantLimit = 100

  static let participantsOfThread = Listing(
    parent: ParticipantRecord.thread, parentOf: { $0.thread }, key: ParticipantRecord.user, keyOf: { $0.user })

  static func bind(_ resolvers: ProductResolvers) {
    resolvers.object("Participant", ParticipantRecord.self) { type in
      type.field("isSubscribed") { $0.isSubscribed }
      type.field("lastRead") { $0.lastRead }
      type.field("joinedAt") { $0.joinedAt }
      type.batch("user") { call in
        try await call.context.reader().require(UserRecord.self, ids: call.parents.map(\.user))
      }
    }
    resolvers.connection("Participant", ParticipantRecord.self)
    bindThreads(resolvers)
    resolvers.object("Viewer", ViewerProfile.self) { type in
      type.batch("unreadMessageCount") { call async throws -> [Int64] in
        let count = try await call.context.reader().unreadMessages()
        return call.parents.map { _ in count }
      }
    }
    resolvers.object("ChangeThreadPayload", Changed<ThreadRecord>.self) { type in
      type.field("thread") { $0.payload.value }
      type.field("userErrors") { $0.payload.errors }
    }
    resolvers.mutation { root in
      for (name, isSubscribed) in [("subscribeToThread", true), ("unsubscribeFromThread", false)] {
        root.root(name) { call in
          try await Changed(call.context) {
            try await ParticipantService.setSubscribed(isSubscribed, try call.argument("input"), call.context)
          }
        }
      }
      for (name, isResolved) in [("resolveThread", true), ("reopenThread", false)] {
        root.root(name) { call in
          try await Changed(call.context) {
            try await ParticipantService.setResolved(isResolved, try call.argument("input"), call.context)
          }
        }
      }
      root.root("markThreadRead") { call in
        try await Changed(call.context) {
          try await ParticipantService.markRead(try call.argument("input"), call.context)
        }
      }
    }
  }

  private static func bindThreads(_ resolvers: ProductResolvers) {
    resolvers.object("Thread", ThreadRecord.self) { type in
      type.field("resolvedAt") { $0.resolvedAt }
      type.batch("resolvedBy") { call async throws -> [UserRecord?] in
        let resolvers = call.parents.map(\.resolvedBy)
        var people = try await call.context.reader().require(UserRecord.self, ids: resolvers.compactMap(\.self))[...]
        return resolvers.map { $0 == nil ? nil : people.popFirst() }
      }
      type.batch("participants") { call in
        let request = try PageRequest<ID>(call, most: participantLimit, usual: 20)
        return try await participantsOfThread.connections(
          of: call.parents.map(\.id), request, by: try call.context.reader())
      }
      type.batch("isSubscribed") { call async throws -> [Bool] in
        try await own(call).map { $0?.isSubscribed ?? false }
      }
      type.batch("lastRead") { call async throws -> [Int64] in try await own(call).map { $0?.lastRead ?? 0 } }
      type.batch("unreadCount") { call async throws -> [Int64] in
        // A count taken later than the thread may be behind what was read since.
        zip(call.parents, try await own(call)).map { thread, own in max(0, thread.lastSequence - (own?.lastRead ?? 0)) }
      }
    }
  }

  /// What the viewer has to do with each of the threads.
  private static func own(_ call: ProductCall<ThreadRecord>) async throws -> [ParticipantRecord?] {
    let reader = try call.context.reader()
    let mine = try await reader.select(
      ParticipantRecord.where(
        ParticipantRecord.user == reader.viewer.user && ParticipantRecord.thread.isIn(call.parents.map(\.id).distinct)))
    let byThread = Dictionary(mine.map { ($0.thread, $0) }, uniquingKeysWith: { first, _ in first })
    return call.parents.map { byThread[$0.id] }
  }
}

extension Reader {
  /// Messages of the viewer's threads that they have not read.
  func unreadMessages() async throws -> Int64 {
    let query = DesignedQueries.unreadMessages(of: viewer.user, in: viewer.organization)
    return try await whileAvailable { try await database.read(query) }.first?.int(0) ?? 0
  }
}
