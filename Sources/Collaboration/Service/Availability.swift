internal import Database
internal import GraphQL

/// Runs something with the database; a database that cannot answer now is told as such, because trying again helps, which
/// it does not with an internal error.
func whileAvailable<T>(_ run: () async throws -> T) async throws -> T {
  do { return try await run() } catch let error as DatabaseError where error.isTransient {
    throw GraphQLFault("The database cannot answer at the moment; try again.", code: "UNAVAILABLE")
  }
}

extension DatabaseError {
  /// Whether the same may work a moment later.
  var isTransient: Bool {
    switch kind {
    case .connection, .unknownOutcome, .busy, .conflict, .closed, .overloaded: true
    default: false
    }
  }
}

extension GraphQLResult {
  /// Whether something in it is missing because the database could not answer. In a text the quotes would be escaped.
  var isUnavailable: Bool { outcome != .data && bytes.firstRange(of: Self.unavailable) != nil }

  private static let unavailable = Array(#""code":"UNAVAILABLE""#.utf8)
}
