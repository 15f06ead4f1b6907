internal import Database
internal import GraphQL
internal import World

enum PrivateThreadResolvers {
  static func bind(_ resolvers: ProductResolvers) {
    resolvers.object("Thread", ThreadRecord.self) { type in type.field("isPrivate") { $0.isPrivate } }
    resolvers.mutation { root in
      for (name, change) in [
        ("addParticipants", PrivateThreadService.add), ("removeParticipants", PrivateThreadService.remove),
      ] {
        root.root(name) { call in
          try await Changed(call.context) { try await change(try call.argument("input"), call.context) }
        }
      }
    }
  }
}
