internal import NIOCore
internal import NIOHTTP1
internal import NIOPosix
private import Synchronization
internal import World

/// Stands before a server, passes on what clients and server say to each other, and tells of it.
///
/// Each client's connection has one of its own to the target. The target's bytes reach the client as they are, frames of
/// WebSockets pass as they are in both directions, and so does the end of a direction. Of requests a few fields are
/// changed: `Host` and an `Origin` of the proxy's own name the target, and compression is not asked for, so that what
/// passes can be read. Who does not read holds up who writes: no more is read while the other side does not take it.
package final class Proxy: Sendable {
  /// The port it listens on.
  package let port: Int

  private let listener: any Channel
  private let group: MultiThreadedEventLoopGroup
  private let hub: ProxyHub

  private init(port: Int, listener: any Channel, group: MultiThreadedEventLoopGroup, hub: ProxyHub) {
    self.port = port
    self.listener = listener
    self.group = group
    self.hub = hub
  }

  /// Listens, and passes on from when it returns.
  /// - Parameters:
  ///   - port: 0 for any that is free; ``port`` tells which.
  ///   - target: where the server is.
  ///   - authority: the target as `Host` names it.
  ///   - observe: called with everything that passes, in order, from one thread.
  /// - Throws: ``ServerError``.
  package static func start(
    host: String, port: Int, target: (host: String, port: Int), authority: String, limits: ProxyLimits = ProxyLimits(),
    observe: @escaping @Sendable (ProxyEvent) -> Void
  ) async throws(ServerError) -> Proxy {
    // One loop, so that there is one order of everything.
    let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    let hub = ProxyHub(limits: limits, authority: authority, observe: observe)
    do {
      let listener = try await ServerBootstrap(group: group)
        .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
        .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
        .childChannelOption(.allowRemoteHalfClosure, value: true)
        .childChannelInitializer { channel in
          guard hub.add(channel) else { return channel.close() }
          let link = NIOLoopBound(ProxyLink(hub: hub), eventLoop: channel.eventLoop)
          return ClientBootstrap(group: channel.eventLoop)
            .connectTimeout(TimeAmount(limits.connect))
            .channelOption(.tcpOption(.tcp_nodelay), value: 1)
            .channelOption(.allowRemoteHalfClosure, value: true)
            .channelInitializer { back in back.eventLoop.makeCompletedFuture { try link.value.prepare(back: back) } }
            .connect(host: target.host, port: target.port)
            .flatMapThrowing { _ in try link.value.prepare(front: channel) }
        }
        .bind(host: host, port: port).get()
      guard let actual = listener.localAddress?.port else {
        throw ServerError.cannotListen(host: host, port: port, reason: "the socket has no port")
      }
      return Proxy(port: actual, listener: listener, group: group, hub: hub)
    } catch {
      try? await group.shutdownGracefully()
      throw error as? ServerError ?? HTTPServer.failure(error, host, port)
    }
  }

  /// Tells of nothing more, and cuts every connection.
  package func stop() async {
    let channels = hub.end()
    try? await listener.close()
    for channel in channels { channel.close(promise: nil) }
    try? await group.shutdownGracefully()
  }
}

/// What the connections of a proxy share.
final class ProxyHub: Sendable {
  let limits: ProxyLimits
  let authority: String
  private let observe: @Sendable (ProxyEvent) -> Void
  private let state = Mutex((channels: [ObjectIdentifier: any Channel](), number: 0, isOver: false))

  init(limits: ProxyLimits, authority: String, observe: @escaping @Sendable (ProxyEvent) -> Void) {
    self.limits = limits
    self.authority = authority
    self.observe = observe
  }

  /// - Returns: false when there are too many, or none are taken any more.
  func add(_ channel: any Channel) -> Bool {
    let key = ObjectIdentifier(channel)
    let isTaken = state.withLock { state in
      guard state.channels.count < limits.connections, !state.isOver else { return false }
      state.channels[key] = channel
      return true
    }
    if isTaken {
      channel.closeFuture.whenComplete { [self] _ in state.withLock { _ = $0.channels.removeValue(forKey: key) } }
    }
    return isTaken
  }

  func nextNumber() -> Int {
    state.withLock { state in
      state.number += 1
      return state.number
    }
  }

  func tell(_ event: ProxyEvent) {
    if !state.withLock(\.isOver) { observe(event) }
  }

  /// - Returns: the connections that are open.
  func end() -> [any Channel] {
    state.withLock { state in
      state.isOver = true
      return Array(state.channels.values)
    }
  }
}
