internal import GraphQL
internal import JSON
internal import Wire
internal import World

/// What came of one operation, for metrics and the log.
struct OperationReport {
  var name: String?
  var kind: OperationKind?
  var outcome: OperationOutcome
  var duration: Duration
  var statements: Int?
  /// How many events a subscription was sent.
  var events: Int?

  /// The longest name of an operation that a log line holds.
  private static let nameLimit = 100

  func write(to record: inout LogRecord) {
    record.add("operation", name.map { String($0.prefix(Self.nameLimit)) })
    record.add("kind", kind?.rawValue ?? ServerMetrics.unknownKind)
    record.add("outcome", outcome.rawValue)
    record.add("statements", statements)
    record.add("events", events)
  }
}

/// What one HTTP request comes to, gathered while it is answered.
struct RequestReport {
  let began: Instant
  var caller = CallerIDs()
  var operation: OperationReport?
}

extension LogRecord {
  mutating func add(_ caller: CallerIDs) {
    add("user", caller.user)
    add("organization", caller.organization)
  }

  mutating func add(_ duration: Duration) {
    fields.append(("durationMs", .double(Double(duration.wholeNanoseconds / 1_000) / 1_000)))
  }
}

extension ServerCore {
  /// Counts an operation.
  /// - Parameter prepared: `nil` when it could not be prepared.
  func report(
    _ prepared: (any PreparedService)?, _ outcome: OperationOutcome, since began: Instant, statements: Int? = nil
  ) -> OperationReport {
    let duration = world.clock.now - began
    metrics.operation(prepared?.kind, outcome, took: duration)
    return OperationReport(
      name: prepared?.name, kind: prepared?.kind, outcome: outcome, duration: duration, statements: statements)
  }

  /// Runs a query or mutation, and counts it.
  func execute(
    _ prepared: any PreparedService, as identity: any ServiceIdentity, from origin: RequestOrigin, since began: Instant
  ) async -> (GraphQLResult, OperationReport) {
    let result = await service.execute(prepared, as: identity, from: origin)
    let outcome = OperationOutcome(result.outcome)
    return (result, report(prepared, outcome, since: began, statements: result.statements))
  }

  /// Logs an operation of a socket or an event stream.
  func log(_ operation: OperationReport, of request: String, _ id: SocketID, caller: CallerIDs) {
    guard let log, log.wants(.info) else { return }
    var record = LogRecord(.info, "operation")
    record.add("requestId", request)
    record.add("socket", id.description)
    operation.write(to: &record)
    record.add(operation.duration)
    record.add(caller)
    log.add(record)
  }

  /// Counts and logs a request that has been answered.
  /// - Parameters:
  ///   - request: `nil` for what was no request.
  ///   - bytes: of the body of the answer.
  func log(_ request: HTTPRequest?, status: Int, bytes: Int, _ report: RequestReport) {
    metrics.request(status: status)
    guard let log else { return }
    // Whoever watches over the server asks often, and is of no interest as long as the answer is good.
    let path = request.map { Self.shown($0.path) }
    let isQuiet = status < 400 && path.map { $0 != "/graphql" && $0 != FilesOverHTTP.prefix } ?? false
    let level: LogLevel = status >= 500 ? .warning : isQuiet ? .debug : .info
    guard log.wants(level) else { return }
    var record = LogRecord(level, "request")
    record.add("requestId", request?.headers[RequestID.field])
    // Neither method nor path may be anything that a client likes: it could be something secret.
    record.add("method", request.map { Self.methods.contains($0.method) ? $0.method : "other" })
    record.add("path", path)
    record.add("status", status)
    record.add(world.clock.now - report.began)
    record.add("bytesIn", request?.body.count)
    record.add("bytesOut", bytes)
    record.add("peer", request?.peer)
    report.operation?.write(to: &record)
    record.add(report.caller)
    log.add(record)
  }

  private static func shown(_ path: Substring) -> String {
    let path = path.hasPrefix(FilesOverHTTP.prefix) ? FilesOverHTTP.prefix : String(path)
    return paths.contains(path) ? path : "other"
  }

  private static let methods: Set = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]
  private static let paths: Set = [
    "/graphql", "/health", "/health/live", "/health/ready", "/version", "/metrics", FilesOverHTTP.prefix,
  ]
}
