internal import Database
internal import World

/// A row that somebody owns. Resolvers and services reach rows through ``Reader`` and ``WorkUnit`` alone, and those give
/// out nothing that this does not allow.
///
/// The permission is said twice, for a row that was read and for rows to read: the second narrows, the first decides.
protocol Guarded: Record {
  /// The permission to know of the row.
  func isReadable(by viewer: Viewer) -> Bool
  /// The same for rows that have not been read yet.
  static func readable(by viewer: Viewer) -> Predicate<Self>
}

extension OrganizationRecord: Guarded {
  func isReadable(by viewer: Viewer) -> Bool { id == viewer.organization }
  static func readable(by viewer: Viewer) -> Predicate<Self> { id == viewer.organization }
}

extension UserRecord: Guarded {
  /// Everybody in an organization knows everybody in it.
  func isReadable(by viewer: Viewer) -> Bool { organization == viewer.organization }
  static func readable(by viewer: Viewer) -> Predicate<Self> { Self.organization == viewer.organization }
}

extension PageRecord: Guarded {
  func isReadable(by viewer: Viewer) -> Bool { organization == viewer.organization }
  static func readable(by viewer: Viewer) -> Predicate<Self> { Self.organization == viewer.organization }
}

extension ThreadRecord: Guarded {
  func isReadable(by viewer: Viewer) -> Bool { organization == viewer.organization }
  static func readable(by viewer: Viewer) -> Predicate<Self> { Self.organization == viewer.organization }
}

extension MessageRecord: Guarded {
  func isReadable(by viewer: Viewer) -> Bool { organization == viewer.organization }
  static func readable(by viewer: Viewer) -> Predicate<Self> { Self.organization == viewer.organization }
}

extension AnnotationRecord: Guarded {
  func isReadable(by viewer: Viewer) -> Bool { organization == viewer.organization }
  static func readable(by viewer: Viewer) -> Predicate<Self> { Self.organization == viewer.organization }
}

extension SessionRecord: Guarded {
  /// One's own.
  func isReadable(by viewer: Viewer) -> Bool { user == viewer.user && organization == viewer.organization }
  static func readable(by viewer: Viewer) -> Predicate<Self> {
    Self.user == viewer.user && Self.organization == viewer.organization
  }
}

extension NotificationRecord: Guarded {
  /// One's own.
  func isReadable(by viewer: Viewer) -> Bool { user == viewer.user && organization == viewer.organization }
  static func readable(by viewer: Viewer) -> Predicate<Self> {
    Self.user == viewer.user && Self.organization == viewer.organization
  }
}

extension ParticipantRecord: Guarded {
  func isReadable(by viewer: Viewer) -> Bool { organization == viewer.organization }
  static func readable(by viewer: Viewer) -> Predicate<Self> { Self.organization == viewer.organization }
}

extension ReactionRecord: Guarded {
  func isReadable(by viewer: Viewer) -> Bool { organization == viewer.organization }
  static func readable(by viewer: Viewer) -> Predicate<Self> { Self.organization == viewer.organization }
}

extension MessageEditRecord: Guarded {
  func isReadable(by viewer: Viewer) -> Bool { organization == viewer.organization }
  static func readable(by viewer: Viewer) -> Predicate<Self> { Self.organization == viewer.organization }
}

extension GroupRecord: Guarded {
  func isReadable(by viewer: Viewer) -> Bool { organization == viewer.organization }
  static func readable(by viewer: Viewer) -> Predicate<Self> { Self.organization == viewer.organization }
}

extension GroupMemberRecord: Guarded {
  func isReadable(by viewer: Viewer) -> Bool { organization == viewer.organization }
  static func readable(by viewer: Viewer) -> Predicate<Self> { Self.organization == viewer.organization }
}
