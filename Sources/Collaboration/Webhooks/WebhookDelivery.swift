internal import Database
internal import JSON
internal import World

/// One telling of a notification to the webhook.
struct WebhookDelivery: Record, Hashable {
  enum State: String, Hashable, DatabaseValue {
    case pending = "PENDING"
    case delivered = "DELIVERED"
    case dead = "DEAD"
  }

  static let id = Column<WebhookDelivery, ID>("id", .key) { $0.id }
  static let organization = Column<WebhookDelivery, ID>("organization_id") { $0.organization }
  static let notification = Column<WebhookDelivery, ID>("notification_id") { $0.notification }
  static let user = Column<WebhookDelivery, ID>("user_id") { $0.user }
  static let kind = Column<WebhookDelivery, NotificationRecord.Kind>("kind") { $0.kind }
  static let thread = Column<WebhookDelivery, ID>("thread_id") { $0.thread }
  static let message = Column<WebhookDelivery, ID?>("message_id") { $0.message }
  static let createdAt = Column<WebhookDelivery, WallTime>("created_at") { $0.createdAt }
  static let state = Column<WebhookDelivery, State>("state") { $0.state }
  static let attempts = Column<WebhookDelivery, Int64>("attempts") { $0.attempts }
  static let dueAt = Column<WebhookDelivery, WallTime>("due_at") { $0.dueAt }
  static let lastError = Column<WebhookDelivery, String?>("last_error") { $0.lastError }
  static let table = Table(
    "webhook_deliveries", id, organization, notification, user, kind, thread, message, createdAt, state, attempts,
    dueAt,
    lastError)

  /// The same for every attempt: receivers know by it what they have had.
  let id: ID
  let organization: ID
  let notification: ID
  let user: ID
  let kind: NotificationRecord.Kind
  let thread: ID
  let message: ID?
  let createdAt: WallTime
  let state: State
  /// How many were begun.
  var attempts: Int64
  /// When it may be tried, while pending: later for who waits or is being told. Otherwise when it was over.
  let dueAt: WallTime
  let lastError: String?

  init(_ notification: NotificationRecord, id: ID, now: WallTime) {
    self.id = id
    self.organization = notification.organization
    self.notification = notification.id
    self.user = notification.user
    self.kind = notification.kind
    self.thread = notification.thread
    self.message = notification.message
    self.createdAt = notification.createdAt
    self.state = .pending
    self.attempts = 0
    self.dueAt = now
    self.lastError = nil
  }

  init(from row: inout RowReader) throws(DatabaseError) {
    id = try row.next()
    organization = try row.next()
    notification = try row.next()
    user = try row.next()
    kind = try row.next()
    thread = try row.next()
    message = try row.next()
    createdAt = try row.next()
    state = try row.next()
    attempts = try row.next()
    dueAt = try row.next()
    lastError = try row.next()
  }

  /// Ids only: what people wrote is for who may read it.
  func message(signedWith secret: [UInt8], at now: WallTime) -> WebhookMessage {
    let payload: JSON = [
      "id": .string(notification.description), "kind": .string(kind.rawValue),
      "organization": .string(organization.description), "user": .string(user.description),
      "thread": .string(thread.description), "message": message.map { .string($0.description) } ?? .null,
      "createdAt": .string(createdAt.rfc3339),
    ]
    let body = payload.bytes
    let timestamp = String(now.milliseconds / 1000)
    return WebhookMessage(
      headers: [
        ("Content-Type", "application/json"), ("X-Rehearsal-Id", id.description),
        ("X-Rehearsal-Timestamp", timestamp),
        ("X-Rehearsal-Signature", Webhook.signature(secret: secret, timestamp: timestamp, body: body)),
      ], body: body)
  }
}
