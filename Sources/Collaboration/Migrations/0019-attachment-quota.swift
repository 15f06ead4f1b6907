package import Database

extension Migration {
  /// How many files somebody has that are not sent is counted with every new one.
  package static let attachmentQuota = Migration(
    19, "attachment-quota",
    concurrently: [ConcurrentIndex("attachments_unsent_of", on: "attachments (uploader_id) WHERE thread_id IS NULL")])
}
