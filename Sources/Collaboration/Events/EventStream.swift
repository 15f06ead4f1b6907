internal import Database
internal import GraphQL
internal import World

/// What a subscription's resolver answers: which topic, and who gets the same payloads. Making one means that the viewer
/// was allowed to.
struct EventStream: Sendable {
  let topic: Topic
  /// Names what the payload depends on besides operation and variables.
  let audience: String
  /// Which of the topic's events belong to it; `nil`: all.
  var kinds: Set<DurableEvent.Kind>?
  /// The page, when the stream begins with a snapshot of who is there.
  var presencePage: ID?
  /// The thread, when the stream begins with a snapshot of who is writing there.
  var typingThread: ID?
  /// The private thread that it is about: who is taken out of that loses it.
  var privateThread: ID?
  /// Where it continues, when it was cut before.
  var resume: Int64?

  /// Everybody of the viewer's organization and role gets the same.
  static func shared(_ topic: Topic, by viewer: Viewer) -> EventStream {
    EventStream(topic: topic, audience: "organization:\(viewer.organization) as \(viewer.role.rawValue)")
  }

  /// What happens in a thread, for everybody who may see it.
  static func of(_ thread: ThreadRecord, _ topic: Topic, by viewer: Viewer) -> EventStream {
    var stream = shared(topic, by: viewer)
    if thread.isPrivate { stream.privateThread = thread.id }
    return stream
  }

  /// The viewer alone.
  static func own(_ topic: Topic, of viewer: Viewer) -> EventStream {
    EventStream(topic: topic, audience: audience(of: viewer))
  }

  /// One who shares with nobody.
  static func audience(of viewer: Viewer) -> String { "user:\(viewer.user)" }
}

extension FieldCall where Parent == Root, Context == RequestContext {
  /// The stream, continued after the argument `after` when there is one.
  /// - Throws: `GraphQLFault` of code `BAD_USER_INPUT` for what is no cursor, `SNAPSHOT_REQUIRED` for one of another
  ///   database.
  func resuming(_ stream: EventStream) throws -> EventStream {
    guard let text = try argument("after", as: String?.self) else { return stream }
    guard let cursor = EventCursor(text) else {
      throw GraphQLFault("'after' is no cursor of an event.", code: "BAD_USER_INPUT")
    }
    guard cursor.epoch == context.services.hub.epoch else { throw LostPlace.otherEpoch.fault }
    var stream = stream
    stream.resume = cursor.offset
    return stream
  }

  /// The row that an event is about, for the one who gets the event.
  func subject<R: Guarded>(_ type: R.Type, of event: DurableEvent) async throws -> R {
    let reader = try context.reader()
    guard let record = try await reader.find(R.self, event.subject) else {
      throw R.absence
    }
    return record
  }
}
