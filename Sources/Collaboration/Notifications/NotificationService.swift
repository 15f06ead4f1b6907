internal import Database
internal import JSON
internal import World

/// What calls for people's attention, and their taking notice.
enum NotificationService {
  /// Notifies everybody who was mentioned, and the thread's subscribers of the reply, but nobody of their own doing.
  static func messageAdded(_ message: MessageRecord, mentioning mentioned: [ID], _ unit: inout WorkUnit) throws {
    let subscribers = try ParticipantService.subscribers(of: message.thread, unit)
    let replied = subscribers.filter { !mentioned.contains($0) }
    let people = mentioned.map { ($0, NotificationRecord.Kind.mention) } + replied.map { ($0, .reply) }
    let recipients = try NotificationPreference.recipients(people.filter { $0.0 != message.author }, unit)
    let notifications = recipients.map { user, kind, _ in
      record(kind, for: user, of: message, actor: message.author, unit)
    }
    try insert(notifications, for: recipients, &unit)
  }

  /// An edit mentions people who were not mentioned before. Who has a notification of this message already, of a reply
  /// or one that was taken back, gets no second one: that one becomes a mention.
  static func mentionsAdded(_ users: [ID], to message: MessageRecord, _ unit: inout WorkUnit) throws {
    let users = users.filter { $0 != message.author }
    guard !users.isEmpty else { return }
    let existing = try unit.transaction.select(
      NotificationRecord.where(NotificationRecord.message == message.id && NotificationRecord.user.isIn(users)))
    for (user, _, delivery) in try NotificationPreference.recipients(users.map { ($0, .mention) }, unit) {
      guard var notification = existing.first(where: { $0.user == user }) else {
        let notification = record(.mention, for: user, of: message, actor: message.author, unit)
        try unit.transaction.insert(notification)
        publish(notification, by: delivery, &unit)
        continue
      }
      notification.kind = .mention
      if notification.retractedAt != nil { notification.readAt = nil }
      notification.retractedAt = nil
      try unit.transaction.update(notification)
      publish(notification, by: delivery, &unit)
    }
  }

  /// An edit mentions people no longer. Who follows the thread keeps the notification, as one of a reply.
  static func mentionsRemoved(_ users: [ID], from message: MessageRecord, _ unit: inout WorkUnit) throws {
    let subscribers = try ParticipantService.subscribers(of: message.thread, unit)
    let isOfMessage = NotificationRecord.message == message.id && NotificationRecord.kind == .mention
    let kept = users.filter { subscribers.contains($0) }
    if !kept.isEmpty {
      try unit.transaction.update(
        NotificationRecord.self, set: NotificationRecord.kind.to(.reply),
        where: isOfMessage && NotificationRecord.user.isIn(kept))
    }
    let gone = users.filter { !subscribers.contains($0) }
    if !gone.isEmpty { try retract(isOfMessage && NotificationRecord.user.isIn(gone), &unit) }
  }

  /// Tells the author of a message of the first reaction to it.
  static func reactionAdded(to message: MessageRecord, _ unit: inout WorkUnit) throws {
    let insiders = try PrivateThreadService.insiders(
      among: [message.author], thread: message.thread, isPrivate: message.isPrivate, unit)
    guard !insiders.isEmpty,
      let delivery = try NotificationPreference.recipients([(message.author, .reaction)], unit).first?.delivery
    else { return }
    let notification = record(.reaction, for: message.author, of: message, actor: unit.viewer.user, unit)
    if try unit.transaction.insertIfAbsent(notification) { return publish(notification, by: delivery, &unit) }
    let existing = NotificationRecord.message == message.id && NotificationRecord.user == message.author
    guard
      var earlier = try unit.transaction.first(
        NotificationRecord.where(existing && NotificationRecord.retractedAt.isNotNull).forUpdate)
    else { return }
    earlier.retractedAt = nil
    earlier.readAt = nil
    earlier.actor = unit.viewer.user
    try unit.transaction.update(earlier)
    publish(earlier, by: delivery, &unit)
  }

  /// Tells a thread's subscribers that it was resolved or reopened, in place of what they were told of that before.
  static func threadActed(_ kind: NotificationRecord.Kind, on thread: ThreadRecord, _ unit: inout WorkUnit) throws {
    try retract(NotificationRecord.thread == thread.id && NotificationRecord.message.isNull, &unit)
    try notify(try ParticipantService.subscribers(of: thread.id, unit), kind, of: thread, &unit)
  }

  /// Tells people that they may see a private thread.
  static func added(_ people: [ID], to thread: ThreadRecord, _ unit: inout WorkUnit) throws {
    try notify(people, .threadAdded, of: thread, &unit)
  }

  private static func notify(
    _ people: [ID], _ kind: NotificationRecord.Kind, of thread: ThreadRecord, _ unit: inout WorkUnit
  ) throws {
    let actor = unit.viewer.user
    let recipients = try NotificationPreference.recipients(people.filter { $0 != actor }.map { ($0, kind) }, unit)
    let notifications = recipients.map { user, _, _ in
      NotificationRecord(
        id: unit.ids.next(), user: user, kind: kind, thread: thread.id, message: nil, actor: actor,
        organization: thread.organization, createdAt: unit.now)
    }
    try insert(notifications, for: recipients, &unit)
  }

  private static func insert(
    _ notifications: [NotificationRecord], for recipients: [NotificationPreference.Recipient], _ unit: inout WorkUnit
  ) throws {
    guard !notifications.isEmpty else { return }
    try unit.transaction.insert(notifications)
    for (notification, recipient) in zip(notifications, recipients) {
      publish(notification, by: recipient.delivery, &unit)
    }
  }

  /// Takes back the notifications that meet a condition and have not been taken back.
  static func retract(_ condition: Predicate<NotificationRecord>, _ unit: inout WorkUnit) throws {
    let condition = condition && NotificationRecord.retractedAt.isNull
    let gone = try unit.transaction.select(
      NotificationRecord.where(condition).order(by: NotificationRecord.id.ascending).forUpdate)
    guard !gone.isEmpty else { return }
    try unit.transaction.update(
      NotificationRecord.self, set: NotificationRecord.retractedAt.to(unit.now), where: condition)
    for notification in gone {
      unit.publish(.notificationRetracted, on: .notifications(ofUser: notification.user), subject: notification.id)
    }
  }

  private static func record(
    _ kind: NotificationRecord.Kind, for user: ID, of message: MessageRecord, actor: ID, _ unit: WorkUnit
  ) -> NotificationRecord {
    NotificationRecord(
      id: unit.ids.next(), user: user, kind: kind, thread: message.thread, message: message.id, actor: actor,
      organization: message.organization, createdAt: unit.now)
  }

  private static func publish(
    _ notification: NotificationRecord, by delivery: NotificationPreference.Delivery, _ unit: inout WorkUnit
  ) {
    unit.publish(notification.kind.event, on: .notifications(ofUser: notification.user), subject: notification.id)
    if delivery == .webhook { unit.callWebhook(of: notification) }
  }

  /// Marks everything as read.
  /// - Returns: how many notifications were unread.
  static func markAllRead(_ context: RequestContext) async throws -> Int {
    try await context.mutate("mark all notifications read") { unit in
      try unit.transaction.update(
        NotificationRecord.self, set: NotificationRecord.readAt.to(unit.now),
        where: NotificationRecord.readable(by: unit.viewer) && NotificationRecord.readAt.isNull
          && NotificationRecord.retractedAt.isNull)
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
