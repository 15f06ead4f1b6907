extension Database {
  /// The record with this key, if there is one.
  package func find<R: Record>(_ type: R.Type, _ key: any DatabaseValue...) async throws(DatabaseError) -> R? {
    let rows = try await read(RecordQueries.find(R.self, key: key.map(\.databaseValue)))
    return try decode(rows, R.self).first
  }

  /// The records with these keys, one for each key in its order, in one statement; `nil` where there is none.
  package func find<R: Record, Key: DatabaseValue>(
    _ type: R.Type, ids: [Key]
  ) async throws(DatabaseError) -> [R?] {
    guard !ids.isEmpty else { return [] }
    let keys = ids.map(\.databaseValue)
    return align(try decode(await read(RecordQueries.find(R.self, keys: keys))), to: keys)
  }

  package func select<R: Record>(_ selection: Selection<R>) async throws(DatabaseError) -> [R] {
    try decode(await read(RecordQueries.select(selection, dialect)))
  }

  package func first<R: Record>(_ selection: Selection<R>) async throws(DatabaseError) -> R? {
    try await select(selection.limit(1)).first
  }

  package func count<R: Record>(_ selection: Selection<R>) async throws(DatabaseError) -> Int {
    try countOf(await read(RecordQueries.count(selection, dialect)))
  }

  /// How many rows of the selection have each of `values` in `column`, in the order of `values`, in one statement.
  package func counts<R: Record, T: DatabaseValue>(
    _ selection: Selection<R>, per column: Column<R, T>, _ values: [T]
  ) async throws(DatabaseError) -> [Int] {
    guard !values.isEmpty else { return [] }
    let keys = values.map(\.databaseValue)
    let rows = try await read(RecordQueries.counts(selection, per: column.name, keys, dialect))
    return try alignCounts(rows, T.self, to: keys)
  }
}

extension Transaction {
  /// The record with this key, if there is one.
  package func find<R: Record>(_ type: R.Type, _ key: any DatabaseValue...) throws(DatabaseError) -> R? {
    try decode(query(RecordQueries.find(R.self, key: key.map(\.databaseValue))), R.self).first
  }

  /// The records with these keys, one for each key in its order, in one statement; `nil` where there is none.
  package func find<R: Record, Key: DatabaseValue>(_ type: R.Type, ids: [Key]) throws(DatabaseError) -> [R?] {
    guard !ids.isEmpty else { return [] }
    let keys = ids.map(\.databaseValue)
    return align(try decode(query(RecordQueries.find(R.self, keys: keys))), to: keys)
  }

  package func select<R: Record>(_ selection: Selection<R>) throws(DatabaseError) -> [R] {
    try decode(query(RecordQueries.select(selection, dialect)))
  }

  package func first<R: Record>(_ selection: Selection<R>) throws(DatabaseError) -> R? {
    try select(selection.limit(1)).first
  }

  package func count<R: Record>(_ selection: Selection<R>) throws(DatabaseError) -> Int {
    try countOf(query(RecordQueries.count(selection, dialect)))
  }

  /// How many rows of the selection have each of `values` in `column`, in the order of `values`, in one statement.
  package func counts<R: Record, T: DatabaseValue>(
    _ selection: Selection<R>, per column: Column<R, T>, _ values: [T]
  ) throws(DatabaseError) -> [Int] {
    guard !values.isEmpty else { return [] }
    let keys = values.map(\.databaseValue)
    let rows = try query(RecordQueries.counts(selection, per: column.name, keys, dialect))
    return try alignCounts(rows, T.self, to: keys)
  }
}

private func decode<R: Record>(_ rows: [Row], _ type: R.Type = R.self) throws(DatabaseError) -> [R] {
  var records: [R] = []
  records.reserveCapacity(rows.count)
  for row in rows {
    do { records.append(try R(row: row)) } catch {
      throw DatabaseError(error.kind, error.message, statement: "reading \(R.table.name)")
    }
  }
  return records
}

private func align<R: Record>(_ records: [R], to keys: [Value]) -> [R?] {
  guard let key = R.table.keys.first else { return keys.map { _ in nil } }
  let byKey = Dictionary(records.map { (key.value($0), $0) }, uniquingKeysWith: { first, _ in first })
  return keys.map { byKey[$0] }
}

private func countOf(_ rows: [Row]) throws(DatabaseError) -> Int {
  guard let row = rows.first else { return 0 }
  return try row.get(0, as: Int.self)
}

private func alignCounts<T: DatabaseValue>(
  _ rows: [Row], _ type: T.Type, to keys: [Value]
) throws(DatabaseError) -> [Int] {
  var counts: [Value: Int] = [:]
  for row in rows { counts[try row.get(0, as: T.self).databaseValue] = try row.get(1, as: Int.self) }
  return keys.map { counts[$0] ?? 0 }
}
