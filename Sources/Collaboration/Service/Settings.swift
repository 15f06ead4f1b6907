extension Collaboration {
  /// What an operator may turn.
  package struct Settings: Hashable, Sendable {
    /// How long a session lasts.
    package var sessionLifetime: Duration = .seconds(24 * 60 * 60)
    /// How long a socket that says nothing keeps its presences.
    package var presenceLease: Duration = .seconds(30)
    /// Most pages that one socket may be on.
    package var pagesPerSocket = 50

    package init() {}
  }
}
