/// The statements of records, as values: ``Database`` and ``Transaction`` only run them.
enum RecordQueries {
  static func find<R: Record>(_ type: R.Type, key: [Value]) -> Query {
    Query("find \(R.table.name)", R.table.statements.find, key)
  }

  static func find<R: Record>(_ type: R.Type, keys: [Value]) -> Query {
    let statements = R.table.statements
    return Query(
      "find many \(R.table.name)", postgres: statements.findManyPostgres, sqlite: statements.findManySQLite,
      [.list(keys)])
  }

  static func select<R: Record>(_ selection: Selection<R>, _ dialect: Dialect) -> Query {
    let table = R.table
    var writer: SQLWriter
    if let partition = selection.partition {
      let columns = table.statements.columnList
      writer = SQLWriter(dialect, "SELECT \(columns) FROM (SELECT \(columns), row_number() OVER (PARTITION BY ")
      writer.append(quoted(partition))
      writer.order(by: selection.orderings)
      writer.append(") AS \"place\" FROM \(quoted(table.name))")
      writer.whereClause(selection.condition)
      writer.append(") AS \"ranked\" WHERE \"place\" <= ")
      writer.bind(.int(Int64(selection.limit ?? .max)))
      writer.append(" ORDER BY \(quoted(partition)), \"place\"")
    } else {
      writer = SQLWriter(dialect, table.statements.select)
      writer.whereClause(selection.condition)
      writer.order(by: selection.orderings)
      if let limit = selection.limit {
        writer.append(" LIMIT ")
        writer.bind(.int(Int64(limit)))
      }
      if selection.locked, dialect == .postgres { writer.append(" FOR UPDATE") }
    }
    return Query("select \(table.name)", writer.text, writer.parameters)
  }

  static func count<R: Record>(_ selection: Selection<R>, _ dialect: Dialect) -> Query {
    var writer = SQLWriter(dialect, "SELECT count(*) FROM \(quoted(R.table.name))")
    writer.whereClause(selection.condition)
    return Query("count \(R.table.name)", writer.text, writer.parameters)
  }

  static func counts<R: Record>(
    _ selection: Selection<R>, per column: String, _ values: [Value], _ dialect: Dialect
  ) -> Query {
    let name = quoted(column)
    var writer = SQLWriter(dialect, "SELECT \(name), count(*) FROM \(quoted(R.table.name))")
    let among = Condition.among(column, values)
    writer.whereClause(selection.condition.map { .all([among, $0]) } ?? among)
    writer.append(" GROUP BY \(name)")
    return Query("count \(R.table.name) per \(column)", writer.text, writer.parameters)
  }

  /// The most rows of one `INSERT` in SQLite, whose statements have at most 32,766 parameters.
  private static let sqliteRowLimit = 64
  /// The most rows of one `INSERT` in Postgres.
  private static let postgresRowLimit = 10_000

  /// Insertions of any number of records; a conflict clause may follow.
  static func insert<R: Record>(_ records: [R], conflict: String = "", _ dialect: Dialect) -> [Query] {
    let table = R.table
    guard let first = records.first else { return [] }
    let name = "insert \(table.name)"
    if records.count == 1 { return [Query(name, table.statements.insert + conflict, table.values(first))] }
    var queries: [Query] = []
    var rest = records[...]
    while !rest.isEmpty {
      switch dialect {
      case .postgres:
        let chunk = rest.prefix(postgresRowLimit)
        rest = rest.dropFirst(chunk.count)
        let columns = table.columns.map { column in Value.list(chunk.map { column.value($0) }) }
        queries.append(Query(name, table.statements.insertArrays + conflict, columns))
      case .sqlite:
        // Sizes are powers of two so that few statement texts serve all counts.
        var size = sqliteRowLimit
        while size > rest.count { size /= 2 }
        let chunk = rest.prefix(size)
        rest = rest.dropFirst(size)
        let sql = table.statements.insert(rows: size, columns: table.columns.count) + conflict
        queries.append(Query(name, sql, chunk.flatMap { table.values($0) }))
      }
    }
    return queries
  }

  static func update<R: Record>(_ record: R) -> Query {
    Query("update \(R.table.name)", R.table.statements.update, R.table.values(record))
  }

  static func update<R: Record>(
    _ assignments: [Assignment<R>], _ condition: Condition?, _ dialect: Dialect
  ) -> Query {
    var writer = SQLWriter(dialect, "UPDATE \(quoted(R.table.name)) SET ")
    writer.assign(assignments, table: R.table.name)
    writer.whereClause(condition)
    return Query("update \(R.table.name)", writer.text, writer.parameters)
  }

  static func delete<R: Record>(_ record: R) -> Query {
    Query("delete \(R.table.name)", R.table.statements.delete, R.table.keys.map { $0.value(record) })
  }

  static func delete<R: Record>(_ type: R.Type, _ condition: Condition?, _ dialect: Dialect) -> Query {
    var writer = SQLWriter(dialect, "DELETE FROM \(quoted(R.table.name))")
    writer.whereClause(condition)
    return Query("delete \(R.table.name)", writer.text, writer.parameters)
  }

  /// An insertion that updates what is there instead; without assignments it leaves it as it is.
  static func upsert<R: Record>(
    _ record: R, conflict columns: [String], _ assignments: [Assignment<R>], _ dialect: Dialect
  ) -> Query {
    var writer = SQLWriter(dialect, R.table.statements.insert, parameters: R.table.values(record))
    writer.append(conflictTarget(columns))
    if assignments.isEmpty {
      writer.append(" DO NOTHING")
    } else {
      writer.append(" DO UPDATE SET ")
      writer.assign(assignments, table: R.table.name)
    }
    return Query("upsert \(R.table.name)", writer.text, writer.parameters)
  }

  static func conflictTarget(_ columns: [String]) -> String {
    columns.isEmpty ? " ON CONFLICT" : " ON CONFLICT (" + columns.map(quoted).joined(separator: ", ") + ")"
  }
}
