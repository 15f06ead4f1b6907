/// A column of `Owner`'s table that holds `T`.
package struct Column<Owner: Record, T: DatabaseValue>: Sendable {
  package let name: String
  /// Part of the primary key.
  package let isKey: Bool
  let get: @Sendable (Owner) -> T

  package init(_ name: String, _ role: ColumnRole = .plain, _ get: @escaping @Sendable (Owner) -> T) {
    self.name = name
    self.isKey = role == .key
    self.get = get
  }

  /// What a row holds in it.
  package func of(_ owner: Owner) -> T { get(owner) }

  package var ascending: Ordering<Owner> { Ordering(column: name, descending: false) }
  package var descending: Ordering<Owner> { Ordering(column: name, descending: true) }

  /// What ``Table/set`` style updates assign: `User.name.to("Ada")`.
  package func to(_ value: T) -> Assignment<Owner> { Assignment(column: name, value: .value(value.databaseValue)) }

  /// Assigns what an upsert tried to insert.
  package var toInserted: Assignment<Owner> { Assignment(column: name, value: .excluded) }

  var erased: AnyColumn<Owner> {
    AnyColumn(name: name, type: T.columnType, isKey: isKey) { [get] in get($0).databaseValue }
  }
}

extension Column where T: BinaryInteger {
  /// Adds to what the column holds.
  package func plus(_ value: T) -> Assignment<Owner> {
    Assignment(column: name, value: .increment(value.databaseValue))
  }
}

package enum ColumnRole: Sendable { case plain, key }

struct AnyColumn<Owner: Record>: Sendable {
  let name: String
  let type: ColumnType
  let isKey: Bool
  let value: @Sendable (Owner) -> Value
}

package struct Ordering<Owner: Record>: Sendable {
  let column: String
  let descending: Bool
}

package struct Assignment<Owner: Record>: Sendable {
  enum Source: Sendable { case value(Value), increment(Value), excluded }
  let column: String
  let value: Source
}
