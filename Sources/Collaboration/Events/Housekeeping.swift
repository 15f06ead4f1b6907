internal import Database
internal import World

/// Deletes what is kept for a while only: events that nobody resumes after any more, and idempotency keys whose retries
/// have stopped, files that were not sent, webhook deliveries that are over.
struct Housekeeping: Sendable {
  /// Most rows that one transaction deletes, so that writers wait for none of them long.
  static let batchLimit = 2_000
  static let lock = "housekeeping"
  /// After so many presence leases without a beat, what a node told is deleted. One that lives all the same tells again.
  static let deadLeases = 10

  let world: World
  let database: any Database
  let settings: Collaboration.Settings
  let attachments: any AttachmentStore

  /// Runs until the task is cancelled.
  func run(every interval: Duration, report: @Sendable (any Error) -> Void) async {
    while true {
      do { try await world.sleep(for: interval) } catch { return }
      if Task.isCancelled { return }
      do { try await sweep() } catch { report(error) }
    }
  }

  /// Deletes everything that is over now. Several nodes may do it at once.
  func sweep() async throws {
    let now = world.clock.wall
    while try await trimEvents(before: now - settings.eventRetention) {}
    while try await trimKeys(before: now - settings.idempotencyRetention) {}
    while try await trimTokens(before: now - ClientToken.skew) {}
    try await AttachmentSweep(database: database, store: attachments)
      .sweep(unsentBefore: now - settings.attachmentRetention, now: now)
    while try await trimWebhooks(.delivered, before: now - settings.eventRetention) {}
    while try await trimWebhooks(.dead, before: now - WebhookQueue.deadRetention) {}
    try await trimNodes(before: now - settings.presenceLease * Self.deadLeases)
  }

  /// Trims the outbox from its beginning.
  /// - Returns: whether there may be more to trim.
  private func trimEvents(before cutoff: WallTime) async throws -> Bool {
    try await database.write("trim events") { transaction in
      try transaction.lock(Self.lock)
      let oldest = try transaction.select(
        OutboxAge.all.order(by: OutboxAge.offset.ascending).limit(Self.batchLimit))
      let over = oldest.prefix { $0.createdAt < cutoff }
      guard let last = over.last?.offset else { return false }
      try transaction.delete(OutboxAge.self, where: OutboxAge.offset <= last)
      try transaction.update(
        EpochRecord.self, set: EpochRecord.trimmedThrough.to(last),
        where: EpochRecord.one == 1 && EpochRecord.trimmedThrough < last)
      return over.count == Self.batchLimit
    }
  }

  private func trimNodes(before cutoff: WallTime) async throws {
    try await database.write("trim presence nodes") { transaction in
      let silent = try transaction.select(
        PresenceNodeRecord.where(PresenceNodeRecord.beatenAt < cutoff).order(by: PresenceNodeRecord.id.ascending)
          .limit(Self.batchLimit).forUpdate)
      for node in silent {
        try transaction.delete(PresenceRecord.self, where: PresenceRecord.node == node.id)
        try transaction.delete(node)
      }
    }
  }

  private func trimWebhooks(_ state: WebhookDelivery.State, before cutoff: WallTime) async throws -> Bool {
    let isOver = WebhookDelivery.state == state
    return try await database.write("trim webhooks") { transaction in
      let oldest = try transaction.select(
        WebhookDelivery.where(isOver && WebhookDelivery.dueAt < cutoff)
          .order(by: WebhookDelivery.dueAt.ascending).limit(Self.batchLimit))
      guard let last = oldest.last?.dueAt else { return false }
      try transaction.delete(WebhookDelivery.self, where: isOver && WebhookDelivery.dueAt <= last)
      return oldest.count == Self.batchLimit
    }
  }

  private func trimTokens(before cutoff: WallTime) async throws -> Bool {
    try await database.write("trim used tokens") { transaction in
      let oldest = try transaction.select(
        UsedTokenRecord.where(UsedTokenRecord.expiresAt < cutoff)
          .order(by: UsedTokenRecord.expiresAt.ascending).limit(Self.batchLimit))
      guard let last = oldest.last?.expiresAt else { return false }
      try transaction.delete(UsedTokenRecord.self, where: UsedTokenRecord.expiresAt <= last)
      return oldest.count == Self.batchLimit
    }
  }

  private func trimKeys(before cutoff: WallTime) async throws -> Bool {
    try await database.write("trim idempotency keys") { transaction in
      let oldest = try transaction.select(
        IdempotencyRecord.where(IdempotencyRecord.createdAt < cutoff)
          .order(by: IdempotencyRecord.createdAt.ascending).limit(Self.batchLimit))
      guard let last = oldest.last?.createdAt else { return false }
      try transaction.delete(IdempotencyRecord.self, where: IdempotencyRecord.createdAt <= last)
      return oldest.count == Self.batchLimit
    }
  }
}

extension WallTime {
  static func - (left: WallTime, right: Duration) -> WallTime {
    WallTime(milliseconds: left.milliseconds.subtractingClamped(right.wholeNanoseconds / 1_000_000))
  }
}
