internal import World

/// What a committed change tells the world: no data, only where to find it, so that every reader's permission is checked
/// when it is read.
struct DurableEvent: Hashable, Sendable {
  enum Kind: String, Hashable, Sendable {
    case messageAdded = "message.added"
    case annotationAdded = "annotation.added"
    case notificationReceived = "notification.received"
    case sessionRevoked = "session.revoked"
  }

  /// Its place in the order of commits.
  let offset: Int64
  let organization: ID
  let topic: Topic
  let kind: Kind
  /// The row that the event is about.
  let subject: ID
}

/// Who is on a page, or how that changed. Never stored.
struct PresenceEvent: Hashable, Sendable {
  enum Kind: Hashable, Sendable {
    case snapshot([PresenceState.Presence])
    case change(PresenceState.Change)
  }
  let page: ID
  let kind: Kind
}

/// What the hub hands to the subscribers of a topic.
enum HubEvent: Hashable, Sendable {
  case durable(DurableEvent)
  case presence(PresenceEvent)

  var topic: Topic {
    switch self {
    case .durable(let event): event.topic
    case .presence(let event): .presence(onPage: event.page)
    }
  }
}
