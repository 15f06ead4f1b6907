internal import Database
internal import GraphQL
internal import World

/// What somebody wants to become of the notifications of one kind.
struct NotificationPreference: Record, Hashable {
  enum Delivery: String, Hashable, DatabaseValue {
    case webhook = "WEBHOOK"
    case inbox = "INBOX"
    case none = "NONE"
  }

  static let user = Column<NotificationPreference, ID>("user_id", .key) { $0.user }
  static let kind = Column<NotificationPreference, NotificationRecord.Kind>("kind", .key) { $0.kind }
  static let organization = Column<NotificationPreference, ID>("organization_id") { $0.organization }
  static let delivery = Column<NotificationPreference, Delivery>("delivery") { $0.delivery }
  static let table = Table("notification_preferences", user, kind, organization, delivery)

  let user: ID
  let kind: NotificationRecord.Kind
  let organization: ID
  let delivery: Delivery

  init(_ kind: NotificationRecord.Kind, _ delivery: Delivery, of viewer: Viewer) {
    self.user = viewer.user
    self.kind = kind
    self.organization = viewer.organization
    self.delivery = delivery
  }

  init(from row: inout RowReader) throws(DatabaseError) {
    user = try row.next()
    kind = try row.next()
    organization = try row.next()
    delivery = try row.next()
  }
}

extension NotificationPreference: Guarded {
  /// One's own.
  func isReadable(by viewer: Viewer) -> Bool { user == viewer.user && organization == viewer.organization }
  static func readable(by viewer: Viewer) -> Predicate<Self> {
    Self.user == viewer.user && Self.organization == viewer.organization
  }
}

extension NotificationPreference {
  /// What somebody has who has said nothing.
  static let usual = Delivery.webhook

  /// Somebody who wants to be told.
  typealias Recipient = (user: ID, kind: NotificationRecord.Kind, delivery: Delivery)

  /// Those who want to be told, in the same order.
  static func recipients(
    _ people: [(user: ID, kind: NotificationRecord.Kind)], _ unit: WorkUnit
  ) throws -> [Recipient] {
    guard !people.isEmpty else { return [] }
    let said = try unit.transaction.select(Self.where(user.isIn(people.map(\.user)) && delivery != usual))
    return people.compactMap { person in
      let delivery = said.first { $0.user == person.user && $0.kind == person.kind }?.delivery ?? usual
      return delivery == .none ? nil : (person.user, person.kind, delivery)
    }
  }

  /// The viewer's, one for each kind.
  static func all(by reader: Reader) async throws -> [NotificationPreference] {
    let said = try await reader.select(Self.all)
    return NotificationRecord.Kind.allCases.map { kind in
      said.first { $0.kind == kind } ?? NotificationPreference(kind, usual, of: reader.viewer)
    }
  }
}
