internal import Database
internal import World

/// That a person's key was used, by which mutation, and what came of it.
struct IdempotencyRecord: Record, Hashable {
  static let user = Column<IdempotencyRecord, ID>("user_id", .key) { $0.user }
  static let key = Column<IdempotencyRecord, String>("key", .key) { $0.key }
  static let mutation = Column<IdempotencyRecord, String>("mutation") { $0.mutation }
  static let result = Column<IdempotencyRecord, ID>("result_id") { $0.result }
  static let createdAt = Column<IdempotencyRecord, WallTime>("created_at") { $0.createdAt }
  static let table = Table("idempotency_keys", user, key, mutation, result, createdAt)

  static let keyLimit = 128

  let user: ID
  let key: String
  let mutation: String
  /// The id of what the mutation made.
  let result: ID
  let createdAt: WallTime

  init(user: ID, key: String, mutation: String, result: ID, createdAt: WallTime) {
    self.user = user
    self.key = key
    self.mutation = mutation
    self.result = result
    self.createdAt = createdAt
  }

  init(from row: inout RowReader) throws(DatabaseError) {
    user = try row.next()
    key = try row.next()
    mutation = try row.next()
    result = try row.next()
    createdAt = try row.next()
  }
}
