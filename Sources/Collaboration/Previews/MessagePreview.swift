internal import GraphQL
package import World

/// A message that is about to be committed, or what became of it. Never stored.
package struct MessagePreview: Hashable, Sendable {
  package enum Kind: String, Hashable, Sendable {
    case pending = "PENDING"
    case committed = "COMMITTED"
    case retracted = "RETRACTED"
  }
  package let kind: Kind
  package let thread: ID
  package let message: ID
  package let author: ID
  package let text: String
  package let expiresAt: WallTime

  func becoming(_ kind: Kind) -> MessagePreview {
    MessagePreview(
      kind: kind, thread: thread, message: message, author: author, text: text, expiresAt: expiresAt)
  }

  /// How long a preview is worth showing: a server that dies takes nothing back.
  static let lifetime: Duration = .seconds(10)

  /// What is told of a message that is sent, at which moments.
  /// - Parameter moment: of the pending message; `nil` for no preview at all.
  static func announcements(
    of content: Content, id: ID, toThread thread: ID?, at moment: PublishMoment?, _ context: RequestContext
  ) async throws -> [Announcement] {
    // Who may not write there announces nothing; the transaction says why.
    guard let moment, let thread = try await context.reader().find(ThreadRecord.self, thread) else { return [] }
    let people = try await MentionedPeople(in: [content], context)
    let viewer = try context.viewer()
    let pending = MessagePreview(
      kind: .pending, thread: thread.id, message: id, author: viewer.user, text: content.plainText(name: people.name),
      expiresAt: context.services.world.clock.wall + lifetime)
    let committed = Announcement(moment: .afterCommit, event: .preview(pending.becoming(.committed)))
    guard moment != .afterCommit else { return [committed] }
    return [
      Announcement(
        moment: moment, event: .preview(pending), retraction: .preview(pending.becoming(.retracted))), committed,
    ]
  }
}
