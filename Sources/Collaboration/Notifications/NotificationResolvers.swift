internal import Database
internal import GraphQL
internal import JSON
internal import World

enum NotificationResolvers {
  static let notificationLimit = 100
  /// Nobody is told of more unread ones: a count has to look at each.
  static let unreadCountLimit = 1_000

  static let notificationsOfUser = Listing(
    parent: NotificationRecord.user, parentOf: { $0.user }, key: NotificationRecord.id, keyOf: { $0.id },
    isDescending: true)

  private static let isThere = NotificationRecord.retractedAt.isNull
  private static let isUnread = NotificationRecord.readAt.isNull

  static func bind(_ resolvers: ProductResolvers) {
    resolvers.object("Notification", NotificationRecord.self) { type in
      type.field("id") { $0.id }
      type.field("kind") { $0.kind }
      type.field("createdAt") { $0.createdAt }
      type.field("readAt") { $0.readAt }
      type.field("retractedAt") { $0.retractedAt }
      type.batch("thread") { call in
        try await call.context.reader().find(ThreadRecord.self, ids: call.parents.map(\.thread))
      }
      type.batch("actor") { call in
        try await call.context.reader().require(UserRecord.self, ids: call.parents.map(\.actor))
      }
      type.batch("message") { call async throws -> [MessageRecord?] in
        let ids = call.parents.map(\.message)
        var messages = try await call.context.reader().find(MessageRecord.self, ids: ids.compactMap(\.self))[...]
        return ids.map { $0 == nil ? nil : messages.popFirst() ?? nil }
      }
    }
    resolvers.connection("Notification", NotificationRecord.self)
    resolvers.object("Viewer", ViewerProfile.self) { type in
      type.batch("notifications") { call in
        let request = try PageRequest<ID>(call, most: notificationLimit, usual: 20)
        let unreadOnly = try call.argument("unreadOnly", as: Bool?.self) ?? false
        return try await notificationsOfUser.connections(
          of: call.parents.map(\.user.id), request, where: unreadOnly ? isThere && isUnread : isThere,
          within: try DateRange(call).condition(on: NotificationRecord.createdAt),
          by: try call.context.reader())
      }
      type.batch("notificationPreferences") { call in
        let preferences = try await NotificationPreference.all(by: try call.context.reader())
        return call.parents.map { _ in preferences }
      }
      type.batch("unreadNotificationCount") { call async throws -> [Int64] in
        let count = try await call.context.reader().unreadNotifications(limit: unreadCountLimit)
        return call.parents.map { _ in count }
      }
    }
    resolvers.object("MarkNotificationReadPayload", Payload<NotificationRecord>.self) { type in
      type.field("notification") { $0.value }
      type.field("userErrors") { $0.errors }
    }
    resolvers.object("MarkAllNotificationsReadPayload", Payload<Int>.self) { type in
      type.field("count") { $0.value ?? 0 }
      type.field("userErrors") { $0.errors }
    }
    resolvers.object("NotificationPreference", NotificationPreference.self) { type in
      type.field("kind") { $0.kind }
      type.field("delivery") { $0.delivery }
    }
    resolvers.object("SetNotificationPreferencePayload", Payload<NotificationPreference>.self) { type in
      type.field("preference") { $0.value }
      type.field("userErrors") { $0.errors }
    }
    resolvers.mutation { root in
      root.root("setNotificationPreference") { call in
        try await Payload(call.context) {
          let input = InputReader(try call.argument("input"))
          // The engine has checked both against their types.
          guard let kind = input["kind"]?.string.flatMap(NotificationRecord.Kind.init(rawValue:)),
            let delivery = input["delivery"]?.string.flatMap(NotificationPreference.Delivery.init(rawValue:))
          else { throw Refusal(.invalid, "There is no such kind or delivery.", field: ["input"]) }
          return try await call.context.mutate("set notification preference") { unit in
            let preference = NotificationPreference(kind, delivery, of: unit.viewer)
            try unit.transaction.upsert(preference)
            return preference
          }
        }
      }
      root.root("markAllNotificationsRead") { call in
        try await Payload(call.context) { try await NotificationService.markAllRead(call.context) }
      }
      root.root("markNotificationRead") { call in
        try await Payload(call.context) {
          try await NotificationService.markRead(try call.argument("input"), call.context)
        }
      }
    }
    resolvers.subscription(
      "notificationReceived", event: DurableEvent.self,
      source: { call in
        let viewer = try call.context.viewer()
        var stream = EventStream.own(.notifications(ofUser: viewer.user), of: viewer)
        let kinds = try call.argument("kinds", as: [NotificationRecord.Kind].self)
        stream.kinds = Set(kinds.map(\.event))
        return try call.resuming(stream)
      },
      value: { event, call in try await call.subject(NotificationRecord.self, of: event) })
    resolvers.subscription(
      "notificationRetracted", event: DurableEvent.self,
      source: { call in
        let viewer = try call.context.viewer()
        var stream = EventStream.own(.notifications(ofUser: viewer.user), of: viewer)
        stream.kinds = [.notificationRetracted]
        return try call.resuming(stream)
      },
      value: { event, call in try await call.subject(NotificationRecord.self, of: event) })
  }
}

extension NotificationRecord.Kind: GraphQLInput {}

extension Reader {
  /// The viewer's unread notifications, at most `limit`.
  fileprivate func unreadNotifications(limit: Int) async throws -> Int64 {
    let query = DesignedQueries.unreadNotifications(of: viewer.user, limit: limit)
    return try await whileAvailable { try await database.read(query) }.first?.int(0) ?? 0
  }
}
