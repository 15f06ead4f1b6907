internal import CPostgres

/// A connection for transactions, used by one thread that waits for its answers. Statements whose answers are not needed
/// yet travel together with the next one whose answer is.
final class PostgresSession {
  private let pipeline: PostgresPipeline
  private var expected: [(answer: PostgresPipeline.Answer, query: Query)] = []
  /// The server ignores everything until the next synchronization point.
  private var needsSync = false

  /// - Throws: `DatabaseError` of kind `.connection`.
  init(_ settings: PostgresSettings) throws(DatabaseError) {
    let connection = settings.connect()
    guard let connection, PQstatus(connection) == CONNECTION_OK else {
      let error = DatabaseError.lost(connection)
      PQfinish(connection)
      throw error
    }
    pipeline = try PostgresPipeline(connection)
  }

  var isBroken: Bool { pipeline.isBroken }

  /// Sends a statement without waiting for it; its failure shows when the next answer is awaited.
  func send(_ query: Query) throws(DatabaseError) {
    for answer in try pipeline.send(PostgresRequest(query)) { expected.append((answer, query)) }
  }

  /// Sends a statement and waits for its answer.
  func ask(_ query: Query) throws(DatabaseError) -> PostgresResult {
    try send(query)
    try push()
    return try receive()
  }

  /// Waits for what is on its way if it is more than `limit` statements.
  func settle(ifMoreThan limit: Int) throws(DatabaseError) {
    guard expected.count > limit else { return }
    try push()
    _ = try receive()
  }

  /// Asks the server for the answers so far, and sends what is buffered.
  private func push() throws(DatabaseError) {
    guard PQsendFlushRequest(pipeline.connection) == 1, PQflush(pipeline.connection) >= 0 else {
      throw .lost(pipeline.connection)
    }
  }

  /// Sends a last statement, such as `COMMIT`, and waits until the server is ready for the next transaction.
  func end(_ query: Query) throws(DatabaseError) -> PostgresResult {
    if needsSync { try sync() }
    try send(query)
    guard PQpipelineSync(pipeline.connection) == 1 else { throw .lost(pipeline.connection) }
    var failure: DatabaseError?
    var result: PostgresResult?
    do { result = try receive() } catch { failure = error }
    try awaitSync()
    if let failure { throw failure }
    guard let result else { throw .lost(pipeline.connection) }
    return result
  }

  /// Waits for everything that is expected; gives the last answer.
  private func receive() throws(DatabaseError) -> PostgresResult {
    var last: PostgresResult?
    var failure: DatabaseError?
    let awaited = expected
    expected = []
    for (answer, query) in awaited {
      let pointer = takeResult()
      guard let pointer else { throw failure ?? .lost(pipeline.connection) }
      let status = PQresultStatus(pointer)
      if status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK {
        if case .result(let statement) = answer {
          last = pipeline.result(pointer, of: statement)
        } else {
          PQclear(pointer)
        }
        continue
      }
      let error = status == PGRES_PIPELINE_ABORTED ? nil : DatabaseError.from(pointer).at(query, .postgres)
      PQclear(pointer)
      pipeline.failed(answer, error)
      if failure == nil { failure = error }
      if isBroken { throw failure ?? .lost(pipeline.connection) }
    }
    if let failure {
      needsSync = true
      throw failure
    }
    guard let last else { throw .lost(pipeline.connection) }
    return last
  }

  /// The next answer's result, past the null that ends it.
  private func takeResult() -> OpaquePointer? {
    let first = PQgetResult(pipeline.connection)
    guard first != nil else { return nil }
    while let more = PQgetResult(pipeline.connection) {
      PQclear(more)
      if isBroken { break }
    }
    return first
  }

  private func sync() throws(DatabaseError) {
    guard PQpipelineSync(pipeline.connection) == 1 else { throw .lost(pipeline.connection) }
    // What was sent after the failure is answered too, as aborted.
    for _ in expected { PQclear(takeResult()) }
    expected = []
    try awaitSync()
  }

  private func awaitSync() throws(DatabaseError) {
    // Nulls may come between the last answer and the synchronization point.
    for _ in 0..<4 {
      guard let pointer = PQgetResult(pipeline.connection) else { continue }
      let status = PQresultStatus(pointer)
      PQclear(pointer)
      if status == PGRES_PIPELINE_SYNC {
        needsSync = false
        return
      }
      if isBroken { break }
    }
    throw .lost(pipeline.connection)
  }
}
