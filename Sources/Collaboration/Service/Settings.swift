extension Collaboration {
  /// What an operator may turn.
  package struct Settings: Hashable, Sendable {
    /// How long a session lasts.
    package var sessionLifetime: Duration = .seconds(24 * 60 * 60)
    /// What the `aud` of client tokens must name when there is one.
    package var audience = "rehearsal"
    /// How long a socket that says nothing keeps its presences.
    package var presenceLease: Duration = .seconds(30)
    /// How long somebody is shown as writing who does not say so again.
    package var typingLease: Duration = .seconds(6)
    /// How long a file is kept that is not sent.
    package var attachmentRetention: Duration = .seconds(24 * 60 * 60)
    /// Most pages that one socket may be on.
    package var pagesPerSocket = 50

    /// How long a client may be away and still be sent what it missed.
    package var eventRetention: Duration = .seconds(24 * 60 * 60)
    /// How long a mutation may be repeated with its idempotency key.
    package var idempotencyRetention: Duration = .seconds(24 * 60 * 60)
    /// How often old events and keys are deleted; `nil`: never by this node. A timer that never ends hides from a
    /// simulation that nothing else is left to do, so that only servers that stay have it.
    package var housekeepingInterval: Duration?

    package init() {}
  }
}
