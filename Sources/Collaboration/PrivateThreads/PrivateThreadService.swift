internal import Database
internal import JSON
internal import World

/// Who is in private threads.
enum PrivateThreadService {
  /// Most people in one private thread.
  static let participantLimit = 100

  private static let field = ["input", "userIds"]

  /// What an input says of a new thread's privacy.
  struct Draft: Sendable {
    let isPrivate: Bool
    /// As written; `nil` is what can be nobody's id.
    let participants: [ID?]

    /// Reads `isPrivate` and `participants`, keeping faults in `reader`.
    init(_ reader: inout InputReader) {
      isPrivate = reader["isPrivate"]?.bool ?? false
      participants = (reader["participants"]?.array ?? []).map { $0.string.flatMap { ID($0) } }
      if !isPrivate, !participants.isEmpty {
        reader.fail(.invalid, "'participants' needs 'isPrivate'.", ["participants"])
      }
      if participants.count >= participantLimit {
        reader.fail(.tooLarge, "'participants' must have at most \(participantLimit - 1) elements.", ["participants"])
      }
    }
  }

  /// Puts a new private thread's first participants into it. Its creator is one, whatever else is said.
  static func begin(
    _ thread: ThreadRecord, _ draft: Draft, isSubscribed: Bool, _ unit: inout WorkUnit
  ) throws {
    guard thread.isPrivate else { return }
    try unit.transaction.insert(
      ParticipantRecord(
        thread: thread, user: thread.creator, lastRead: 0, isSubscribed: isSubscribed, joinedAt: unit.now))
    let others = try find(draft.participants, field: ["input", "participants"], unit).filter { $0 != thread.creator }
    try join(others, thread, &unit)
  }

  static func add(_ input: JSON, _ context: RequestContext) async throws -> ThreadRecord {
    let (id, people) = try read(input)
    return try await context.mutate("add participants") { unit in
      let thread = try locked(id, unit)
      try unit.requireMember()
      let asked = try find(people, field: field, unit)
      let there = try participants(of: thread.id, unit)
      let added = asked.filter { !there.contains($0) }
      guard there.count + added.count <= participantLimit else {
        throw Refusal(.tooLarge, "A private thread has at most \(participantLimit) participants.", field: field)
      }
      guard !added.isEmpty else { return thread }
      try join(added, thread, &unit)
      if let annotation = try unit.first(AnnotationRecord.where(AnnotationRecord.thread == thread.id)) {
        unit.publish(
          .annotationAdded, on: .annotations(onPage: annotation.page), subject: annotation.id,
          to: EventAudience(thread: thread.id, users: added))
      }
      return thread
    }
  }

  static func remove(_ input: JSON, _ context: RequestContext) async throws -> ThreadRecord {
    let (id, people) = try read(input)
    return try await context.mutate("remove participants") { unit in
      let thread = try locked(id, unit)
      let asked = people.compactMap(\.self).distinct
      if asked != [unit.viewer.user] { try unit.requireMember() }
      let there = try participants(of: thread.id, unit)
      let removed = asked.filter { there.contains($0) }
      guard !removed.isEmpty else { return thread }
      guard removed.count < there.count else {
        throw Refusal(.conflict, "The last participant cannot be removed.", field: field)
      }
      try unit.transaction.delete(
        ParticipantRecord.self, where: ParticipantRecord.thread == thread.id && ParticipantRecord.user.isIn(removed))
      try NotificationService.retract(
        NotificationRecord.thread == thread.id && NotificationRecord.user.isIn(removed), &unit)
      for user in removed {
        unit.publish(.participantRemoved, on: .messages(inThread: thread.id), subject: user)
      }
      return thread
    }
  }

  /// Those of a private thread whom an event on a topic of others is for; `nil`: everybody.
  static func audience(of thread: ThreadRecord, _ unit: WorkUnit) throws -> EventAudience? {
    guard thread.isPrivate else { return nil }
    return EventAudience(thread: thread.id, users: try participants(of: thread.id, unit))
  }

  /// Which of some people may see what is in a thread; they are of its organization.
  static func insiders(among users: [ID], thread: ID, isPrivate: Bool, _ unit: WorkUnit) throws -> Set<ID> {
    guard isPrivate, !users.isEmpty else { return Set(users) }
    let isThere = ParticipantRecord.thread == thread && ParticipantRecord.user.isIn(users)
    return Set(try unit.transaction.select(ParticipantRecord.where(isThere)).map(\.user))
  }

  private static func read(_ input: JSON) throws -> (thread: ID?, people: [ID?]) {
    let reader = InputReader(input)
    let people = (reader["userIds"]?.array ?? []).map { $0.string.flatMap { ID($0) } }
    guard (1..<participantLimit).contains(people.count) else {
      throw Refusal(
        people.isEmpty ? .invalid : .tooLarge, "'userIds' must have 1 to \(participantLimit - 1) elements.",
        field: field)
    }
    return (reader.id("threadId"), people)
  }

  /// The thread, locked until the commit: who is in it changes one after the other, and not while somebody writes in it.
  private static func locked(_ id: ID?, _ unit: WorkUnit) throws -> ThreadRecord {
    let notFound = Refusal.notFound("thread", field: ["input", "threadId"])
    guard let id, try unit.first(ThreadRecord.where(ThreadRecord.id == id).forUpdate) != nil,
      // Read again under the lock: whoever held it may have taken the viewer out.
      let thread = try unit.find(ThreadRecord.self, id)
    else { throw notFound }
    guard thread.isPrivate else {
      throw Refusal(.invalid, "Everybody may see this thread: it is not private.", field: ["input", "threadId"])
    }
    return thread
  }

  private static func participants(of thread: ID, _ unit: WorkUnit) throws -> [ID] {
    try unit.transaction.select(
      ParticipantRecord.where(ParticipantRecord.thread == thread).order(by: ParticipantRecord.user.ascending)
    ).map(\.user)
  }

  /// People of the viewer's organization; strangers and nobody get the same answer.
  private static func find(_ people: [ID?], field: [String], _ unit: WorkUnit) throws -> [ID] {
    let ids = people.compactMap(\.self).distinct
    guard !people.isEmpty else { return [] }
    let found = try unit.find(UserRecord.self, ids: ids)
    let known = Set(found.compactMap { user in user.flatMap { $0.removedAt == nil ? $0.id : nil } })
    let errors = people.enumerated().compactMap { index, id -> UserError? in
      if let id, known.contains(id) { return nil }
      return UserError(code: .notFound, message: "There is no such user.", field: field + [String(index)])
    }
    guard errors.isEmpty else { throw Refusal(errors) }
    return ids
  }

  private static func join(_ people: [ID], _ thread: ThreadRecord, _ unit: inout WorkUnit) throws {
    guard !people.isEmpty else { return }
    try unit.transaction.insert(
      people.map { ParticipantRecord(thread: thread, user: $0, lastRead: 0, isSubscribed: true, joinedAt: unit.now) })
    for user in people { unit.publish(.participantAdded, on: .messages(inThread: thread.id), subject: user) }
    try NotificationService.added(people, to: thread, &unit)
  }
}
