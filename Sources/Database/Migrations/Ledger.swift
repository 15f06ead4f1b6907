internal import World

/// The statements about `schema_migrations`, the table that says which steps are applied.
struct Ledger: Sendable {
  let dialect: Dialect

  init(_ dialect: Dialect) { self.dialect = dialect }

  let create = Query(
    "create schema_migrations",
    """
    CREATE TABLE IF NOT EXISTS schema_migrations (
      number bigint NOT NULL PRIMARY KEY, name text NOT NULL, checksum text NOT NULL, applied_at bigint NOT NULL)
    """)

  let list = Query(
    "list schema_migrations", "SELECT number, name, checksum, applied_at FROM schema_migrations ORDER BY number")

  let exists = Query(
    "find schema_migrations",
    postgres: "SELECT to_regclass('schema_migrations') IS NOT NULL",
    sqlite: "SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = 'schema_migrations'")

  /// Takes the lock of the one runner that may work, without waiting for it: one who waits inside of a statement holds a
  /// snapshot, and an index that is built concurrently waits for all snapshots. In SQLite the writer is alone anyway.
  /// - Parameter held: until the transaction ends, or until the connection does.
  func tryLock(_ held: LockScope) -> Query {
    let function = held == .transaction ? "pg_try_advisory_xact_lock" : "pg_try_advisory_lock"
    return Query(
      "lock schema_migrations", postgres: "SELECT \(function)(hashtextextended('schema_migrations', 0))",
      sqlite: "SELECT 1")
  }

  enum LockScope { case transaction, connection }

  func insert(_ migration: Migration, _ time: WallTime) -> Query {
    Query(
      "insert schema_migrations", "INSERT INTO schema_migrations VALUES ($1, $2, $3, $4)",
      [
        .int(Int64(migration.number)), .text(migration.name), .text(migration.checksum(dialect)),
        .int(time.milliseconds),
      ])
  }

  func delete(_ migration: Migration) -> Query {
    Query(
      "delete schema_migrations", "DELETE FROM schema_migrations WHERE number = $1", [.int(Int64(migration.number))])
  }

  func applied(_ rows: [Row]) throws(DatabaseError) -> [Migrator.Applied] {
    var applied: [Migrator.Applied] = []
    for row in rows {
      applied.append(
        Migrator.Applied(
          number: try row.get(0), name: try row.text(1), checksum: try row.text(2), at: try row.get(3)))
    }
    return applied
  }
}
