/// A condition on the rows of `Owner`'s table.
package struct Predicate<Owner: Record>: Sendable {
  let condition: Condition

  package static func && (left: Predicate, right: Predicate) -> Predicate {
    Predicate(condition: .all([left.condition, right.condition]))
  }
  package static func || (left: Predicate, right: Predicate) -> Predicate {
    Predicate(condition: .any([left.condition, right.condition]))
  }
  package static prefix func ! (predicate: Predicate) -> Predicate {
    Predicate(condition: .not(predicate.condition))
  }

  /// Rows for which another table has a row: one whose `column` equals this row's `own`, and that meets `condition`.
  package static func exists<Other: Record, T, U>(
    _ own: Column<Owner, T>, in column: Column<Other, U>, where condition: Predicate<Other>
  ) -> Predicate {
    let names = (own: "\(quoted(Owner.table.name)).\(quoted(own.name))", other: Other.table.name, column: column.name)
    return Predicate(condition: .exists(names.other, names.column, names.own, condition.condition))
  }

  /// Rows that come after `position` in the order of `orderings`: the condition of keyset pagination.
  ///
  /// Uses a row comparison, which an index serves, when all orderings have one direction.
  /// - Parameter position: a value for each ordering, none of them null.
  package static func after(_ position: [Value], in orderings: [Ordering<Owner>]) -> Predicate {
    Predicate(condition: .after(Array(zip(orderings.map(\.column), orderings.map(\.descending))), position))
  }
}

/// A condition without its owner.
indirect enum Condition: Sendable {
  case compare(String, String, Value)
  case among(String, [Value])
  case isNull(String)
  case all([Condition])
  case any([Condition])
  case not(Condition)
  case after([(column: String, descending: Bool)], [Value])
  /// A table, its column, and what that must equal, written out; and what else must hold there.
  case exists(String, String, String, Condition)
}

extension Column {
  package static func == (column: Column, value: T) -> Predicate<Owner> {
    let value = value.databaseValue
    return Predicate(condition: value == .null ? .isNull(column.name) : .compare(column.name, "=", value))
  }
  /// As in SQL, a null column is not unequal to anything.
  package static func != (column: Column, value: T) -> Predicate<Owner> {
    let value = value.databaseValue
    return Predicate(condition: value == .null ? .not(.isNull(column.name)) : .compare(column.name, "<>", value))
  }
  package static func < (column: Column, value: T) -> Predicate<Owner> { column.compared("<", value) }
  package static func <= (column: Column, value: T) -> Predicate<Owner> { column.compared("<=", value) }
  package static func > (column: Column, value: T) -> Predicate<Owner> { column.compared(">", value) }
  package static func >= (column: Column, value: T) -> Predicate<Owner> { column.compared(">=", value) }

  package var isNull: Predicate<Owner> { Predicate(condition: .isNull(name)) }
  package var isNotNull: Predicate<Owner> { Predicate(condition: .not(.isNull(name))) }

  /// One of `values`; one statement text however many there are.
  package func isIn(_ values: [T]) -> Predicate<Owner> {
    Predicate(condition: .among(name, values.map(\.databaseValue)))
  }

  private func compared(_ comparison: String, _ value: T) -> Predicate<Owner> {
    Predicate(condition: .compare(name, comparison, value.databaseValue))
  }
}

extension Column {
  /// Among values of the type without its optionality.
  package func isIn<Wrapped: DatabaseValue>(_ values: [Wrapped]) -> Predicate<Owner> where T == Wrapped? {
    Predicate(condition: .among(name, values.map(\.databaseValue)))
  }
}
