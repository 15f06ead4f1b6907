internal import GraphQL
internal import World

enum TypingResolvers {
  private enum Kind: String, Sendable {
    case snapshot = "SNAPSHOT"
    case started = "STARTED"
    case stopped = "STOPPED"
  }

  private struct Typed: Sendable { let payload: Payload<WallTime?> }

  static func bind(_ resolvers: ProductResolvers) {
    resolvers.object("TypingPayload", Typed.self) { type in
      type.field("expiresAt") { $0.payload.value ?? nil }
      type.field("userErrors") { $0.payload.errors }
    }
    resolvers.object("TypingEvent", TypingEvent.self) { type in
      type.field("kind") { event -> Kind in
        guard let change = event.change else { return .snapshot }
        return change.isTyping ? .started : .stopped
      }
      type.field("threadId") { $0.thread }
      type.batch("user") { call async throws -> [UserRecord?] in
        let ids = call.parents.map { $0.change?.user }
        let people = try await call.context.reader().require(UserRecord.self, ids: ids.compactMap(\.self).distinct)
        return ids.map { id in people.first { $0.id == id } }
      }
      type.batch("typing") { call async throws -> [[UserRecord]] in
        var people = try await call.context.reader().require(UserRecord.self, ids: call.parents.flatMap(\.typing))[...]
        return call.parents.map { event in
          defer { people = people.dropFirst(event.typing.count) }
          return Array(people.prefix(event.typing.count))
        }
      }
    }
    resolvers.mutation { root in
      root.root("typing") { call in
        try await change(call) { service, thread, viewer in service.write(in: thread, viewer, on: call.context.socket) }
      }
      root.root("stopTyping") { call in
        try await change(call) { service, thread, viewer in
          service.stop(in: thread, viewer, on: call.context.socket)
          return nil
        }
      }
    }
    resolvers.subscription(
      "typingChanged", event: TypingEvent.self,
      source: { call in
        let thread = try await call.require(ThreadRecord.self, argument: "threadId", called: "thread")
        var stream = EventStream.of(thread, .typing(inThread: thread.id), by: try call.context.viewer())
        stream.typingThread = thread.id
        return stream
      },
      value: { event, _ in event })
  }

  private static func change(
    _ call: ProductCall<Root>, _ body: (TypingService, ThreadRecord, Viewer) -> WallTime?
  ) async throws -> Typed {
    let context = call.context
    let id = InputReader(try call.argument("input")).id("threadId")
    return Typed(
      payload: try await Payload(context) {
        guard let thread = try await context.reader().find(ThreadRecord.self, id) else {
          throw Refusal.notFound("thread", field: ["input", "threadId"])
        }
        return body(context.services.typing, thread, try context.viewer())
      })
  }
}
