package import World

/// What a committed change tells the world: no data, only where to find it, so that every reader's permission is checked
/// when it is read.
package struct DurableEvent: Hashable, Sendable {
  package enum Kind: String, Hashable, Sendable {
    case messageAdded = "message.added"
    case annotationAdded = "annotation.added"
    case annotationChanged = "annotation.changed"
    case messageEdited = "message.edited"
    case messageDeleted = "message.deleted"
    case reactionsChanged = "message.reactions"
    case threadResolved = "thread.resolved"
    case threadReopened = "thread.reopened"
    /// Of a private thread; the subject is the person.
    case participantAdded = "thread.participant.added"
    /// The same; what the person has subscribed to of the thread ends with it.
    case participantRemoved = "thread.participant.removed"
    /// Of a mention; other kinds of notifications have kinds of events of their own.
    case notificationReceived = "notification.received"
    case replyReceived = "notification.reply"
    case reactionReceived = "notification.reaction"
    case resolutionReceived = "notification.resolved"
    case reopeningReceived = "notification.reopened"
    case additionReceived = "notification.added"
    case notificationRetracted = "notification.retracted"
    case sessionRevoked = "session.revoked"
  }

  /// Its place in the order of commits.
  package let offset: Int64
  package let organization: ID
  package let topic: Topic
  /// `nil` for a kind that a later version wrote; this one has no subscribers for it.
  package let kind: Kind?
  /// The row that the event is about.
  package let subject: ID
  /// `nil`: everybody who may subscribe to the topic.
  package let audience: EventAudience?

  package init(
    offset: Int64, organization: ID, topic: Topic, kind: Kind?, subject: ID, audience: EventAudience? = nil
  ) {
    self.offset = offset
    self.organization = organization
    self.topic = topic
    self.kind = kind
    self.subject = subject
    self.audience = audience
  }
}

/// Who is on a page, or how that changed. Never stored.
package struct PresenceEvent: Hashable, Sendable {
  package enum Kind: Hashable, Sendable {
    case snapshot([PresenceState.Presence])
    case change(PresenceState.Change)
  }
  package let page: ID
  package let kind: Kind

  package init(page: ID, kind: Kind) {
    self.page = page
    self.kind = kind
  }
}

/// What the hub hands to the subscribers of a topic.
package enum HubEvent: Hashable, Sendable {
  case durable(DurableEvent)
  case presence(PresenceEvent)
  case typing(TypingEvent)
  case preview(MessagePreview)

  package var topic: Topic {
    switch self {
    case .durable(let event): event.topic
    case .presence(let event): .presence(onPage: event.page)
    case .typing(let event): .typing(inThread: event.thread)
    case .preview(let preview): .previews(inThread: preview.thread)
    }
  }
}
