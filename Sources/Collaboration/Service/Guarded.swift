internal import Database
internal import World

/// A row that somebody owns. Resolvers and services reach rows through ``Reader`` and ``WorkUnit`` alone, and those give
/// out nothing that this does not allow.
///
/// The permission is said twice, for a row that was read and for rows to read: the second narrows, the first decides.
/// Whether somebody is in a private thread is in no row of it; there the second decides too, and rows are looked up by
/// ``lookup(_:)``.
protocol Guarded: Record {
  /// The permission to know of the row, as far as the row says.
  func isReadable(by viewer: Viewer) -> Bool
  /// The same for rows that have not been read yet.
  static func readable(by viewer: Viewer) -> Predicate<Self>
  /// How to look rows up by their ids where permission depends on more than the row; `nil` where the row says it all.
  static func lookup(_ ids: [ID]) -> Lookup<Self>?
}

extension Guarded {
  static func lookup(_ ids: [ID]) -> Lookup<Self>? { nil }

  /// What is wrong when a row that another names is not there for the viewer.
  static var absence: any Error { lookup([]) == nil ? DanglingReference(table: table.name) : AccessLost.fault }
}

struct Lookup<R: Record>: Sendable {
  let selection: Selection<R>
  let id: @Sendable (R) -> ID

  init(_ column: Column<R, ID>, _ ids: [ID], id: @escaping @Sendable (R) -> ID) {
    self.selection = R.where(column.isIn(ids))
    self.id = id
  }
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
  static func readable(by viewer: Viewer) -> Predicate<Self> {
    Self.organization == viewer.organization && Privacy.isOpen(isPrivate, thread: id, to: viewer)
  }
  static func lookup(_ ids: [ID]) -> Lookup<Self>? { Lookup(id, ids) { $0.id } }
}

extension MessageRecord: Guarded {
  func isReadable(by viewer: Viewer) -> Bool { organization == viewer.organization }
  static func readable(by viewer: Viewer) -> Predicate<Self> {
    Self.organization == viewer.organization && Privacy.isOpen(isPrivate, thread: thread, to: viewer)
  }
  static func lookup(_ ids: [ID]) -> Lookup<Self>? { Lookup(id, ids) { $0.id } }
}

extension AnnotationRecord: Guarded {
  func isReadable(by viewer: Viewer) -> Bool { organization == viewer.organization }
  static func readable(by viewer: Viewer) -> Predicate<Self> {
    Self.organization == viewer.organization && Privacy.isOpen(isPrivate, thread: thread, to: viewer)
  }
  static func lookup(_ ids: [ID]) -> Lookup<Self>? { Lookup(id, ids) { $0.id } }
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
