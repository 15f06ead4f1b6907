internal import Database
internal import GraphQL

/// What somebody may do in their organization.
enum Role: String, Hashable, DatabaseValue, GraphQLInput {
  /// Everything that members may, and deleting what others wrote.
  case owner = "OWNER"
  case member = "MEMBER"
  /// Reads and writes in threads that are there, but begins none, and does not look through the organization.
  case guest = "GUEST"
}

extension RequestContext {
  /// The viewer, who must not be a guest.
  /// - Throws: `GraphQLFault` of code `FORBIDDEN` for guests.
  func member() throws -> Viewer {
    let viewer = try viewer()
    guard viewer.role != .guest else {
      throw GraphQLFault("Guests may not look through the organization.", code: "FORBIDDEN")
    }
    return viewer
  }
}

extension WorkUnit {
  /// - Throws: ``Refusal`` of code `FORBIDDEN` for guests.
  func requireMember() throws {
    guard viewer.role != .guest else { throw Refusal(.forbidden, "Guests may not begin this.", field: ["input"]) }
  }
}
