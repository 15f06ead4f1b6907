internal import Database
internal import JSON
internal import World

/// What somebody has to do with a thread: reading it, following it, settling it.
enum ParticipantService {
  /// Most people who are told of every reply in one thread.
  static let subscriberLimit = 1_000

  private static let field = ["input", "threadId"]

  /// Whoever writes takes part, and has read what came before.
  static func wrote(_ message: MessageRecord, in thread: ThreadRecord, subscribe: Bool, _ unit: WorkUnit) throws {
    let record = ParticipantRecord(
      thread: thread, user: message.author, lastRead: message.sequence, isSubscribed: subscribe, joinedAt: unit.now)
    if subscribe {
      try unit.transaction.upsert(
        record, onConflict: (ParticipantRecord.thread, ParticipantRecord.user),
        set: ParticipantRecord.lastRead.toInserted, ParticipantRecord.isSubscribed.toInserted)
    } else {
      try unit.transaction.upsert(
        record, onConflict: (ParticipantRecord.thread, ParticipantRecord.user),
        set: ParticipantRecord.lastRead.toInserted)
    }
  }

  /// Who is told of every reply, in the order of their ids.
  static func subscribers(of thread: ID, _ unit: WorkUnit) throws -> [ID] {
    try unit.transaction.select(
      ParticipantRecord.where(ParticipantRecord.thread == thread && ParticipantRecord.isSubscribed == true)
        .order(by: ParticipantRecord.user.ascending).limit(subscriberLimit)
    ).map(\.user)
  }

  static func setSubscribed(_ isSubscribed: Bool, _ input: JSON, _ context: RequestContext) async throws -> ThreadRecord
  {
    let id = InputReader(input).id("threadId")
    return try await context.mutate(isSubscribed ? "subscribe to thread" : "unsubscribe from thread") { unit in
      let thread = try find(id, unit)
      let record = ParticipantRecord(
        thread: thread, user: unit.viewer.user, lastRead: 0, isSubscribed: isSubscribed, joinedAt: unit.now)
      try put(record, in: thread, set: ParticipantRecord.isSubscribed, unit)
      guard isSubscribed else { return thread }
      let all = ParticipantRecord.where(ParticipantRecord.thread == thread.id && ParticipantRecord.isSubscribed == true)
      guard try unit.transaction.count(all) <= subscriberLimit else {
        throw Refusal(.tooLarge, "A thread has at most \(subscriberLimit) subscribers.", field: field)
      }
      return thread
    }
  }

  static func markRead(_ input: JSON, _ context: RequestContext) async throws -> ThreadRecord {
    let reader = InputReader(input)
    let id = reader.id("threadId")
    let asked = reader["sequence"]?.int
    if let asked, asked < 0 {
      throw Refusal(.invalid, "'sequence' must not be negative.", field: ["input", "sequence"])
    }
    return try await context.mutate("mark thread read") { unit in
      let thread = try find(id, unit)
      let sequence = min(asked ?? thread.lastSequence, thread.lastSequence)
      let before = try unit.transaction.find(ParticipantRecord.self, thread.id, unit.viewer.user)
      guard sequence > before?.lastRead ?? -1 else { return thread }
      let record = ParticipantRecord(
        thread: thread, user: unit.viewer.user, lastRead: sequence, isSubscribed: false, joinedAt: unit.now)
      try put(record, in: thread, set: ParticipantRecord.lastRead, unit)
      return thread
    }
  }

  /// Makes somebody a participant, or changes one column of what they are. Nobody gets into a private thread by this: who
  /// is taken out of it meanwhile stays out.
  private static func put<T>(
    _ record: ParticipantRecord, in thread: ThreadRecord, set column: Column<ParticipantRecord, T>, _ unit: WorkUnit
  ) throws {
    guard thread.isPrivate else {
      return try unit.transaction.upsert(
        record, onConflict: (ParticipantRecord.thread, ParticipantRecord.user), set: column.toInserted)
    }
    let isTheirs = ParticipantRecord.thread == record.thread && ParticipantRecord.user == record.user
    guard
      try unit.transaction.update(ParticipantRecord.self, set: column.to(column.of(record)), where: isTheirs) == 1
    else { throw Refusal.notFound("thread", field: field) }
  }

  static func setResolved(_ isResolved: Bool, _ input: JSON, _ context: RequestContext) async throws -> ThreadRecord {
    let id = InputReader(input).id("threadId")
    return try await context.mutate(isResolved ? "resolve thread" : "reopen thread") { unit in
      let thread = try find(id, unit)
      let isOther = isResolved ? ThreadRecord.resolvedAt.isNull : ThreadRecord.resolvedAt.isNotNull
      let changed = try unit.transaction.update(
        ThreadRecord.self, set: ThreadRecord.resolvedAt.to(isResolved ? unit.now : nil),
        ThreadRecord.resolvedBy.to(isResolved ? unit.viewer.user : nil), where: ThreadRecord.id == thread.id && isOther)
      guard changed > 0 else { return thread }
      unit.publish(
        isResolved ? .threadResolved : .threadReopened, on: .messages(inThread: thread.id), subject: thread.id)
      try NotificationService.threadActed(isResolved ? .threadResolved : .threadReopened, on: thread, &unit)
      return try find(id, unit)
    }
  }

  private static func find(_ id: ID?, _ unit: WorkUnit) throws -> ThreadRecord {
    guard let thread = try unit.find(ThreadRecord.self, id) else { throw Refusal.notFound("thread", field: field) }
    return thread
  }
}
