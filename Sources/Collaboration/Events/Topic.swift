package import World

/// A stream of events that one can subscribe to. Its name is part of what clients see: their cursors belong to it.
package struct Topic: Hashable, Sendable, CustomStringConvertible {
  package let name: String

  package init(name: String) { self.name = name }

  package static func messages(inThread thread: ID) -> Topic { Topic(name: "thread:\(thread)") }
  /// Who is writing there.
  package static func typing(inThread thread: ID) -> Topic { Topic(name: "typing:\(thread)") }
  /// Messages that are about to be committed there.
  package static func previews(inThread thread: ID) -> Topic { Topic(name: "preview:\(thread)") }
  package static func annotations(onPage page: ID) -> Topic { Topic(name: "annotations:\(page)") }
  package static func presence(onPage page: ID) -> Topic { Topic(name: "presence:\(page)") }
  package static func notifications(ofUser user: ID) -> Topic { Topic(name: "notifications:\(user)") }
  /// For the servers themselves: who holds a socket of the session closes it.
  package static func session(_ session: ID) -> Topic { Topic(name: "session:\(session)") }

  /// Whether its events are not stored, so that a lost one cannot be read again.
  package var isEphemeral: Bool { ["presence:", "typing:", "preview:"].contains(where: name.hasPrefix) }

  /// The thread whose events it carries.
  var thread: ID? { name.hasPrefix("thread:") ? ID(name.dropFirst("thread:".count)) : nil }

  /// Topics with the same permission as this one.
  var companions: [Topic] {
    guard name.hasPrefix("thread:") else { return [] }
    let thread = name.dropFirst("thread:".count)
    return [Topic(name: "typing:\(thread)"), Topic(name: "preview:\(thread)")]
  }

  package var description: String { name }
}
