extension Transaction {
  /// Inserts the record. Whether it violates a constraint may show no sooner than in the commit.
  package func insert<R: Record>(_ record: R) throws(DatabaseError) {
    for query in RecordQueries.insert([record], dialect) { try send(query) }
  }

  /// Inserts all in one statement (SQLite: in a few for more than 64).
  package func insert<R: Record>(_ records: [R]) throws(DatabaseError) {
    for query in RecordQueries.insert(records, dialect) { try send(query) }
  }

  /// Inserts those that violate no unique constraint.
  /// - Returns: how many were inserted.
  @discardableResult
  package func insertIfAbsent<R: Record>(_ records: [R]) throws(DatabaseError) -> Int {
    var inserted = 0
    for query in RecordQueries.insert(records, conflict: " ON CONFLICT DO NOTHING", dialect) {
      inserted += try execute(query)
    }
    return inserted
  }

  /// Inserts the record unless it violates a unique constraint.
  /// - Returns: whether it was inserted.
  @discardableResult
  package func insertIfAbsent<R: Record>(_ record: R) throws(DatabaseError) -> Bool {
    try insertIfAbsent([record]) > 0
  }

  /// Writes all columns of the record with its key.
  /// - Returns: whether there was one.
  @discardableResult
  package func update<R: Record>(_ record: R) throws(DatabaseError) -> Bool {
    try execute(RecordQueries.update(record)) > 0
  }

  /// Assigns columns in all rows that meet `predicate`.
  /// - Returns: how many there were.
  @discardableResult
  package func update<R: Record>(
    _ type: R.Type, set assignments: Assignment<R>..., where predicate: Predicate<R>
  ) throws(DatabaseError) -> Int {
    try execute(RecordQueries.update(assignments, predicate.condition, dialect))
  }

  /// Deletes the row with the record's key.
  /// - Returns: whether there was one.
  @discardableResult
  package func delete<R: Record>(_ record: R) throws(DatabaseError) -> Bool {
    try execute(RecordQueries.delete(record)) > 0
  }

  /// Deletes all rows that meet `predicate`.
  /// - Returns: how many there were.
  @discardableResult
  package func delete<R: Record>(_ type: R.Type, where predicate: Predicate<R>) throws(DatabaseError) -> Int {
    try execute(RecordQueries.delete(R.self, predicate.condition, dialect))
  }

  /// Inserts the record, or writes all its columns over the row that has its primary key.
  package func upsert<R: Record>(_ record: R) throws(DatabaseError) {
    let table = R.table
    let others = table.columns.filter { !$0.isKey }.map { Assignment<R>(column: $0.name, value: .excluded) }
    try send(RecordQueries.upsert(record, conflict: table.keys.map(\.name), others, dialect))
  }

  /// Inserts the record, or makes `assignments` in the row that equals it in the columns of a unique constraint.
  package func upsert<R: Record, each T: DatabaseValue>(
    _ record: R, onConflict columns: (repeat Column<R, each T>), set assignments: Assignment<R>...
  ) throws(DatabaseError) {
    var names: [String] = []
    for column in repeat each columns { names.append(column.name) }
    try send(RecordQueries.upsert(record, conflict: names, assignments, dialect))
  }
}
