package import Database
package import World

/// The only ones who get an event of a topic that others subscribe to as well: who was in a private thread when it was
/// committed.
package struct EventAudience: Hashable, Sendable {
  package let thread: ID
  package let users: [ID]

  package init(thread: ID, users: [ID]) {
    self.thread = thread
    self.users = users
  }
}

/// Stored as the ids, the thread's first, separated by spaces.
extension EventAudience: DatabaseValue {
  package static var columnType: ColumnType { .text }
  package static func read(_ value: Value) -> EventAudience? {
    guard case .text(let text) = value else { return nil }
    let ids = text.split(separator: " ").map { ID($0) }
    guard let first = ids.first, let thread = first else { return nil }
    return EventAudience(thread: thread, users: ids.dropFirst().compactMap(\.self))
  }
  package var databaseValue: Value { .text(([thread] + users).map(\.description).joined(separator: " ")) }
}
