internal import Database
internal import GraphQL
internal import World

/// What resolvers know of the request they serve.
struct RequestContext: Sendable {
  var identity: CallerIdentity
  /// Counts statements when the request asked for that.
  let database: any Database
  /// The socket that the request came over.
  let socket: SocketID?
  let services: Services

  /// - Throws: `GraphQLFault` of code `UNAUTHENTICATED` when nobody has logged in, or the session is over.
  func viewer() throws -> Viewer {
    guard case .viewer(let viewer, let expiry) = identity else {
      throw GraphQLFault("Log in first: this needs a session.", code: "UNAUTHENTICATED")
    }
    guard services.world.clock.wall < expiry else {
      throw GraphQLFault("The session has expired.", code: "UNAUTHENTICATED")
    }
    guard !services.sockets.isRevoked(viewer.session) else {
      throw GraphQLFault("The session was revoked.", code: "UNAUTHENTICATED")
    }
    return viewer
  }

  /// The organization whose own server calls.
  /// - Throws: `GraphQLFault` of code `UNAUTHENTICATED` when nobody has logged in, `FORBIDDEN` for people.
  func managedOrganization() throws -> ID {
    if case .server(let organization) = identity { return organization }
    _ = try viewer()
    throw GraphQLFault("This is for the organization's own server.", code: "FORBIDDEN")
  }

  /// Runs a mutation as the organization's own server.
  func manage<T: Sendable>(
    _ name: String, _ body: @escaping @Sendable (inout WorkUnit) throws -> T
  ) async throws -> T {
    try await services.mutate(name, as: .server(of: try managedOrganization()), on: database, body)
  }

  /// Reads as the viewer, or as the organization's own server: for users and groups, of which nothing is somebody's own.
  func directoryReader() throws -> Reader {
    if case .server(let organization) = identity {
      return Reader(viewer: .server(of: organization), database: database)
    }
    return try reader()
  }

  /// Reads as the viewer; there is no other way to read.
  func reader() throws -> Reader { Reader(viewer: try viewer(), database: database) }

  /// Runs a mutation as the viewer.
  func mutate<T: Sendable>(
    _ name: String, _ body: @escaping @Sendable (inout WorkUnit) throws -> T
  ) async throws -> T {
    try await services.mutate(name, as: try viewer(), on: database, body)
  }
}

typealias ProductResolvers = Resolvers<RequestContext>
typealias ProductCall<Parent: Sendable> = FieldCall<Parent, RequestContext>
