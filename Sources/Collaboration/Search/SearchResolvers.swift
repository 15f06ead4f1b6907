internal import Database
internal import GraphQL
internal import World

enum SearchResolvers {
  static let resultLimit = 50

  static func bind(_ resolvers: ProductResolvers) {
    resolvers.query { root in
      root.root("searchMessages") { call in try await search(call) }
    }
  }

  private static func search(_ call: ProductCall<Root>) async throws -> Connection<MessageRecord> {
    _ = try call.context.member()
    let reader = try call.context.reader()
    let request = try PageRequest<ID>(call, most: resultLimit, usual: 20)
    let words = Words.of(try call.argument("query", as: String.self))
    guard (1...Words.queryLimit).contains(words.count) else {
      throw GraphQLFault("'query' must have 1 to \(Words.queryLimit) words.", code: "BAD_USER_INPUT")
    }
    var thread: ID?
    if let asked = try call.argument("threadId", as: String?.self) {
      guard let found = try await reader.find(ThreadRecord.self, ID(asked)) else {
        return Connection(edges: [], hasNextPage: false, hasPreviousPage: false)
      }
      thread = found.id
    }
    let ids = try await reader.messages(
      with: words, inThread: thread, before: request.position, limit: request.limit + 1)
    // One that was deleted in between is left out.
    let messages = try await reader.find(MessageRecord.self, ids: Array(ids.prefix(request.limit))).compactMap(\.self)
    return Connection(
      edges: messages.map { Edge(cursor: $0.id.cursor, node: $0) },
      hasNextPage: ids.count > request.limit, hasPreviousPage: request.position != nil)
  }
}

extension Reader {
  /// The ids of messages that have a word beginning with each of `words`, newest first.
  fileprivate func messages(with words: [String], inThread thread: ID?, before: ID?, limit: Int) async throws -> [ID] {
    let query = DesignedQueries.search(
      words, in: viewer.organization, by: viewer.user, thread: thread, before: before, limit: limit, database.dialect)
    let rows = try await whileAvailable { try await database.read(query) }
    return try rows.map { try $0.id(0) }
  }
}
