internal import CPostgres
internal import World

/// The reactor's connection for `LISTEN`.
final class PostgresListenLink {
  /// Who waits until a channel is listened to.
  struct Request: Sendable {
    let channel: String
    let completion: @Sendable (DatabaseError?) -> Void
  }

  private let wakeups: Wakeups
  private var dialer: PostgresDialer
  private var connection: OpaquePointer?
  private var requests: [Request] = []
  private var running: [Request] = []
  private var isBusy = false
  private var hasUnsent = false
  private var wasConnected = false
  private var isOpen = false

  init(_ settings: PostgresSettings, _ wakeups: Wakeups) {
    dialer = PostgresDialer(settings)
    self.wakeups = wakeups
  }

  deinit { PQfinish(connection) }

  var deadline: Instant? { isOpen ? dialer.deadline : nil }

  var watched: (socket: Int32, writable: Bool)? {
    if let connection { return (PQsocket(connection), hasUnsent) }
    return dialer.watched
  }

  func listen(_ request: Request, now: Instant) {
    isOpen = true
    requests.append(request)
    sendNext(now: now)
  }

  /// Goes on with connecting. After a connection was lost and made again every listener is woken: it may have missed
  /// something.
  func connect(now: Instant, isReady: Bool) {
    guard isOpen, connection == nil else { return }
    switch dialer.step(now: now, isReady: isReady) {
    case .waiting: break
    case .failed(let error): refuse(error)
    case .connected(let made):
      PQsetnonblocking(made, 1)
      connection = made
      if wasConnected {
        let channels = wakeups.channels
        for (index, channel) in channels.enumerated() {
          let isLast = index == channels.count - 1
          requests.append(Request(channel: channel) { [wakeups] _ in if isLast { wakeups.wakeAll() } })
        }
      }
      wasConnected = true
      sendNext(now: now)
    }
  }

  func receive(now: Instant) {
    guard let connection else { return }
    let isAlive = PQconsumeInput(connection) == 1
    while isBusy, PQisBusy(connection) == 0 {
      guard let result = PQgetResult(connection) else {
        isBusy = false
        let done = running
        running = []
        for request in done { request.completion(nil) }
        break
      }
      if PQresultStatus(result) != PGRES_COMMAND_OK {
        let error = DatabaseError.from(result)
        for request in running { request.completion(error) }
        running = []
      }
      PQclear(result)
    }
    var channels: [String] = []
    while let notification = PQnotifies(connection) {
      if let name = notification.pointee.relname {
        let channel = String(cString: name)
        if !channels.contains(channel) { channels.append(channel) }
      }
      PQfreemem(notification)
    }
    wakeups.wake(channels)
    if isAlive, PQstatus(connection) == CONNECTION_OK { return sendNext(now: now) }
    fail(now: now)
  }

  func flush(now: Instant) {
    guard let connection else { return }
    let state = PQflush(connection)
    hasUnsent = state == 1
    if state < 0 { fail(now: now) }
  }

  func close() {
    refuse(DatabaseError(.closed, "the database is closed"))
    dialer.close()
    PQfinish(connection)
    connection = nil
    isOpen = false
  }

  private func sendNext(now: Instant) {
    guard let connection, !isBusy, !requests.isEmpty else { return }
    running = requests
    requests = []
    let text = running.map { "LISTEN \(quoted($0.channel))" }.joined(separator: "; ")
    isBusy = true
    if PQsendQuery(connection, text) != 1 { return fail(now: now) }
    flush(now: now)
  }

  private func fail(now: Instant) {
    refuse(.lost(connection))
    PQfinish(connection)
    connection = nil
    isBusy = false
    hasUnsent = false
    dialer.lost(now: now)
  }

  private func refuse(_ error: DatabaseError) {
    let refused = running + requests
    running = []
    requests = []
    for request in refused { request.completion(error) }
  }
}
