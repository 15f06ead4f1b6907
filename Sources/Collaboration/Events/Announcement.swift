internal import GraphQL

/// When something is told that is about a transaction and not part of it. What is part of it goes into the outbox.
enum PublishMoment: String, GraphQLInput {
  /// Subscribers have it before the transaction begins.
  case before = "BEFORE"
  /// While the transaction runs; neither waits for the other.
  case concurrently = "CONCURRENTLY"
  /// Once it has committed, behind its durable events; never otherwise.
  case afterCommit = "AFTER_COMMIT"
}

/// An ephemeral event about a transaction, with its moment. What was told before its end, and then did not come about, is
/// taken back, in the same order.
struct Announcement: Sendable {
  let moment: PublishMoment
  let event: HubEvent
  /// What takes it back; `nil` where the moment is after the commit.
  var retraction: HubEvent?
}

extension Services {
  /// Runs a mutation and tells of it at the announcements' moments.
  ///
  /// When it is not known whether the transaction committed, the announcement is taken back: its durable events come if it
  /// did, and they are what counts.
  /// - Parameter cameAbout: whether what was announced is what was done: a repeated mutation does nothing anew.
  func announcing<T: Sendable>(
    _ announcements: [Announcement], cameAbout: (T) -> Bool = { _ in true }, _ mutation: () async throws -> T
  ) async throws -> T {
    let before = announcements.filter { $0.moment == .before }
    for announcement in before { hub.publish(announcement.event) }
    if !before.isEmpty { await hub.fence() }
    for announcement in announcements where announcement.moment == .concurrently { hub.publish(announcement.event) }
    do {
      let result = try await mutation()
      if cameAbout(result) {
        for announcement in announcements where announcement.moment == .afterCommit { hub.publish(announcement.event) }
      } else {
        retract(announcements)
      }
      return result
    } catch {
      retract(announcements)
      throw error
    }
  }

  private func retract(_ announcements: [Announcement]) {
    for announcement in announcements where announcement.moment != .afterCommit {
      if let retraction = announcement.retraction { hub.publish(retraction) }
    }
  }
}
