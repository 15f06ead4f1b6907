internal import Database
internal import World

/// The committed events of a database.
struct Outbox: CommittedEvents {
  /// Name of the wake-up channel and of the lock that puts offsets in the order of commits.
  static let channel = "outbox"

  let epoch: String
  private let database: any Database

  /// Opens the outbox, naming its epoch when nobody has before.
  init(database: any Database, world: World) async throws {
    let fresh = EpochRecord(epoch: world.ids.next())
    let existing = try await database.first(EpochRecord.all)
    if let existing {
      epoch = existing.epoch.description
    } else {
      let named = try await database.write("name the outbox's epoch") { transaction in
        try transaction.insertIfAbsent(fresh)
        return try transaction.first(EpochRecord.all) ?? fresh
      }
      epoch = named.epoch.description
    }
    self.database = database
  }

  /// The offset of the last committed event; 0 when there has been none.
  func head() async throws -> Int64 {
    let last = try await database.first(OutboxRecord.all.order(by: OutboxRecord.offset.descending))
    if let last { return last.offset }
    return try await database.first(EpochRecord.all)?.trimmedThrough ?? 0
  }

  func events(after offset: Int64, limit: Int) async throws -> [DurableEvent] {
    let records = try await database.select(
      OutboxRecord.where(OutboxRecord.offset > offset).order(by: OutboxRecord.offset.ascending).limit(limit))
    return records.map(Self.event)
  }

  func events(
    on topic: Topic, after offset: Int64, through last: Int64, limit: Int
  ) async throws -> [DurableEvent]? {
    let records = try await database.select(
      OutboxRecord.where(
        OutboxRecord.topic == topic.name && OutboxRecord.offset > offset && OutboxRecord.offset <= last
      ).order(by: OutboxRecord.offset.ascending).limit(limit))
    // Asked afterwards: what had been deleted before the events were read shows here.
    guard let epoch = try await database.first(EpochRecord.all), epoch.trimmedThrough <= offset else { return nil }
    return records.map(Self.event)
  }

  private static func event(_ record: OutboxRecord) -> DurableEvent {
    DurableEvent(
      offset: record.offset, organization: record.organization, topic: Topic(name: record.topic),
      kind: DurableEvent.Kind(rawValue: record.kind), subject: record.subject, audience: record.audience)
  }
}
