internal import CPostgres
internal import World

/// A read on its way through the reactor.
final class PostgresRead: Sendable {
  let request: PostgresRequest
  private let continuation: UnsafeContinuation<Result<PostgresResult, DatabaseError>, Never>

  init(_ request: PostgresRequest, _ continuation: UnsafeContinuation<Result<PostgresResult, DatabaseError>, Never>) {
    self.request = request
    self.continuation = continuation
  }

  /// Resumes the caller; once.
  func finish(_ result: Result<PostgresResult, DatabaseError>) {
    continuation.resume(returning: result.mapError { $0.at(request.query, .postgres) })
  }
}

/// One connection of the reactor for reads: any number of statements in flight, each before a synchronization point of
/// its own, so that one that fails takes no other with it.
final class PostgresReadLink {
  private struct Flight {
    let read: PostgresRead
    let answers: [PostgresPipeline.Answer]
    var answered = 0
    var result: PostgresResult?
    var failure: DatabaseError?
  }

  private var dialer: PostgresDialer
  private var pipeline: PostgresPipeline?
  private var flights: [Flight] = []
  private var head = 0
  private(set) var hasUnsent = false
  /// Whether it was asked to connect.
  private(set) var isOpen = false

  init(_ settings: PostgresSettings) { dialer = PostgresDialer(settings) }

  var isReady: Bool { pipeline != nil }
  var inFlight: Int { flights.count - head }
  var deadline: Instant? { isOpen ? dialer.deadline : nil }

  /// The socket to watch.
  var watched: (socket: Int32, writable: Bool)? {
    if let pipeline { return (PQsocket(pipeline.connection), hasUnsent) }
    return dialer.watched
  }

  func open() { isOpen = true }

  /// Goes on with connecting.
  /// - Returns: why it failed, if it did.
  func connect(now: Instant, isReady: Bool) -> DatabaseError? {
    guard isOpen, pipeline == nil else { return nil }
    switch dialer.step(now: now, isReady: isReady) {
    case .waiting: return nil
    case .failed(let error): return error
    case .connected(let connection):
      PQsetnonblocking(connection, 1)
      do { pipeline = try PostgresPipeline(connection) } catch {
        dialer.lost(now: now)
        return error
      }
      return nil
    }
  }

  /// Queues a read. It is not on its way before ``flush(now:)``.
  func send(_ read: PostgresRead, now: Instant) {
    guard let pipeline else { return read.finish(.failure(.lost(nil))) }
    do {
      let answers = try pipeline.send(read.request)
      flights.append(Flight(read: read, answers: answers))
      if PQpipelineSync(pipeline.connection) != 1 { fail(now: now) }
    } catch {
      read.finish(.failure(error))
      fail(now: now)
    }
  }

  func flush(now: Instant) {
    guard let pipeline else { return }
    let state = PQflush(pipeline.connection)
    hasUnsent = state == 1
    if state < 0 { fail(now: now) }
  }

  /// Takes in what has come.
  func receive(now: Instant) {
    guard let pipeline else { return }
    let isAlive = PQconsumeInput(pipeline.connection) == 1
    takeResults(pipeline)
    if !isAlive || pipeline.isBroken { fail(now: now) }
  }

  func close() {
    dialer.close()
    pipeline = nil
    isOpen = false
  }

  private func takeResults(_ pipeline: PostgresPipeline) {
    var nulls = 0
    while head < flights.count, PQisBusy(pipeline.connection) == 0 {
      // A null ends each answer; three in a row mean that there is nothing.
      guard let pointer = PQgetResult(pipeline.connection) else {
        nulls += 1
        if nulls > 2 { break }
        continue
      }
      nulls = 0
      take(pointer, pipeline)
    }
    if head == flights.count {
      flights.removeAll(keepingCapacity: true)
      head = 0
    } else if head >= 1024 {
      flights.removeSubrange(..<head)
      head = 0
    }
  }

  private func take(_ pointer: OpaquePointer, _ pipeline: PostgresPipeline) {
    let status = PQresultStatus(pointer)
    if status == PGRES_PIPELINE_SYNC {
      PQclear(pointer)
      let flight = flights[head]
      flights[head].result = nil
      head += 1
      if let result = flight.result, flight.failure == nil {
        flight.read.finish(.success(result))
      } else {
        flight.read.finish(.failure(flight.failure ?? .lost(pipeline.connection)))
      }
      return
    }
    let position = flights[head].answered
    guard position < flights[head].answers.count else { return PQclear(pointer) }
    let answer = flights[head].answers[position]
    flights[head].answered += 1
    if status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK {
      if case .result(let statement) = answer {
        flights[head].result = pipeline.result(pointer, of: statement)
      } else {
        PQclear(pointer)
      }
      return
    }
    let error = status == PGRES_PIPELINE_ABORTED ? nil : DatabaseError.from(pointer)
    PQclear(pointer)
    pipeline.failed(answer, error)
    if flights[head].failure == nil { flights[head].failure = error }
  }

  private func fail(now: Instant) {
    guard let pipeline else { return }
    let lost = flights[head...]
    let error = DatabaseError.lost(pipeline.connection)
    self.pipeline = nil
    flights = []
    head = 0
    hasUnsent = false
    dialer.lost(now: now)
    for flight in lost { flight.read.finish(.failure(flight.failure ?? error)) }
  }
}
