internal import Glibc
package import NIOCore
internal import NIOHTTP1
internal import NIOPosix
private import Synchronization
package import World

/// A ``ServerCore`` on a port: HTTP/1.1, and WebSockets on the same connections.
package final class HTTPServer: Sendable {
  /// The port it listens on.
  package let port: Int

  private let core: ServerCore
  private let world: World
  private let listener: any Channel
  /// The event loops, if they are our own to end.
  private let ownGroup: MultiThreadedEventLoopGroup?
  private let connections: Connections
  private let isStopped = Mutex(false)

  private init(
    port: Int, core: ServerCore, world: World, listener: any Channel, ownGroup: MultiThreadedEventLoopGroup?,
    connections: Connections
  ) {
    self.port = port
    self.core = core
    self.world = world
    self.listener = listener
    self.ownGroup = ownGroup
    self.connections = connections
  }

  /// Listens, and serves from when it returns.
  /// - Parameters:
  ///   - port: 0 for any that is free; ``port`` tells which.
  ///   - group: the event loops to use; `nil` makes `eventLoops` of its own and ends them in ``stop(deadline:)``.
  /// - Throws: ``ServerError``.
  package static func start(
    core: ServerCore, world: World, host: String = "127.0.0.1", port: Int = 0, group: (any EventLoopGroup)? = nil,
    eventLoops: Int = 1, limits: NetworkLimits = NetworkLimits()
  ) async throws(ServerError) -> HTTPServer {
    let ownGroup = group == nil ? MultiThreadedEventLoopGroup(numberOfThreads: max(1, eventLoops)) : nil
    let connections = Connections(limits, core.metrics)
    do {
      guard let group = group ?? ownGroup else { throw ServerError.cannotListen(host: host, port: port, reason: "") }
      let listener = try await bind(core, group, host, port, limits, connections)
      guard let actual = listener.localAddress?.port else {
        throw ServerError.cannotListen(host: host, port: port, reason: "the socket has no port")
      }
      return HTTPServer(
        port: actual, core: core, world: world, listener: listener, ownGroup: ownGroup, connections: connections)
    } catch {
      try? await ownGroup?.shutdownGracefully()
      if let error = error as? ServerError { throw error }
      throw Self.failure(error, host, port)
    }
  }

  /// A network's error in words for a person.
  static func failure(_ error: any Error, _ host: String, _ port: Int) -> ServerError {
    guard let error = error as? IOError else {
      let isUnknown = error is SocketAddressError.UnknownHost
      return .cannotListen(host: host, port: port, reason: isUnknown ? "there is no such host" : "\(error)")
    }
    switch error.errnoCode {
    case EADDRINUSE: return .portTaken(port)
    case EADDRNOTAVAIL:
      return .cannotListen(host: host, port: port, reason: "it is the address of another machine")
    case EACCES: return .cannotListen(host: host, port: port, reason: "ports below 1024 need more rights")
    default: return .cannotListen(host: host, port: port, reason: String(cString: strerror(error.errnoCode)))
    }
  }

  private static func bind(
    _ core: ServerCore, _ group: any EventLoopGroup, _ host: String, _ port: Int, _ limits: NetworkLimits,
    _ connections: Connections
  ) async throws -> any Channel {
    var lanes: [ObjectIdentifier: ServerLane] = [:]
    for loop in group.makeIterator() { lanes[ObjectIdentifier(loop)] = ServerLane(loop: loop) }
    let bootstrap = ServerBootstrap(group: group)
      .serverChannelOption(.backlog, value: Int32(clamping: limits.backlog))
      .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
      .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
      .childChannelInitializer { [lanes] channel in
        guard let lane = lanes[ObjectIdentifier(channel.eventLoop)], connections.add(channel) else {
          return channel.close()
        }
        return channel.eventLoop.makeCompletedFuture {
          let pipeline = channel.pipeline.syncOperations
          try pipeline.addHandler(TrafficCounter(core.metrics))
          try pipeline.addHandler(HTTPResponseEncoder())
          try pipeline.addHandler(ByteToMessageHandler(HTTPRequestDecoder(leftOverBytesStrategy: .forwardBytes)))
          try pipeline.addHandler(HTTPConnectionHandler(core: core, lane: lane, limits: limits))
        }
      }
    return try await bootstrap.bind(host: host, port: port).get()
  }

  /// Accepts no more, finishes what runs, closes sockets with 1001, and returns when every connection has ended, or
  /// after `deadline`, when what is left is cut. A second call does nothing.
  package func stop(deadline: Duration = .seconds(10)) async {
    let isFirst = isStopped.withLock { isStopped in
      defer { isStopped = true }
      return !isStopped
    }
    guard isFirst else { return }
    try? await listener.close()
    let end = world.clock.now + deadline
    let core = core
    let connections = connections
    // A drain that takes too long is cancelled, and then closes the sockets nevertheless.
    _ = try? await world.withTimeout(deadline) { await core.drain() }
    connections.tellAll(HTTPConnectionHandler.ServerStops())
    let rest = max(.milliseconds(100), end - world.clock.now)
    _ = try? await world.withTimeout(rest) { await connections.ended() }
    connections.cutAll()
    _ = try? await world.withTimeout(.seconds(1)) { await connections.ended() }
    try? await ownGroup?.shutdownGracefully()
  }
}
