internal import Database
internal import JSON
internal import World

/// What calls for people's attention, and their taking notice.
enum NotificationService {
  /// Notifies everybody who was mentioned, but not those who mention themselves.
  static func notify(_ mentioned: [ID], of message: MessageRecord, _ unit: inout WorkUnit) throws {
    let notifications = mentioned.filter { $0 != message.author }.map { user in
      NotificationRecord(
        id: unit.ids.next(), organization: message.organization, user: user, kind: .mention, message: message.id,
        actor: message.author, createdAt: unit.now)
    }
    guard !notifications.isEmpty else { return }
    try unit.transaction.insert(notifications)
    for notification in notifications {
      unit.publish(
        .notificationReceived, on: .notifications(ofUser: notification.user), subject: notification.id)
    }
  }

  static func markRead(_ input: JSON, _ context: RequestContext) async throws -> NotificationRecord {
    let id = InputReader(input).id("notificationId")
    return try await context.mutate("mark notification read") { unit in
      guard var notification = try unit.find(NotificationRecord.self, id) else {
        throw Refusal.notFound("notification", field: ["input", "notificationId"])
      }
      guard notification.readAt == nil else { return notification }
      notification.readAt = unit.now
      try unit.transaction.update(notification)
      return notification
    }
  }
}
