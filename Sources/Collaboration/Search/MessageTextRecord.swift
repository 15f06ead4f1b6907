internal import Database
internal import World

/// The words of a message. The database keeps the index of them.
struct MessageTextRecord: Record, Hashable {
  static let message = Column<MessageTextRecord, ID>("message_id", .key) { $0.message }
  static let organization = Column<MessageTextRecord, ID>("organization_id") { $0.organization }
  static let thread = Column<MessageTextRecord, ID>("thread_id") { $0.thread }
  static let words = Column<MessageTextRecord, String>("words") { $0.words }
  static let isPrivate = Column<MessageTextRecord, Bool>("is_private") { $0.isPrivate }
  static let table = Table("message_texts", message, organization, thread, words, isPrivate)

  let message: ID
  let organization: ID
  let thread: ID
  /// Separated by spaces.
  let words: String
  /// As its thread.
  let isPrivate: Bool

  /// - Parameter people: those whom the message mentions: it is found by their names too.
  init(of message: MessageRecord, people: [UserRecord]) {
    self.message = message.id
    self.organization = message.organization
    self.thread = message.thread
    self.isPrivate = message.isPrivate
    let text = message.content.plainText { user in people.first { $0.id == user }?.name ?? "" }
    self.words = Words.of(text).joined(separator: " ")
  }

  init(from row: inout RowReader) throws(DatabaseError) {
    message = try row.next()
    organization = try row.next()
    thread = try row.next()
    words = try row.next()
    isPrivate = try row.next()
  }
}
