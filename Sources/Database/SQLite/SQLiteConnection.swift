internal import CSQLite

/// One connection to SQLite. Not safe for concurrent use: its owner holds a lock or is one thread.
final class SQLiteConnection: @unchecked Sendable {
  /// The most prepared statements a connection keeps; the least recently used goes first.
  private static let statementLimit = 256
  /// How long a statement waits for another process's lock.
  private static let busyTimeoutMilliseconds: Int32 = 5_000

  private let handle: OpaquePointer
  private var statements: [String: SQLiteStatement] = [:]
  private var uses: UInt64 = 0

  /// - Parameter path: a file, or `:memory:` for a database of its own.
  init(path: String) throws(DatabaseError) {
    var handle: OpaquePointer?
    let flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE
    let code = sqlite3_open_v2(path, &handle, flags, nil)
    guard code == SQLITE_OK, let handle else {
      let reason = handle.map { String(cString: sqlite3_errmsg($0)) } ?? "out of memory"
      sqlite3_close_v2(handle)
      throw DatabaseError(.connection, "\(path) could not be opened: \(reason)")
    }
    self.handle = handle
    sqlite3_busy_timeout(handle, Self.busyTimeoutMilliseconds)
    for pragma in ["foreign_keys = ON", "synchronous = NORMAL", "temp_store = MEMORY"] {
      _ = try run(Query("pragma", "PRAGMA \(pragma)"))
    }
  }

  deinit {
    for statement in statements.values { sqlite3_finalize(statement.handle) }
    sqlite3_close_v2(handle)
  }

  /// Write-ahead logging is a property of the file: readers and the writer do not wait for each other.
  func useWriteAheadLog() throws(DatabaseError) {
    _ = try run(Query("pragma", "PRAGMA journal_mode = WAL"))
  }

  /// A number that changes when any other connection, also of another process, has committed; `nil` when the database
  /// could not be asked.
  var foreignVersion: Int64? {
    guard let result = try? run(Query("data version", "PRAGMA data_version")) else { return nil }
    return try? result.rows.first?.int(0)
  }

  /// False while a transaction is open.
  var isIdle: Bool { sqlite3_get_autocommit(handle) != 0 }

  /// Rows changed by the last `INSERT`, `UPDATE` or `DELETE`.
  private var changes: Int { Int(sqlite3_changes64(handle)) }

  /// Runs a statement.
  /// - Parameter readOnly: refuse a statement that would change the database.
  func run(_ query: Query, readOnly: Bool = false) throws(DatabaseError) -> RowSet {
    let statement = try prepare(query)
    defer { if !query.isReusable { sqlite3_finalize(statement.handle) } }
    if readOnly, sqlite3_stmt_readonly(statement.handle) == 0 {
      throw DatabaseError(.syntax, "a read must not change the database").at(query, .sqlite)
    }
    defer {
      sqlite3_reset(statement.handle)
      sqlite3_clear_bindings(statement.handle)
    }
    try statement.bind(query)
    var values: [Value] = []
    var count = 0
    while true {
      let code = sqlite3_step(statement.handle)
      switch code {
      case SQLITE_ROW:
        count += 1
        statement.appendRow(to: &values)
      case SQLITE_DONE:
        return RowSet(columns: statement.columns, values: values, count: count)
      default:
        throw error(code).at(query, .sqlite)
      }
    }
  }

  /// Runs a statement and counts the rows it changed.
  func execute(_ query: Query) throws(DatabaseError) -> Int {
    let before = sqlite3_total_changes64(handle)
    let result = try run(query)
    if result.count > 0 { return result.count }
    // `changes` keeps the count of the last statement that changed rows: it says nothing when this one changed none.
    return sqlite3_total_changes64(handle) == before ? 0 : changes
  }

  private func prepare(_ query: Query) throws(DatabaseError) -> SQLiteStatement {
    uses += 1
    if query.isReusable, let known = statements[query.sqlite] {
      known.lastUse = uses
      return known
    }
    var prepared: OpaquePointer?
    let flags = query.isReusable ? UInt32(SQLITE_PREPARE_PERSISTENT) : 0
    let code = sqlite3_prepare_v3(handle, query.sqlite, -1, flags, &prepared, nil)
    guard code == SQLITE_OK else { throw error(code).at(query, .sqlite) }
    guard let prepared else { throw DatabaseError(.syntax, "there is no statement in the text").at(query, .sqlite) }
    let statement = SQLiteStatement(prepared)
    guard query.isReusable else { return statement }
    statement.lastUse = uses
    if statements.count >= Self.statementLimit { forgetOne() }
    statements[query.sqlite] = statement
    return statement
  }

  private func forgetOne() {
    guard let oldest = statements.min(by: { $0.value.lastUse < $1.value.lastUse }) else { return }
    sqlite3_finalize(oldest.value.handle)
    statements[oldest.key] = nil
  }

  private func error(_ code: Int32) -> DatabaseError {
    let message = String(cString: sqlite3_errmsg(handle))
    // Extended codes: https://www.sqlite.org/rescode.html. The primary code is the low byte.
    let kind: DatabaseError.Kind =
      switch code {
      case 2067, 1555, 2579: .unique(constraint(in: message))  // UNIQUE, PRIMARYKEY, ROWID
      case 787: .foreignKey
      case 275: .check
      case 1299: .notNull
      default:
        switch code & 0xff {
        case SQLITE_BUSY, SQLITE_LOCKED: .busy
        case SQLITE_ERROR: .syntax
        case SQLITE_CANTOPEN, SQLITE_NOTADB: .connection
        default: .other("\(code)")
        }
      }
    return DatabaseError(kind, message)
  }
}

/// `users.email` in `UNIQUE constraint failed: users.email`.
private func constraint(in message: String) -> String {
  message.firstIndex(of: ":").map { String(message[$0...].dropFirst(2)) } ?? message
}
