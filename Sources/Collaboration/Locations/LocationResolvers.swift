internal import Database
internal import GraphQL
internal import JSON
internal import World

enum LocationResolvers {
  static let pageLimit = 100

  enum Match: String, GraphQLInput {
    case exact = "EXACT"
    case partial = "PARTIAL"
  }

  static func bind(_ resolvers: ProductResolvers) {
    resolvers.scalar(
      "Location",
      parse: { json in
        guard Location(json) != nil else {
          throw GraphQLFault(
            "A location is a flat object of 1 to \(Location.entryLimit) texts, numbers and booleans, at most "
              + "\(Location.sizeLimit) bytes.", code: "BAD_USER_INPUT")
        }
        return json
      })
    resolvers.object("Page", PageRecord.self) { type in
      type.field("location") { page in page.location.flatMap { try? JSON.parse($0.text).object } }
    }
    resolvers.connection("Page", PageRecord.self)
    resolvers.query { root in
      root.root("pages") { call in try await pages(call) }
    }
  }

  private static func pages(_ call: ProductCall<Root>) async throws -> Connection<PageRecord> {
    _ = try call.context.member()
    let reader = try call.context.reader()
    let request = try PageRequest<ID>(call, most: pageLimit, usual: 20)
    guard let location = Location(try call.argument("location", as: JSON.self)) else {
      throw GraphQLFault("'location' is no location.", code: "BAD_USER_INPUT")
    }
    let found: [PageRecord]
    switch try call.argument("match", as: Match.self) {
    case .exact:
      var selection = PageRecord.where(PageRecord.location == location)
      if let position = request.position { selection = selection.where(PageRecord.id > position) }
      found = try await reader.select(selection.order(by: PageRecord.id.ascending).limit(request.limit + 1))
    case .partial:
      found = try await reader.pages(at: location, after: request.position, limit: request.limit + 1)
    }
    return Connection(
      edges: found.prefix(request.limit).map { Edge(cursor: $0.id.cursor, node: $0) },
      hasNextPage: found.count > request.limit, hasPreviousPage: request.position != nil)
  }
}

extension Reader {
  /// Pages whose location has at least these entries, oldest first.
  fileprivate func pages(at location: Location, after: ID?, limit: Int) async throws -> [PageRecord] {
    let query = DesignedQueries.pages(
      withEntries: location.entries, in: viewer.organization, after: after, limit: limit)
    let rows = try await whileAvailable { try await database.read(query) }
    return try await find(PageRecord.self, ids: try rows.map { try $0.id(0) }).compactMap(\.self)
  }
}

extension WorkUnit {
  /// Gives a page its location.
  func place(_ page: PageRecord, at location: Location) throws {
    try transaction.delete(LocationEntryRecord.self, where: LocationEntryRecord.page == page.id)
    try transaction.insert(location.entries.map { LocationEntryRecord(page: page, entry: $0) })
  }
}
