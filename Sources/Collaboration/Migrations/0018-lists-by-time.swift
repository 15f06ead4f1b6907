package import Database

extension Migration {
  /// Lists are asked for a range of time.
  package static let listsByTime = Migration(
    18, "lists-by-time",
    concurrently: [
      ConcurrentIndex("messages_by_time", on: "messages (thread_id, created_at)"),
      ConcurrentIndex("threads_by_time", on: "threads (page_id, created_at)"),
      ConcurrentIndex("notifications_by_time", on: "notifications (user_id, created_at) WHERE retracted_at IS NULL"),
    ])
}
