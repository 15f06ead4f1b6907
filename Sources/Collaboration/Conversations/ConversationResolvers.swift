internal import Database
internal import GraphQL
internal import World

enum ConversationResolvers {
  static let threadLimit = 100
  static let messageLimit = 200

  static let threadsOfPage = Listing(
    parent: ThreadRecord.page, parentOf: { $0.page }, key: ThreadRecord.id, keyOf: { $0.id })
  static let messagesOfThread = Listing(
    parent: MessageRecord.thread, parentOf: { $0.thread }, key: MessageRecord.sequence, keyOf: { $0.sequence })

  static func bind(_ resolvers: ProductResolvers) {
    bindPages(resolvers)
    bindThreads(resolvers)
    bindMessages(resolvers)
    bindContent(resolvers)
    resolvers.query { root in
      root.root("page") { call in try await page(call) }
      root.root("thread") { call in try await call.find(ThreadRecord.self) }
      root.root("message") { call in try await call.find(MessageRecord.self) }
    }
    resolvers.mutation { root in
      root.root("ensurePage") { call in
        try await Payload(call.context) {
          try await ConversationService.ensurePage(try call.argument("input"), call.context)
        }
      }
      root.root("createThread") { call in
        try await Payload(call.context) {
          try await ConversationService.createThread(try call.argument("input"), call.context)
        }
      }
      root.root("sendMessage") { call in
        try await Payload(call.context) {
          try await ConversationService.sendMessage(try call.argument("input"), call.context)
        }
      }
    }
    resolvers.subscription(
      "messageAdded", event: DurableEvent.self,
      source: { call in
        let thread = try await call.require(ThreadRecord.self, argument: "threadId", called: "thread")
        var stream = EventStream.of(thread, .messages(inThread: thread.id), by: try call.context.viewer())
        stream.kinds = [.messageAdded]
        return try call.resuming(stream)
      },
      value: { event, call in try await call.subject(MessageRecord.self, of: event) })
  }

  private static func page(_ call: ProductCall<Root>) async throws -> PageRecord? {
    let reader = try call.context.reader()
    let id = try call.argument("id", as: String?.self)
    let url = try call.argument("url", as: String?.self)
    switch (id, url) {
    case (let id?, nil): return try await reader.find(PageRecord.self, ID(id))
    case (nil, let url?):
      guard TextRule(limit: WebAddress.lengthLimit).accepts(url) else { return nil }
      return try await reader.first(PageRecord.where(PageRecord.url == url))
    default: throw GraphQLFault("Give exactly one of 'id' and 'url'.", code: "BAD_USER_INPUT")
    }
  }

  private static func bindPages(_ resolvers: ProductResolvers) {
    resolvers.object("Page", PageRecord.self) { type in
      type.field("id") { $0.id }
      type.field("url") { $0.url }
      type.field("title") { $0.title }
      type.field("createdAt") { $0.createdAt }
      type.batch("threads") { call in
        let request = try PageRequest<ID>(call, most: threadLimit, usual: 20)
        return try await threadsOfPage.connections(
          of: call.parents.map(\.id), request, within: try DateRange(call).condition(on: ThreadRecord.createdAt),
          by: try call.context.reader())
      }
    }
    resolvers.object("EnsurePagePayload", Payload<PageRecord>.self) { type in
      type.field("page") { $0.value }
      type.field("userErrors") { $0.errors }
    }
  }

  private static func bindThreads(_ resolvers: ProductResolvers) {
    resolvers.object("Thread", ThreadRecord.self) { type in
      type.field("id") { $0.id }
      type.field("title") { $0.title }
      type.field("createdAt") { $0.createdAt }
      type.field("messageCount") { $0.lastSequence }
      type.batch("page") { call in
        try await call.context.reader().require(PageRecord.self, ids: call.parents.map(\.page))
      }
      type.batch("createdBy") { call in
        try await call.context.reader().require(UserRecord.self, ids: call.parents.map(\.creator))
      }
      type.batch("messages") { call in
        let request = try PageRequest<Int64>(call, most: messageLimit, usual: 50)
        return try await messagesOfThread.connections(
          of: call.parents.map(\.id), request, within: try DateRange(call).condition(on: MessageRecord.createdAt),
          by: try call.context.reader())
      }
    }
    resolvers.connection("Thread", ThreadRecord.self)
    resolvers.object("CreateThreadPayload", Payload<ConversationService.NewThread>.self) { type in
      type.field("thread") { $0.value?.thread }
      type.field("message") { $0.value?.message }
      type.field("userErrors") { $0.errors }
    }
  }

  private static func bindMessages(_ resolvers: ProductResolvers) {
    resolvers.object("Message", MessageRecord.self) { type in
      type.field("id") { $0.id }
      type.field("sequence") { $0.sequence }
      type.field("createdAt") { $0.createdAt }
      type.batch("thread") { call in
        try await call.context.reader().require(ThreadRecord.self, ids: call.parents.map(\.thread))
      }
      type.batch("author") { call in
        try await call.context.reader().require(UserRecord.self, ids: call.parents.map(\.author))
      }
      type.batch("content") { call in
        let people = try await MentionedPeople(call)
        return call.parents.map { people.pieces(of: $0.visibleContent) }
      }
      type.batch("text") { call in
        let people = try await MentionedPeople(call)
        return call.parents.map { $0.visibleContent.plainText(name: people.name) }
      }
      type.batch("mentions") { call in
        let people = try await MentionedPeople(call)
        return call.parents.map { people.mentioned(in: $0.visibleContent) }
      }
    }
    resolvers.connection("Message", MessageRecord.self)
    resolvers.object("SendMessagePayload", Payload<MessageRecord>.self) { type in
      type.field("message") { $0.value }
      type.field("userErrors") { $0.errors }
    }
  }

  private static func bindContent(_ resolvers: ProductResolvers) {
    resolvers.abstract("ContentNode", ContentPiece.self) { piece in
      switch piece {
      case .text(let value): TypedObject("TextNode", value)
      case .mention(let value): TypedObject("MentionNode", value)
      case .link(let value): TypedObject("LinkNode", value)
      case .code(let value): TypedObject("CodeNode", value)
      }
    }
    resolvers.object("TextNode", ContentPiece.Text.self) { type in type.field("text") { $0.text } }
    resolvers.object("MentionNode", ContentPiece.Mention.self) { type in
      type.field("text") { "@\($0.user.name)" }
      type.field("user") { $0.user }
    }
    resolvers.object("LinkNode", ContentPiece.Link.self) { type in
      type.field("text") { $0.text ?? $0.url }
      type.field("url") { $0.url }
    }
    resolvers.object("CodeNode", ContentPiece.Code.self) { type in
      type.field("text") { $0.code }
      type.field("code") { $0.code }
      type.field("language") { $0.language }
    }
  }
}
