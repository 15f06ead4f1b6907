internal import CPostgres
internal import World

/// A read on its way through the reactor.
struct PostgresRead: Sendable {
  let request: PostgresRequest
  let continuation: UnsafeContinuation<Result<PostgresResult, DatabaseError>, Never>
  /// It was skipped because of a neighbour, and is sent again without one.
  var isAlone = false

  /// Resumes the caller; once.
  func finish(_ result: Result<PostgresResult, DatabaseError>) {
    continuation.resume(returning: result.mapError { $0.at(request.query, .postgres) })
  }
}

/// One connection of the reactor for reads: any number of statements in flight.
///
/// Reads that gathered share a synchronization point, which saves both sides a system call for each. One that fails makes
/// the server skip the rest up to that point; what was skipped is sent again, each with a point of its own, so that no
/// read pays for another's failure.
final class PostgresReadLink {
  /// The most reads before a synchronization point: the server keeps their answers back until then.
  private static let groupLimit = 16

  private struct Flight {
    let read: PostgresRead
    let answers: [PostgresPipeline.Answer]
    var answered = 0
    var result: PostgresResult?
    var failure: DatabaseError?
  }

  private enum Expected {
    case read(Flight)
    case sync
  }

  private var dialer: PostgresDialer
  private var pipeline: PostgresPipeline?
  private var expected: [Expected] = []
  private var head = 0
  /// Reads since the last synchronization point.
  private var groupSize = 0
  /// Reads that are to be sent again.
  private var skipped: [PostgresRead] = []
  private(set) var hasUnsent = false
  /// Whether it was asked to connect.
  private(set) var isOpen = false

  init(_ settings: PostgresSettings) { dialer = PostgresDialer(settings) }

  var isReady: Bool { pipeline != nil }
  var inFlight: Int { expected.count - head }
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
    if read.isAlone { endGroup(now: now) }
    do {
      let answers = try pipeline.send(read.request)
      expected.append(.read(Flight(read: read, answers: answers)))
      groupSize += 1
    } catch {
      read.finish(.failure(error))
      return fail(now: now)
    }
    if read.isAlone || groupSize >= Self.groupLimit { endGroup(now: now) }
  }

  /// Takes what was skipped out, to be sent again.
  func takeSkipped() -> [PostgresRead] {
    if skipped.isEmpty { return [] }
    defer { skipped = [] }
    return skipped
  }

  private func endGroup(now: Instant) {
    guard let pipeline, groupSize > 0 else { return }
    groupSize = 0
    expected.append(.sync)
    if PQpipelineSync(pipeline.connection) != 1 { fail(now: now) }
  }

  func flush(now: Instant) {
    endGroup(now: now)
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
    while head < expected.count, PQisBusy(pipeline.connection) == 0 {
      // A null ends each answer; three in a row mean that there is nothing.
      guard let pointer = PQgetResult(pipeline.connection) else {
        nulls += 1
        if nulls > 2 { break }
        continue
      }
      nulls = 0
      take(pointer, pipeline)
    }
    if head == expected.count {
      expected.removeAll(keepingCapacity: true)
      head = 0
    } else if head >= 1024 {
      expected.removeSubrange(..<head)
      head = 0
    }
  }

  private func take(_ pointer: OpaquePointer, _ pipeline: PostgresPipeline) {
    let status = PQresultStatus(pointer)
    guard status != PGRES_PIPELINE_SYNC, case .read(var flight) = expected[head] else {
      PQclear(pointer)
      if case .sync = expected[head] { head += 1 }
      return
    }
    // Taken out of the array while it changes, so that it is not copied.
    expected[head] = .sync
    let answer = flight.answers[flight.answered]
    flight.answered += 1
    if status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK {
      if case .result(let statement) = answer {
        flight.result = pipeline.result(pointer, of: statement)
      } else {
        PQclear(pointer)
      }
    } else {
      let error = status == PGRES_PIPELINE_ABORTED ? nil : DatabaseError.from(pointer)
      PQclear(pointer)
      pipeline.failed(answer, error)
      if flight.failure == nil { flight.failure = error }
    }
    guard flight.answered == flight.answers.count else { return expected[head] = .read(flight) }
    head += 1
    land(flight, pipeline)
  }

  private func land(_ flight: Flight, _ pipeline: PostgresPipeline) {
    if let result = flight.result { return flight.read.finish(.success(result)) }
    // Without a failure of its own it was skipped; with 26000 its statement's preparation was.
    let wasSkipped = flight.failure == nil || flight.failure?.kind == .other("26000")
    if wasSkipped, !flight.read.isAlone {
      var read = flight.read
      read.isAlone = true
      skipped.append(read)
    } else {
      flight.read.finish(.failure(flight.failure ?? .lost(pipeline.connection)))
    }
  }

  private func fail(now: Instant) {
    guard let pipeline else { return }
    let lost = expected[head...]
    let error = DatabaseError.lost(pipeline.connection)
    self.pipeline = nil
    expected = []
    head = 0
    groupSize = 0
    hasUnsent = false
    dialer.lost(now: now)
    for case .read(let flight) in lost { flight.read.finish(.failure(flight.failure ?? error)) }
  }
}
