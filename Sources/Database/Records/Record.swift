/// A row as a Swift value.
///
/// ```swift
/// struct User: Record {
///   static let id = Column<User, ID>("id", .key) { $0.id }
///   static let name = Column<User, String>("name") { $0.name }
///   static let table = Table("users", id, name)
///   var id: ID
///   var name: String
///   init(from row: inout RowReader) throws(DatabaseError) {
///     id = try row.next()      // in the order of the table's columns
///     name = try row.next()
///   }
/// }
/// ```
package protocol Record: Sendable {
  static var table: Table<Self> { get }
  init(from row: inout RowReader) throws(DatabaseError)
}

/// Reads a row's columns one after the other.
package struct RowReader {
  private let row: Row
  private var index = 0

  package init(_ row: Row) { self.row = row }

  /// The next column as `T`.
  package mutating func next<T: DatabaseValue>(_ type: T.Type = T.self) throws(DatabaseError) -> T {
    defer { index += 1 }
    return try row.get(index, as: T.self)
  }
}

extension Record {
  /// Reads a record from a row that has the table's columns first, in their order.
  package init(row: Row) throws(DatabaseError) {
    var reader = RowReader(row)
    try self.init(from: &reader)
  }

  /// Everything in the table; narrow it with ``Selection/where(_:)``.
  package static var all: Selection<Self> { Selection() }

  package static func `where`(_ predicate: Predicate<Self>) -> Selection<Self> { Selection().where(predicate) }
}
