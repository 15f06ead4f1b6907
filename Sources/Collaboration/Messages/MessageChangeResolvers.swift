internal import Database
internal import GraphQL
internal import World

enum MessageChangeResolvers {
  static let historyLimit = 50

  /// What one emoji was given to a message by.
  private struct ReactionGroup: Sendable {
    let emoji: String
    var users: [ID]
  }

  private struct ThreadEvent: Sendable {
    enum Kind: String, Sendable {
      case messageAdded = "MESSAGE_ADDED"
      case messageEdited = "MESSAGE_EDITED"
      case messageDeleted = "MESSAGE_DELETED"
      case reactionsChanged = "REACTIONS_CHANGED"
      case resolved = "RESOLVED"
      case reopened = "REOPENED"
      case participantAdded = "PARTICIPANT_ADDED"
      case participantRemoved = "PARTICIPANT_REMOVED"
    }
    let kind: Kind
    let thread: ID
    var message: MessageRecord?
    var participant: ID?
  }

  static func bind(_ resolvers: ProductResolvers) {
    bindMessages(resolvers)
    bindEvents(resolvers)
    resolvers.object("ChangeMessagePayload", Changed<MessageRecord>.self) { type in
      type.field("message") { $0.payload.value }
      type.field("userErrors") { $0.payload.errors }
    }
    resolvers.mutation { root in
      root.root("editMessage") { call in
        try await Changed(call.context) {
          try await MessageChangeService.edit(try call.argument("input"), call.context)
        }
      }
      root.root("deleteMessage") { call in
        try await Changed(call.context) {
          try await MessageChangeService.delete(try call.argument("input"), call.context)
        }
      }
      root.root("addReaction") { call in
        try await Changed(call.context) {
          try await MessageChangeService.react(try call.argument("input"), call.context)
        }
      }
      root.root("removeReaction") { call in
        try await Changed(call.context) {
          try await MessageChangeService.unreact(try call.argument("input"), call.context)
        }
      }
    }
  }

  private static func bindMessages(_ resolvers: ProductResolvers) {
    resolvers.object("Message", MessageRecord.self) { type in
      type.field("version") { $0.version }
      type.field("editedAt") { $0.editedAt }
      type.field("deletedAt") { $0.deletedAt }
      type.batch("history") { call async throws -> [[MessageEditRecord]] in
        let ids = call.parents.filter { $0.deletedAt == nil }.map(\.id).distinct
        let edits = try await call.context.reader().select(
          MessageEditRecord.where(MessageEditRecord.message.isIn(ids))
            .order(by: MessageEditRecord.version.descending).limit(historyLimit, per: MessageEditRecord.message))
        let byMessage = Dictionary(grouping: edits, by: \.message)
        return call.parents.map { byMessage[$0.id] ?? [] }
      }
      type.batch("reactions") { call async throws -> [[ReactionGroup]] in
        let ids = call.parents.filter { $0.deletedAt == nil }.map(\.id).distinct
        let reactions = try await call.context.reader().select(
          ReactionRecord.where(ReactionRecord.message.isIn(ids))
            .order(by: ReactionRecord.createdAt.ascending, ReactionRecord.user.ascending)
            .limit(MessageChangeService.reactionLimit, per: ReactionRecord.message))
        var groups: [ID: [ReactionGroup]] = [:]
        for reaction in reactions {
          var list = groups[reaction.message] ?? []
          if let index = list.firstIndex(where: { $0.emoji == reaction.emoji }) {
            list[index].users.append(reaction.user)
          } else {
            list.append(ReactionGroup(emoji: reaction.emoji, users: [reaction.user]))
          }
          groups[reaction.message] = list
        }
        return call.parents.map { groups[$0.id] ?? [] }
      }
    }
    resolvers.object("ReactionGroup", ReactionGroup.self) { type in
      type.field("emoji") { $0.emoji }
      type.field("count") { $0.users.count }
      type.batch("users") { call async throws -> [[UserRecord]] in
        let found = try await call.context.reader().require(UserRecord.self, ids: call.parents.flatMap(\.users))
        var rest = found[...]
        return call.parents.map { group in
          defer { rest = rest.dropFirst(group.users.count) }
          return Array(rest.prefix(group.users.count))
        }
      }
    }
    resolvers.object("MessageEdit", MessageEditRecord.self) { type in
      type.field("version") { $0.version }
      type.field("replacedAt") { $0.replacedAt }
      type.batch("content") { call in
        let people = try await MentionedPeople(in: call.parents.map(\.content), call.context)
        return call.parents.map { people.pieces(of: $0.content) }
      }
      type.batch("text") { call in
        let people = try await MentionedPeople(in: call.parents.map(\.content), call.context)
        return call.parents.map { $0.content.plainText(name: people.name) }
      }
    }
  }

  private static func bindEvents(_ resolvers: ProductResolvers) {
    resolvers.object("ThreadEvent", ThreadEvent.self) { type in
      type.field("kind") { $0.kind }
      type.field("message") { $0.message }
      type.batch("participant") { call async throws -> [UserRecord?] in
        let ids = call.parents.map(\.participant)
        var people = try await call.context.reader().require(UserRecord.self, ids: ids.compactMap(\.self))[...]
        return ids.map { $0 == nil ? nil : people.popFirst() }
      }
      type.batch("thread") { call in
        try await call.context.reader().require(ThreadRecord.self, ids: call.parents.map(\.thread))
      }
    }
    resolvers.subscription(
      "threadChanged", event: DurableEvent.self,
      source: { call in
        let thread = try await call.require(ThreadRecord.self, argument: "threadId", called: "thread")
        return try call.resuming(.of(thread, .messages(inThread: thread.id), by: try call.context.viewer()))
      },
      value: { event, call async throws -> ThreadEvent in
        let kind: ThreadEvent.Kind
        switch event.kind {
        case .threadResolved: return ThreadEvent(kind: .resolved, thread: event.subject)
        case .threadReopened: return ThreadEvent(kind: .reopened, thread: event.subject)
        case .participantAdded, .participantRemoved:
          return ThreadEvent(
            kind: event.kind == .participantAdded ? .participantAdded : .participantRemoved,
            thread: try call.argument("threadId"), participant: event.subject)
        case .messageEdited: kind = .messageEdited
        case .messageDeleted: kind = .messageDeleted
        case .reactionsChanged: kind = .reactionsChanged
        default: kind = .messageAdded
        }
        let message = try await call.subject(MessageRecord.self, of: event)
        return ThreadEvent(kind: kind, thread: message.thread, message: message)
      })
  }
}
