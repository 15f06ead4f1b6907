/// What logs and rate limits may know of a caller: opaque ids, never a name, an address or a token.
package struct CallerIDs: Hashable, Sendable {
  package var user: String?
  package var organization: String?
  /// What a limit per session counts by; `nil` for callers without one.
  package var session: String?

  package init(user: String? = nil, organization: String? = nil, session: String? = nil) {
    self.user = user
    self.organization = organization
    self.session = session
  }
}
