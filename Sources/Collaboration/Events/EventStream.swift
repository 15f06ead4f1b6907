internal import Database
internal import GraphQL
internal import World

/// What a subscription's resolver answers: which topic, and who gets the same payloads. Making one means that the viewer
/// was allowed to.
struct EventStream: Sendable {
  let topic: Topic
  /// Names what the payload depends on besides operation and variables.
  let audience: String
  /// The page, when the stream begins with a snapshot of who is there.
  var presencePage: ID?

  /// Everybody of the viewer's organization gets the same.
  static func shared(_ topic: Topic, by viewer: Viewer) -> EventStream {
    EventStream(topic: topic, audience: "organization:\(viewer.organization)")
  }

  /// The viewer alone.
  static func own(_ topic: Topic, of viewer: Viewer) -> EventStream {
    EventStream(topic: topic, audience: "user:\(viewer.user)")
  }
}

extension FieldCall where Parent == Root, Context == RequestContext {
  /// The row that an event is about, for the one who gets the event.
  func subject<R: Guarded>(_ type: R.Type, of event: DurableEvent) async throws -> R {
    let reader = try context.reader()
    guard let record = try await reader.find(R.self, event.subject) else {
      throw DanglingReference(table: R.table.name)
    }
    return record
  }
}
