internal import Database
internal import GraphQL
internal import World

/// Who may know of what is in a private thread: its participants, and nobody else.
enum Privacy {
  /// - Parameters:
  ///   - isPrivate: the row's copy of what its thread says.
  ///   - thread: the column that names the thread.
  static func isOpen<R: Record>(
    _ isPrivate: Column<R, Bool>, thread: Column<R, ID>, to viewer: Viewer
  ) -> Predicate<R> {
    let isOpen = isPrivate == false || isIn(thread, viewer)
    return viewer.privy.map { isOpen || thread == $0 } ?? isOpen
  }

  /// The same where a row may have no thread.
  static func isOpen<R: Record>(
    _ isPrivate: Column<R, Bool>, thread: Column<R, ID?>, to viewer: Viewer
  ) -> Predicate<R> {
    let isOpen = isPrivate == false || isIn(thread, viewer)
    return viewer.privy.map { isOpen || thread == $0 } ?? isOpen
  }

  private static func isIn<R: Record, T>(_ thread: Column<R, T>, _ viewer: Viewer) -> Predicate<R> {
    .exists(thread, in: ParticipantRecord.thread, where: ParticipantRecord.user == viewer.user)
  }
}

/// Somebody was taken out of a private thread and has not noticed yet.
enum AccessLost {
  static let message = "You may not see this any more."
  static let code = "ACCESS_LOST"
  static let fault = GraphQLFault(message, code: code)

  /// Whether a viewer may still see a private thread, as the hub asks.
  static func check(_ thread: ID, _ viewer: Viewer, _ database: any Database) -> @Sendable () async -> GraphQLFault? {
    { [viewer = viewer.privy(to: nil)] in
      do {
        return try await Reader(viewer: viewer, database: database).find(ThreadRecord.self, thread) == nil ? fault : nil
      } catch {
        return error as? GraphQLFault ?? GraphQLFault("Access cannot be looked up at the moment.", code: "UNAVAILABLE")
      }
    }
  }
}
