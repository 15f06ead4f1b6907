package import Database

extension Migration {
  /// The newest messages of an organization or a thread, which Postgres searches before all others. SQLite's index of words
  /// has their order already.
  package static let newestTexts = Migration(
    25, "newest-texts",
    concurrently: [
      ConcurrentIndex("message_texts_newest", on: "message_texts (organization_id, message_id)", in: [.postgres]),
      ConcurrentIndex("message_texts_of_thread", on: "message_texts (thread_id, message_id)", in: [.postgres]),
    ])
}
