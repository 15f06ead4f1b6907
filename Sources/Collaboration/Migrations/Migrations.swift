package import Database

extension Collaboration {
  /// Every step of the schema, oldest first. A step that was released never changes; a new one follows.
  package static let migrations: [Migration] = [
    .accounts, .conversations, .annotations, .notifications, .outbox, .resume, .messageChanges, .participants,
    .notificationKinds, .search, .locations, .applications, .groups, .roles,
    .privateThreads, .annotationStates, .attachments, .listsByTime, .attachmentQuota,
    .presenceNodes, .notificationPreferences, .webhookDeliveries,
    .newestTexts, .idempotencyInput,
  ]
}
