internal import Database
internal import JSON
internal import World

/// One mutation's transaction: reads and writes as the viewer, and gathers the events that go into the outbox with it.
///
/// Postgres may run a transaction again, so nothing outside it may be changed here.
struct WorkUnit {
  let viewer: Viewer
  let transaction: any Transaction
  let ids: IDSource
  let now: WallTime
  private let hasWebhook: Bool
  private var events: [OutboxEntry] = []
  private var deliveries: [WebhookDelivery] = []

  init(viewer: Viewer, transaction: any Transaction, ids: IDSource, now: WallTime, hasWebhook: Bool) {
    self.viewer = viewer
    self.transaction = transaction
    self.ids = ids
    self.now = now
    self.hasWebhook = hasWebhook
  }

  func find<R: Guarded>(_ type: R.Type, _ id: ID?) throws(DatabaseError) -> R? {
    guard let id else { return nil }
    if let lookup = R.lookup([id]) { return try first(lookup.selection) }
    return try transaction.find(R.self, id).flatMap { $0.isReadable(by: viewer) ? $0 : nil }
  }

  /// One for each id, in their order; the ids are distinct.
  func find<R: Guarded>(_ type: R.Type, ids: [ID]) throws(DatabaseError) -> [R?] {
    if let lookup = R.lookup(ids) {
      let rows = try transaction.select(lookup.selection.where(R.readable(by: viewer)))
      let byID = Dictionary(rows.map { (lookup.id($0), $0) }, uniquingKeysWith: { first, _ in first })
      return ids.map { byID[$0] }
    }
    return try transaction.find(R.self, ids: ids).map { record in
      record.flatMap { $0.isReadable(by: viewer) ? $0 : nil }
    }
  }

  func first<R: Guarded>(_ selection: Selection<R>) throws(DatabaseError) -> R? {
    let record = try transaction.first(selection.where(R.readable(by: viewer)))
    return record.flatMap { $0.isReadable(by: viewer) ? $0 : nil }
  }

  /// Takes an idempotency key for what the mutation is about to make. A concurrent mutation with the key is waited for.
  /// - Returns: the id of what an earlier mutation with the key made; then there is nothing left to do.
  /// - Throws: ``Refusal`` when the key stood for something else: a silent answer would lose what is asked for now.
  func claim(_ key: String?, for mutation: String, input: JSON, result: ID) throws -> ID? {
    guard let key else { return nil }
    let record = IdempotencyRecord(
      user: viewer.user, key: key, mutation: mutation, result: result, createdAt: now,
      input: IdempotencyRecord.fingerprint(of: input))
    if try transaction.insertIfAbsent(record) { return nil }
    guard let earlier = try transaction.find(IdempotencyRecord.self, viewer.user, key) else { return nil }
    guard earlier.mutation == mutation else {
      throw Refusal(
        .idempotencyKeyReused, "The idempotency key was used by '\(earlier.mutation)'.",
        field: ["input", "idempotencyKey"])
    }
    guard earlier.input == nil || earlier.input == record.input else {
      throw Refusal(
        .idempotencyKeyReused, "The idempotency key was used with another input.",
        field: ["input", "idempotencyKey"])
    }
    return earlier.result
  }

  /// Tells of a change; it is told when, and only when, the transaction commits.
  /// - Parameter audience: the only ones who are told; left out, everybody who may subscribe to the topic.
  mutating func publish(_ kind: DurableEvent.Kind, on topic: Topic, subject: ID, to audience: EventAudience? = nil) {
    events.append(
      OutboxEntry(
        id: ids.next(), organization: viewer.organization, topic: topic, kind: kind, subject: subject, createdAt: now,
        audience: audience))
  }

  /// Queues a notification for the webhook, where there is one.
  mutating func callWebhook(of notification: NotificationRecord) {
    if hasWebhook { deliveries.append(WebhookDelivery(notification, id: ids.next(), now: now)) }
  }

  /// Writes the gathered events. Must be the last thing before the commit: offsets are given under a lock that other
  /// writers wait for, which makes the order of offsets the order of commits.
  fileprivate func finish() throws {
    if !deliveries.isEmpty { try transaction.insert(deliveries) }
    guard !events.isEmpty else { return }
    try transaction.lock(Outbox.channel)
    try transaction.insert(events)
    try transaction.notify(Outbox.channel)
  }
}

extension Services {
  /// Runs a mutation in one transaction with its events, and wakes the hub after the commit.
  func mutate<T: Sendable>(
    _ name: String, as viewer: Viewer, on database: any Database,
    _ body: @escaping @Sendable (inout WorkUnit) throws -> T
  ) async throws -> T {
    let (ids, now, hasWebhook) = (world.ids, world.clock.wall, webhooks != nil)
    let result = try await whileAvailable {
      try await database.write(name) { transaction in
        var unit = WorkUnit(viewer: viewer, transaction: transaction, ids: ids, now: now, hasWebhook: hasWebhook)
        let result = try body(&unit)
        try unit.finish()
        return result
      }
    }
    hub.wake()
    return result
  }
}
