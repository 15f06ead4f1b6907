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

  /// The offset of the last committed event; 0 when there is none.
  func head() async throws -> Int64 {
    try await database.first(OutboxRecord.all.order(by: OutboxRecord.offset.descending))?.offset ?? 0
  }

  func events(after offset: Int64, limit: Int) async throws -> [DurableEvent] {
    let records = try await database.select(
      OutboxRecord.where(OutboxRecord.offset > offset).order(by: OutboxRecord.offset.ascending).limit(limit))
    return records.map { record in
      DurableEvent(
        offset: record.offset, organization: record.organization, topic: Topic(name: record.topic),
        kind: DurableEvent.Kind(rawValue: record.kind), subject: record.subject)
    }
  }
}
