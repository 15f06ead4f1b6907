extension Database {
  /// How the database would run a query, a line for each step: for tests that a designed query uses its index.
  ///
  /// Postgres is told not to read whole tables if it can avoid it, because the tables of tests are small. A query that
  /// has no index shows `Seq Scan` in Postgres and `SCAN` in SQLite.
  package func plan(of query: Query) async throws -> [String] {
    switch dialect {
    case .sqlite:
      let explained = Query("plan of \(query.name)", "EXPLAIN QUERY PLAN \(query.sqlite)", query.parameters)
      // Where only reading is allowed a change may not even be explained.
      return try await write(explained.name) { try $0.query(explained).map { try $0.text("detail") } }
    case .postgres:
      let explained = Query("plan of \(query.name)", "EXPLAIN (COSTS OFF) \(query.postgres)", query.parameters)
      return try await write("plan of \(query.name)") { transaction in
        try transaction.execute(Query("no sequential scans", "SET LOCAL enable_seqscan = off"))
        return try transaction.query(explained).map { try $0.text(0) }
      }
    }
  }
}
