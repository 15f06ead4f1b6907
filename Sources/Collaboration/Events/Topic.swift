package import World

/// A stream of events that one can subscribe to. Its name is part of what clients see: their cursors belong to it.
package struct Topic: Hashable, Sendable, CustomStringConvertible {
  package let name: String

  package init(name: String) { self.name = name }

  package static func messages(inThread thread: ID) -> Topic { Topic(name: "thread:\(thread)") }
  /// Who is writing there.
  package static func typing(inThread thread: ID) -> Topic { Topic(name: "typing:\(thread)") }
  package static func annotations(onPage page: ID) -> Topic { Topic(name: "annotations:\(page)") }
  package static func presence(onPage page: ID) -> Topic { Topic(name: "presence:\(page)") }
  package static func notifications(ofUser user: ID) -> Topic { Topic(name: "notifications:\(user)") }
  /// For the servers themselves: who holds a socket of the session closes it.
  package static func session(_ session: ID) -> Topic { Topic(name: "session:\(session)") }

  /// Whether its events are not stored, so that a lost one cannot be read again.
  package var isEphemeral: Bool { name.hasPrefix("presence:") || name.hasPrefix("typing:") }

  /// Topics with the same permission as this one.
  var companions: [Topic] {
    name.hasPrefix("thread:") ? [Topic(name: "typing:" + name.dropFirst("thread:".count))] : []
  }

  package var description: String { name }
}
