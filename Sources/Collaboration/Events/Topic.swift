internal import World

/// A stream of events that one can subscribe to. Its name is part of what clients see: their cursors belong to it.
struct Topic: Hashable, Sendable, CustomStringConvertible {
  let name: String

  init(name: String) { self.name = name }

  static func messages(inThread thread: ID) -> Topic { Topic(name: "thread:\(thread)") }
  static func annotations(onPage page: ID) -> Topic { Topic(name: "annotations:\(page)") }
  static func presence(onPage page: ID) -> Topic { Topic(name: "presence:\(page)") }
  static func notifications(ofUser user: ID) -> Topic { Topic(name: "notifications:\(user)") }
  /// For the servers themselves: who holds a socket of the session closes it.
  static func session(_ session: ID) -> Topic { Topic(name: "session:\(session)") }

  /// Whether its events are not stored, so that a lost one cannot be read again.
  var isEphemeral: Bool { name.hasPrefix("presence:") }

  var description: String { name }
}
