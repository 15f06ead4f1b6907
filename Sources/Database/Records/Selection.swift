/// Which rows of a table, in which order, how many.
package struct Selection<Owner: Record>: Sendable {
  var condition: Condition?
  var orderings: [Ordering<Owner>] = []
  var limit: Int?
  var partition: String?
  var locked = false

  package init() {}

  /// Rows that also meet `predicate`.
  package func `where`(_ predicate: Predicate<Owner>) -> Selection {
    var copy = self
    copy.condition = condition.map { .all([$0, predicate.condition]) } ?? predicate.condition
    return copy
  }

  package func order(by orderings: Ordering<Owner>...) -> Selection { order(by: orderings) }

  package func order(by orderings: [Ordering<Owner>]) -> Selection {
    var copy = self
    copy.orderings += orderings
    return copy
  }

  package func limit(_ limit: Int) -> Selection {
    var copy = self
    copy.limit = limit
    return copy
  }

  /// The first `limit` rows, in the selection's order, for each value of `column`: what a batched resolver of lists asks.
  package func limit<T>(_ limit: Int, per column: Column<Owner, T>) -> Selection {
    var copy = self
    copy.limit = limit
    copy.partition = column.name
    return copy
  }

  /// Locks the rows until the transaction ends (Postgres: `FOR UPDATE`; SQLite: the writer is alone).
  package var forUpdate: Selection {
    var copy = self
    copy.locked = true
    return copy
  }
}
