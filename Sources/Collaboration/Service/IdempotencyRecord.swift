internal import Cryptography
internal import Database
internal import JSON
internal import World

/// That a person's key was used, by which mutation with which input, and what came of it.
struct IdempotencyRecord: Record, Hashable {
  static let user = Column<IdempotencyRecord, ID>("user_id", .key) { $0.user }
  static let key = Column<IdempotencyRecord, String>("key", .key) { $0.key }
  static let mutation = Column<IdempotencyRecord, String>("mutation") { $0.mutation }
  static let result = Column<IdempotencyRecord, ID>("result_id") { $0.result }
  static let createdAt = Column<IdempotencyRecord, WallTime>("created_at") { $0.createdAt }
  static let input = Column<IdempotencyRecord, [UInt8]?>("input_hash") { $0.input }
  static let table = Table("idempotency_keys", user, key, mutation, result, createdAt, input)

  static let keyLimit = 128

  let user: ID
  let key: String
  let mutation: String
  /// The id of what the mutation made.
  let result: ID
  let createdAt: WallTime
  /// The ``fingerprint(of:)`` of the mutation's input; `nil` for keys of earlier versions.
  let input: [UInt8]?

  init(user: ID, key: String, mutation: String, result: ID, createdAt: WallTime, input: [UInt8]) {
    self.user = user
    self.key = key
    self.mutation = mutation
    self.result = result
    self.createdAt = createdAt
    self.input = input
  }

  init(from row: inout RowReader) throws(DatabaseError) {
    user = try row.next()
    key = try row.next()
    mutation = try row.next()
    result = try row.next()
    createdAt = try row.next()
    input = try row.next()
  }

  /// The SHA-256 of an input, whatever the order of its fields.
  static func fingerprint(of input: JSON) -> [UInt8] { sha256(sorted(input).bytes) }

  private static func sorted(_ value: JSON) -> JSON {
    switch value {
    case .object(let object):
      .object(JSONObject(object.members.map { ($0.key, sorted($0.value)) }.sorted { $0.0 < $1.0 }))
    case .array(let values): .array(values.map(sorted))
    default: value
    }
  }
}
