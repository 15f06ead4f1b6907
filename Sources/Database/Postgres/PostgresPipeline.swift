internal import CPostgres

/// A statement that is prepared on one connection.
final class PreparedStatement {
  let name: String
  let sql: String
  let types: [Oid]
  /// Known after the first result.
  var columns: ColumnNames?
  var lastUse: UInt64 = 0

  init(name: String, sql: String, types: [Oid]) {
    self.name = name
    self.sql = sql
    self.types = types
  }

  /// Whether parameters of these types fit: nulls fit anything.
  func fits(_ wanted: [Oid]) -> Bool {
    types.count == wanted.count && zip(types, wanted).allSatisfy { $0 == $1 || $1 == 0 }
  }
}

/// Sends statements down a connection in pipeline mode, preparing them on the way. Belongs to one thread.
final class PostgresPipeline {
  /// The most prepared statements a connection keeps; the least recently used goes first.
  private static let statementLimit = 256

  /// One answer of the server, ended by a null result.
  enum Answer {
    case prepared(PreparedStatement)
    case result(PreparedStatement?)
    case forgotten
  }

  let connection: OpaquePointer
  private var statements: [String: [PreparedStatement]] = [:]
  private var count = 0
  private var uses: UInt64 = 0
  private var lastName = 0

  /// Takes over a connection that stands.
  /// - Throws: when it cannot go into pipeline mode.
  init(_ connection: OpaquePointer) throws(DatabaseError) {
    self.connection = connection
    guard PQenterPipelineMode(connection) == 1 else {
      let error = DatabaseError.lost(connection)
      PQfinish(connection)
      throw error
    }
  }

  deinit { PQfinish(connection) }

  var isBroken: Bool { PQstatus(connection) != CONNECTION_OK }

  /// Queues the statement, after its preparation where needed, without a synchronization point.
  /// - Returns: the answers to expect, in order; the last is the statement's.
  func send(_ request: PostgresRequest) throws(DatabaseError) -> [Answer] {
    guard request.query.isReusable else {
      let sent = request.withParameters { count, values, lengths, formats in
        PQsendQueryParams(connection, request.query.postgres, count, request.types, values, lengths, formats, 1)
      }
      guard sent == 1 else { throw .lost(connection) }
      return [.result(nil)]
    }
    uses += 1
    var answers: [Answer] = []
    let statement: PreparedStatement
    if let known = statements[request.query.postgres]?.first(where: { $0.fits(request.types) }) {
      statement = known
    } else {
      if count >= Self.statementLimit { answers += try forgetOne() }
      statement = try prepare(request)
      answers.append(.prepared(statement))
    }
    statement.lastUse = uses
    let sent = request.withParameters { count, values, lengths, formats in
      PQsendQueryPrepared(connection, statement.name, count, values, lengths, formats, 1)
    }
    guard sent == 1 else { throw .lost(connection) }
    answers.append(.result(statement))
    return answers
  }

  /// After a failed or skipped answer: what was not prepared, or is no longer valid, is prepared anew by its next use.
  func failed(_ answer: Answer, _ error: DatabaseError?) {
    switch answer {
    case .prepared(let statement): forget(statement)
    // The result type changed (0A000), or somebody deallocated it (26000).
    case .result(let statement?) where error?.kind == .other("0A000") || error?.kind == .other("26000"):
      forget(statement)
    case .result, .forgotten: break
    }
  }

  private func forget(_ statement: PreparedStatement) {
    guard let known = statements[statement.sql] else { return }
    let kept = known.filter { $0 !== statement }
    count -= known.count - kept.count
    statements[statement.sql] = kept.isEmpty ? nil : kept
  }

  /// Takes a result over.
  func result(_ pointer: OpaquePointer, of statement: PreparedStatement?) -> PostgresResult {
    if let known = statement?.columns, known.names.count == Int(PQnfields(pointer)) {
      return PostgresResult(pointer, columns: known)
    }
    let columns = PostgresResult.names(pointer)
    statement?.columns = columns
    return PostgresResult(pointer, columns: columns)
  }

  private func prepare(_ request: PostgresRequest) throws(DatabaseError) -> PreparedStatement {
    lastName += 1
    let sql = request.query.postgres
    let statement = PreparedStatement(name: "s\(lastName)", sql: sql, types: request.types)
    guard PQsendPrepare(connection, statement.name, sql, Int32(clamping: request.types.count), request.types) == 1
    else {
      throw .lost(connection)
    }
    statements[sql, default: []].append(statement)
    count += 1
    return statement
  }

  private func forgetOne() throws(DatabaseError) -> [Answer] {
    guard let oldest = statements.values.joined().min(by: { $0.lastUse < $1.lastUse }) else { return [] }
    forget(oldest)
    guard PQsendQueryParams(connection, "DEALLOCATE \(oldest.name)", 0, nil, nil, nil, nil, 0) == 1 else {
      throw .lost(connection)
    }
    return [.forgotten]
  }
}
