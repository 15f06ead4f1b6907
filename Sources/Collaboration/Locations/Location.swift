internal import Database
internal import JSON

/// Where a page is in the customer's own terms: a flat object such as `{"page": "report", "id": 7}`.
struct Location: Hashable, Sendable {
  static let entryLimit = 20
  /// Most bytes of the whole; a unique index of Postgres takes no more than about 2,700.
  static let sizeLimit = 2_000

  /// Sorted by key, each written as a member of a JSON object.
  let entries: [String]

  /// The canonical JSON text: equal for equal locations.
  var text: String { "{\(entries.joined(separator: ","))}" }

  /// - Returns: `nil` for what is no location.
  init?(_ json: JSON) {
    guard let object = json.object, (1...Self.entryLimit).contains(object.members.count) else { return nil }
    var entries: [String] = []
    for (key, value) in object.members.sorted(by: { $0.key < $1.key }) {
      switch value {
      case .string(let text) where !text.utf8.contains(0): break
      case .int, .double, .bool: break
      default: return nil
      }
      guard !key.isEmpty, !key.utf8.contains(0) else { return nil }
      entries.append("\(JSON.string(key).text):\(value.text)")
    }
    self.entries = entries
    guard Set(object.members.map(\.key)).count == entries.count, text.utf8.count <= Self.sizeLimit else { return nil }
  }

  /// Reads the stored form, or that of a client.
  init?(stored: String) {
    guard let json = try? JSON.parse(stored) else { return nil }
    self.init(json)
  }
}

extension Location: DatabaseValue {
  static var columnType: ColumnType { .text }
  static func read(_ value: Value) -> Location? { String.read(value).flatMap { Location(stored: $0) } }
  var databaseValue: Value { .text(text) }
}
