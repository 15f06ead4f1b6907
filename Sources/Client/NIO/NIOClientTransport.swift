package import NIOCore
internal import NIOPosix
private import Synchronization
package import Wire
package import World

/// Requests and WebSockets over real connections. Requests share a bounded pool of connections for each endpoint.
package final class NIOClientTransport: ClientTransport {
  private let world: World
  private let group: any EventLoopGroup
  /// The event loops, if they are our own to end.
  private let ownGroup: MultiThreadedEventLoopGroup?
  private let configuration: NetworkConfiguration
  private let lanes: [ObjectIdentifier: ClientLane]
  private let pool: ConnectionPool
  private let security: TransportSecurity
  /// Where handshake keys and masking keys come from.
  private let random: Mutex<RandomStream>

  /// - Parameter group: the event loops to use; `nil` makes `eventLoops` of its own and ends them in ``shutDown()``.
  package init(
    world: World, group: (any EventLoopGroup)? = nil, eventLoops: Int = 1,
    configuration: NetworkConfiguration = NetworkConfiguration()
  ) {
    self.world = world
    self.configuration = configuration
    if let group {
      self.group = group
      ownGroup = nil
    } else {
      let own = MultiThreadedEventLoopGroup(numberOfThreads: max(1, eventLoops))
      self.group = own
      ownGroup = own
    }
    var lanes: [ObjectIdentifier: ClientLane] = [:]
    for loop in self.group.makeIterator() { lanes[ObjectIdentifier(loop)] = ClientLane(loop: loop) }
    self.lanes = lanes
    random = Mutex(world.random("websocket-client"))
    security = TransportSecurity(trustRoots: configuration.trustRoots)
    pool = ConnectionPool(group: self.group, configuration: configuration, security: security, clock: world.clock)
  }

  package func send(_ request: HTTPRequest, to endpoint: Endpoint) async throws(ClientError) -> HTTPResponse {
    try security.check(endpoint)
    return try await pool.send(request, to: endpoint)
  }

  package func openSocket(
    _ upgrade: HTTPRequest, to endpoint: Endpoint, events: @escaping @Sendable (SocketEvent) -> Void
  ) async throws(ClientError) -> any ClientSocket {
    try security.check(endpoint)
    let (nonce, masks) = random.withLock { random in
      ((random.next(), random.next()), RandomStream(seed: random.next(), name: "masks"))
    }
    let loop = group.next()
    guard let lane = lanes[ObjectIdentifier(loop)] else {
      throw ClientError(.limit, "The event loop group has changed")
    }
    let opening = SocketOpening(
      upgrade: upgrade, endpoint: endpoint, nonce: nonce, masks: masks, lane: lane, configuration: configuration,
      security: security, events: events)
    do {
      let channel = try await ClientBootstrap(group: loop)
        .connectTimeout(TimeAmount(configuration.connectLimit))
        .channelOption(.tcpOption(.tcp_nodelay), value: 1)
        .channelOption(.recvAllocator, value: Self.receiveBuffer)
        .channelInitializer { channel in channel.eventLoop.makeCompletedFuture { try opening.prepare(channel) } }
        .connect(host: endpoint.host, port: endpoint.port).get()
      let socket = opening.socket
      return try await withTaskCancellationHandler {
        try await opening.outcome(on: channel)
        return socket
      } onCancel: {
        channel.close(promise: nil)
      }
    } catch {
      opening.abandon(error)
      throw ClientError(connecting: endpoint, error)
    }
  }

  /// Each socket keeps a buffer as large as what it has read of late: small to begin with, since there may be many.
  private static let receiveBuffer = AdaptiveRecvByteBufferAllocator(minimum: 256, initial: 512, maximum: 65_536)

  /// Closes every idle connection and, if they are its own, ends the event loops.
  package func shutDown() async {
    await pool.close()
    try? await ownGroup?.shutdownGracefully()
  }
}
