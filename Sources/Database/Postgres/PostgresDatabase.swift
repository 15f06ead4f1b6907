/// Postgres behind the ``Database`` interface: a reactor for reads and wake-ups, a few threads for transactions.
package final class PostgresDatabase: Database {
  /// The most transactions that may wait; more are refused as `.overloaded`.
  private static let inboxLimit = 10_000
  private static let readConnections = 3
  /// A read that takes longer is stopped: the statements behind it on its connection wait for it.
  private static let readTimeoutMilliseconds = 15_000

  private let reactor: PostgresReactor
  private let plain: PostgresSettings
  private let inbox = BlockingInbox<any WriteUnit>(limit: inboxLimit)
  private let wakeups = Wakeups()
  private let writersEnded: [Latch]

  /// Connects and makes sure that the server answers.
  /// - Parameters:
  ///   - conninfo: a URL or `keyword=value` pairs, as libpq reads them.
  ///   - writers: how many transactions run at once.
  /// - Throws: `DatabaseError` of kind `.connection`.
  package static func connect(_ conninfo: String, writers: Int = 4) async throws(DatabaseError) -> PostgresDatabase {
    let database = try PostgresDatabase(conninfo, writers: writers)
    do { _ = try await database.read(Query("connect", "SELECT 1")) } catch {
      await database.close()
      throw error
    }
    return database
  }

  private init(_ conninfo: String, writers: Int) throws(DatabaseError) {
    let reads = try PostgresSettings(
      conninfo: conninfo,
      session: [
        ("default_transaction_read_only", "on"), ("statement_timeout", "\(Self.readTimeoutMilliseconds)"),
      ])
    let plain = try PostgresSettings(conninfo: conninfo, session: [])
    self.plain = plain
    reactor = try PostgresReactor(
      reads: reads, connections: Self.readConnections, listening: plain, wakeups: wakeups)
    let ended = (0..<max(1, writers)).map { _ in Latch() }
    writersEnded = ended
    for (number, latch) in ended.enumerated() {
      do {
        try DriverThread.start { [inbox] in
          PostgresWriter(plain, number: number).drain(inbox)
          latch.open()
        }
      } catch {
        inbox.finish()
        _ = reactor.send(.close)
        throw error
      }
    }
  }

  deinit {
    inbox.finish()
    _ = reactor.send(.close)
  }

  package var dialect: Dialect { .postgres }

  package func read(_ query: Query) async throws(DatabaseError) -> [Row] {
    let request = try PostgresRequest(query)
    let result = await withUnsafeContinuation { continuation in
      let read = PostgresRead(request: request, continuation: continuation)
      if let refusal = reactor.send(.read(read)) { read.finish(.failure(refusal)) }
    }
    do { return try result.get().rows() } catch { throw error.statement == nil ? error.at(query, .postgres) : error }
  }

  package func write<T: Sendable>(
    _ name: String, _ body: @escaping @Sendable (any Transaction) throws -> T
  ) async throws -> T {
    try await withUnsafeThrowingContinuation { continuation in
      let unit = PendingWrite(name, body) { continuation.resume(with: $0) }
      switch inbox.send(unit) {
      case nil: break
      case .full: unit.finish(DatabaseError(.overloaded, "too many transactions wait", statement: name))
      case .finished: unit.finish(DatabaseError(.closed, "the database is closed", statement: name))
      }
    }
  }

  package func alone<T: Sendable>(
    _ name: String, _ body: @escaping @Sendable (any StatementRunner) throws -> T
  ) async throws -> T {
    try await DriverThread.run { [plain] in
      // The connection ends before the caller goes on, and with it every lock that it held.
      try body(PostgresAutocommit(try PostgresSession(plain)))
    }
  }

  package func listen(
    _ channel: String, _ onWake: @escaping @Sendable () -> Void
  ) async throws -> any Listening {
    let listening = wakeups.add(channel, onWake)
    let failure = await withUnsafeContinuation { (continuation: UnsafeContinuation<DatabaseError?, Never>) in
      let request = PostgresListenLink.Request(channel: channel) { continuation.resume(returning: $0) }
      if let refusal = reactor.send(.listen(request)) { request.completion(refusal) }
    }
    if let failure {
      listening.cancel()
      throw failure
    }
    return listening
  }

  package func close() async {
    inbox.finish()
    for latch in writersEnded { await latch.wait() }
    _ = reactor.send(.close)
    await reactor.ended.wait()
  }
}
