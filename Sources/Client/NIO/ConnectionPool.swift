internal import NIOCore
internal import NIOHTTP1
internal import NIOPosix
private import Synchronization
internal import Wire
internal import World

/// Connections for requests, kept alive between them; so many for each endpoint and no more.
final class ConnectionPool: Sendable {
  /// The right to use one of an endpoint's connections.
  private enum Grant {
    case connection(HTTPClientConnection)
    /// There is room for one more: make it.
    case room
  }

  private struct Idle {
    let connection: HTTPClientConnection
    let since: Instant
  }

  private struct Place {
    var idle: [Idle] = []
    /// Connections that are in use, being made, or idle.
    var open = 0
    var waiting: [(key: UInt64, continuation: CheckedContinuation<Grant?, Never>)] = []
    var head = 0

    /// The one that has waited longest.
    mutating func takeWaiting() -> CheckedContinuation<Grant?, Never>? {
      guard head < waiting.count else { return nil }
      defer {
        head += 1
        if head == waiting.count {
          waiting = []
          head = 0
        } else if head > 512, head > waiting.count / 2 {
          waiting.removeSubrange(..<head)
          head = 0
        }
      }
      return waiting[head].continuation
    }

    mutating func removeWaiting(_ key: UInt64) -> CheckedContinuation<Grant?, Never>? {
      guard let index = waiting[head...].firstIndex(where: { $0.key == key }) else { return nil }
      return waiting.remove(at: index).continuation
    }
  }

  private struct State {
    var places: [Endpoint: Place] = [:]
    var lastKey: UInt64 = 0
    var isClosed = false
  }

  private let group: any EventLoopGroup
  private let configuration: NetworkConfiguration
  private let security: TransportSecurity
  private let clock: any WorldClock
  private let state = Mutex(State())

  init(
    group: any EventLoopGroup, configuration: NetworkConfiguration, security: TransportSecurity, clock: any WorldClock
  ) {
    self.group = group
    self.security = security
    self.configuration = configuration
    self.clock = clock
  }

  func send(_ request: HTTPRequest, to endpoint: Endpoint) async throws(ClientError) -> HTTPResponse {
    let connection = try await acquire(endpoint)
    do throws(ClientError) {
      let (response, isReusable) = try await connection.send(request, limit: configuration.responseLimit)
      release(connection, of: endpoint, isReusable: isReusable)
      return response
    } catch {
      release(connection, of: endpoint, isReusable: false)
      throw error
    }
  }

  /// Closes what is idle; connections in use close when they are given back.
  func close() async {
    let (idle, waiting) = state.withLock { state in
      state.isClosed = true
      let idle = state.places.values.flatMap(\.idle)
      let waiting = state.places.values.flatMap { $0.waiting[$0.head...].map(\.continuation) }
      state.places = [:]
      return (idle, waiting)
    }
    for continuation in waiting { continuation.resume(returning: nil) }
    for entry in idle { entry.connection.close() }
  }

  private func acquire(_ endpoint: Endpoint) async throws(ClientError) -> HTTPClientConnection {
    switch try await grant(endpoint) {
    case .connection(let connection): return connection
    case .room:
      do throws(ClientError) { return try await connect(endpoint) } catch {
        giveRoom(endpoint)
        throw error
      }
    }
  }

  private func grant(_ endpoint: Endpoint) async throws(ClientError) -> Grant {
    enum Answer { case grant(Grant, stale: [HTTPClientConnection]), wait(UInt64), full, closed }
    let oldest = Instant(nanoseconds: clock.now.nanoseconds - configuration.idleLimit.wholeNanoseconds)
    let answer = state.withLock { state -> Answer in
      if state.isClosed { return .closed }
      var place = state.places[endpoint] ?? Place()
      defer { state.places[endpoint] = place }
      var stale: [HTTPClientConnection] = []
      while let entry = place.idle.popLast() {
        if entry.since >= oldest && entry.connection.isActive {
          return .grant(.connection(entry.connection), stale: stale)
        }
        stale.append(entry.connection)
        place.open -= 1
      }
      if place.open < configuration.connectionsPerEndpoint {
        place.open += 1
        return .grant(.room, stale: stale)
      }
      guard place.waiting.count - place.head < configuration.waitingPerEndpoint else { return .full }
      state.lastKey += 1
      return .wait(state.lastKey)
    }
    switch answer {
    case .grant(let grant, let stale):
      for connection in stale { connection.close() }
      return grant
    case .closed: throw ClientError(.closed, "The client has been shut down")
    case .full:
      throw ClientError(
        .limit, "\(configuration.waitingPerEndpoint) requests wait for a connection to \(endpoint) already")
    case .wait(let key): return try await wait(key, endpoint)
    }
  }

  private func wait(_ key: UInt64, _ endpoint: Endpoint) async throws(ClientError) -> Grant {
    let grant = await withTaskCancellationHandler {
      await withCheckedContinuation { (continuation: CheckedContinuation<Grant?, Never>) in
        let immediate = state.withLock { state -> Grant?? in
          if state.isClosed || Task.isCancelled { return .some(nil) }
          // Something may have been given back since we looked.
          if let entry = state.places[endpoint]?.idle.popLast() { return .some(.connection(entry.connection)) }
          if let open = state.places[endpoint]?.open, open < configuration.connectionsPerEndpoint {
            state.places[endpoint]?.open = open + 1
            return .some(.room)
          }
          state.places[endpoint, default: Place()].waiting.append((key, continuation))
          return nil
        }
        if let immediate { continuation.resume(returning: immediate) }
      }
    } onCancel: {
      let continuation = state.withLock { $0.places[endpoint]?.removeWaiting(key) }
      continuation?.resume(returning: nil)
    }
    guard let grant else {
      throw ClientError(.cancelled, "The request to \(endpoint) was cancelled while it waited for a connection")
    }
    return grant
  }

  private func release(_ connection: HTTPClientConnection, of endpoint: Endpoint, isReusable: Bool) {
    guard isReusable, connection.isActive else {
      connection.close()
      return giveRoom(endpoint)
    }
    let now = clock.now
    let (isClosed, waiting) = state.withLock { state -> (Bool, CheckedContinuation<Grant?, Never>?) in
      if state.isClosed { return (true, nil) }
      if let waiting = state.places[endpoint]?.takeWaiting() { return (false, waiting) }
      state.places[endpoint, default: Place(open: 1)].idle.append(Idle(connection: connection, since: now))
      return (false, nil)
    }
    if isClosed { connection.close() }
    waiting?.resume(returning: .connection(connection))
  }

  /// A connection is gone: whoever waits may make another.
  private func giveRoom(_ endpoint: Endpoint) {
    let waiting = state.withLock { state -> CheckedContinuation<Grant?, Never>? in
      if let waiting = state.places[endpoint]?.takeWaiting() { return waiting }
      state.places[endpoint]?.open -= 1
      return nil
    }
    waiting?.resume(returning: .room)
  }

  private func connect(_ endpoint: Endpoint) async throws(ClientError) -> HTTPClientConnection {
    let bodyLimit = configuration.bodyLimit
    let security = security
    let bootstrap = ClientBootstrap(group: group)
      .connectTimeout(TimeAmount(configuration.connectLimit))
      .channelOption(.tcpOption(.tcp_nodelay), value: 1)
      .channelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          let pipeline = channel.pipeline.syncOperations
          try security.prepare(pipeline, for: endpoint)
          try pipeline.addHandler(HTTPRequestEncoder())
          try pipeline.addHandler(ByteToMessageHandler(HTTPResponseDecoder()))
          try pipeline.addHandler(HTTPClientHandler(endpoint: endpoint, bodyLimit: bodyLimit))
        }
      }
    do {
      let channel = try await bootstrap.connect(host: endpoint.host, port: endpoint.port).get()
      let handler = try await channel.eventLoop.submit {
        NIOLoopBound(
          try channel.pipeline.syncOperations.handler(type: HTTPClientHandler.self), eventLoop: channel.eventLoop)
      }.get()
      return HTTPClientConnection(channel: channel, handler: handler, endpoint: endpoint)
    } catch {
      throw ClientError(connecting: endpoint, error)
    }
  }
}
