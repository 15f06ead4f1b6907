package import Client
package import Server
private import Synchronization
package import Wire
package import World

/// A network in memory between clients and one server: bytes take a while, keep their order within a connection and are
/// never lost, as TCP promises.
package final class SimulatedNetwork: ClientTransport {
  /// How long bytes are under way, one direction.
  private static let latency: ClosedRange<Duration> = .microseconds(50)...(.milliseconds(2))

  private let core: ServerCore
  private let world: World
  private let random: Mutex<RandomStream>

  package init(core: ServerCore, world: World) {
    self.core = core
    self.world = world
    random = Mutex(world.random("network"))
  }

  package func send(_ request: HTTPRequest, to endpoint: Endpoint) async throws(ClientError) -> HTTPResponse {
    try await travel()
    // The server does not know that a client stops waiting, so its work is no child of the client's task.
    let core = core
    let work = world.spawnThrowing { await core.respond(to: request) }
    let response: HTTPResponse
    do { response = try await work.value } catch { throw ClientError(.closed, "The connection ended") }
    try await travel()
    return response
  }

  package func openSocket(
    _ upgrade: HTTPRequest, to endpoint: Endpoint, events: @escaping @Sendable (SocketEvent) -> Void
  ) async throws(ClientError) -> any ClientSocket {
    try await travel()
    let connection = SimulatedConnection(network: self, limit: core.configuration.outboundMessages, events: events)
    switch core.openSocket(upgrade: upgrade, outbound: connection.serverEnd) {
    case .failure(let response):
      throw ClientError(.refused, "The server answered the WebSocket handshake with status \(response.status)")
    case .success(let inbound): connection.start(inbound, world: world)
    }
    try await travel()
    return connection
  }

  /// When bytes that leave now arrive.
  func arrival() -> Instant { world.clock.now + random.withLock { $0.duration(in: Self.latency) } }

  private func travel() async throws(ClientError) {
    do { try await world.clock.sleep(until: arrival()) } catch {
      throw ClientError(.cancelled, "The request was cancelled")
    }
  }
}
