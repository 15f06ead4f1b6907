internal import Database
internal import JSON
internal import World

/// What people do with pages, threads and messages, each in one transaction.
enum ConversationService {
  static let titleLimit = 200

  static func ensurePage(_ input: JSON, _ context: RequestContext) async throws -> PageRecord {
    var reader = InputReader(input)
    let url = reader.url("url")
    let title = reader.optionalText("title", limit: titleLimit)
    let location = reader["location"].flatMap { Location($0) }
    try reader.finish()
    return try await context.mutate("ensure page") { unit in
      try unit.requireMember()
      let found = try unit.ensure(.url(url), title: title)
      var page = found
      page.title = title ?? page.title
      page.location = location ?? page.location
      guard page != found else { return page }
      try unit.transaction.update(page)
      if let location, location != found.location { try unit.place(page, at: location) }
      return page
    }
  }

  struct NewThread: Sendable {
    let thread: ThreadRecord
    let message: MessageRecord?
  }

  static func createThread(_ input: JSON, _ context: RequestContext) async throws -> NewThread {
    var reader = InputReader(input)
    let reference = PageReference(&reader)
    let title = reader.optionalText("title", limit: titleLimit)
    let content = Content(reader["content"], into: &reader)
    let subscribe = reader["subscribe"]?.bool ?? false
    let privacy = PrivateThreadService.Draft(&reader)
    let key = reader.optionalText("idempotencyKey", limit: IdempotencyRecord.keyLimit)
    try reader.finish()
    return try await context.mutate("create thread") { unit in
      try unit.requireMember()
      let id = unit.ids.next()
      if let earlier = try unit.claim(key, for: "createThread", input: input, result: id) {
        guard let thread = try unit.find(ThreadRecord.self, earlier) else {
          throw DanglingReference(table: ThreadRecord.table.name)
        }
        let message = try unit.first(
          MessageRecord.where(MessageRecord.thread == earlier && MessageRecord.sequence == 1))
        return NewThread(thread: thread, message: content == nil ? nil : message)
      }
      let page = try unit.ensure(reference)
      let thread = ThreadRecord(
        id: id, organization: page.organization, page: page.id, title: title, creator: unit.viewer.user,
        createdAt: unit.now, isPrivate: privacy.isPrivate)
      try unit.transaction.insert(thread)
      try PrivateThreadService.begin(thread, privacy, isSubscribed: subscribe, &unit)
      guard let content else {
        if subscribe, !thread.isPrivate {
          try unit.transaction.insert(
            ParticipantRecord(
              thread: thread, user: unit.viewer.user, lastRead: 0, isSubscribed: true, joinedAt: unit.now))
        }
        return NewThread(thread: thread, message: nil)
      }
      let message = try append(
        content, id: unit.ids.next(), toThread: id, subscribe: subscribe, field: ["input"], &unit)
      let grown = try unit.find(ThreadRecord.self, id)
      return NewThread(thread: grown ?? thread, message: message)
    }
  }

  static func sendMessage(_ input: JSON, _ context: RequestContext) async throws -> MessageRecord {
    var reader = InputReader(input)
    let thread = reader.id("threadId")
    let content = Content(reader["content"], into: &reader)
    let subscribe = reader["subscribe"]?.bool ?? false
    let attachments = AttachmentService.ids(&reader)
    let moment = reader["preview"]?.string.flatMap(PublishMoment.init(rawValue:))
    let key = reader.optionalText("idempotencyKey", limit: IdempotencyRecord.keyLimit)
    try reader.finish()
    guard let content else { throw Refusal(.invalid, "'content' is missing.", field: ["input", "content"]) }
    // Named before the transaction, which may run twice: a preview has told the name.
    let (services, id) = (context.services, context.services.world.ids.next())
    let announcements = try await MessagePreview.announcements(
      of: content, id: id, toThread: thread, at: moment, context)
    let message = try await services.announcing(announcements, cameAbout: { $0.id == id }) {
      try await send(
        content, id: id, toThread: thread, subscribe: subscribe, attachments: attachments, key: key, input: input,
        context)
    }
    services.typing.end(in: message.thread, user: message.author)
    return message
  }

  private static func send(
    _ content: Content, id: ID, toThread thread: ID?, subscribe: Bool, attachments: [ID?], key: String?,
    input: JSON, _ context: RequestContext
  ) async throws -> MessageRecord {
    try await context.mutate("send message") { unit in
      if let earlier = try unit.claim(key, for: "sendMessage", input: input, result: id) {
        guard let message = try unit.find(MessageRecord.self, earlier) else {
          throw DanglingReference(table: MessageRecord.table.name)
        }
        return message
      }
      let message = try append(
        content, id: id, toThread: thread, subscribe: subscribe, field: ["input", "threadId"], &unit)
      try AttachmentService.send(
        attachments, in: message.thread, isPrivate: message.isPrivate, with: AttachmentRecord.message.to(id),
        field: ["input", "attachmentIds"], unit)
      return message
    }
  }

  /// Adds a message to a thread, with its mentions, their notifications, and the events of all of them.
  private static func append(
    _ content: Content, id: ID, toThread thread: ID?, subscribe: Bool, field: [String], _ unit: inout WorkUnit
  ) throws -> MessageRecord {
    // Counting up locks the thread's row until the commit: numbers have no gaps and are in the order of commits. What is
    // found under the lock may still be seen: whoever held it before may have taken the viewer out of the thread.
    guard let thread,
      try unit.transaction.update(
        ThreadRecord.self, set: ThreadRecord.lastSequence.plus(1),
        where: ThreadRecord.id == thread && ThreadRecord.readable(by: unit.viewer)) == 1,
      let counted = try unit.find(ThreadRecord.self, thread)
    else { throw Refusal.notFound("thread", field: field) }
    let people = try checkMentions(content, thread: counted.id, isPrivate: counted.isPrivate, unit)
    let message = MessageRecord(
      id: id, in: counted, author: unit.viewer.user, content: content, createdAt: unit.now)
    try unit.transaction.insert(message)
    try unit.transaction.insert(MessageTextRecord(of: message, people: people))
    unit.publish(.messageAdded, on: .messages(inThread: counted.id), subject: id)
    let mentioned = content.mentionedUsers
    if !mentioned.isEmpty {
      try unit.transaction.insert(
        mentioned.map { MentionRecord(message: id, user: $0, organization: counted.organization) })
    }
    try NotificationService.messageAdded(message, mentioning: mentioned, &unit)
    try ParticipantService.wrote(message, in: counted, subscribe: subscribe, unit)
    return message
  }

  /// Only people who may see the thread can be mentioned in it; those who may not and nobody get the same answer.
  /// - Returns: those who are mentioned.
  static func checkMentions(
    _ content: Content, thread: ID, isPrivate: Bool, _ unit: WorkUnit
  ) throws -> [UserRecord] {
    let mentioned = content.mentionedUsers
    guard !mentioned.isEmpty else { return [] }
    let people = try unit.find(UserRecord.self, ids: mentioned)
    let insiders = try PrivateThreadService.insiders(among: mentioned, thread: thread, isPrivate: isPrivate, unit)
    var strangers = Set(mentioned).subtracting(insiders)
    for (id, user) in zip(mentioned, people) where user?.removedAt != nil || user == nil { strangers.insert(id) }
    guard !strangers.isEmpty else { return people.compactMap(\.self) }
    let errors = content.nodes.enumerated().compactMap { index, node -> UserError? in
      guard case .mention(let user) = node, strangers.contains(user) else { return nil }
      return UserError(
        code: .cannotMention, message: Content.cannotMention,
        field: ["input", "content", String(index), "mention"])
    }
    throw Refusal(errors)
  }
}
