internal import GraphQL
internal import World

enum PreviewResolvers {
  static func bind(_ resolvers: ProductResolvers) {
    resolvers.object("MessagePreview", MessagePreview.self) { type in
      type.field("kind") { $0.kind }
      type.field("threadId") { $0.thread }
      type.field("messageId") { $0.message }
      type.field("text") { $0.text }
      type.field("expiresAt") { $0.expiresAt }
      type.batch("author") { call in
        try await call.context.reader().require(UserRecord.self, ids: call.parents.map(\.author))
      }
    }
    resolvers.subscription(
      "messagePreview", event: MessagePreview.self,
      source: { call in
        let thread = try await call.require(ThreadRecord.self, argument: "threadId", called: "thread")
        return EventStream.of(thread, .previews(inThread: thread.id), by: try call.context.viewer())
      },
      value: { event, _ in event })
  }
}
