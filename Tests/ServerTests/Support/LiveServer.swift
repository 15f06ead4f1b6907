import Client
import GraphQL
import JSON
import Server
import Wire
import World

/// A real server on a loopback port and what it takes to talk to it.
struct LiveServer {
  let service: FixtureService
  let world: World
  let core: ServerCore
  let server: HTTPServer
  let transport: NIOClientTransport

  var endpoint: Endpoint { Endpoint(host: "127.0.0.1", port: server.port) }

  /// Runs `body` against a server of its own, and stops it.
  static func run(
    _ configure: (inout ServerConfiguration, inout NetworkLimits) -> Void = { _, _ in },
    _ body: (LiveServer) async throws -> Void
  ) async throws {
    try await run(host: { $0 }, configure, body)
  }

  /// - Parameter host: what the server hosts, by the fixture that it stands on.
  static func run(
    host: (FixtureService) throws -> any GraphQLService,
    _ configure: (inout ServerConfiguration, inout NetworkLimits) -> Void = { _, _ in },
    _ body: (LiveServer) async throws -> Void
  ) async throws {
    var configuration = ServerConfiguration()
    var limits = NetworkLimits()
    limits.linger = .milliseconds(50)
    limits.closeHandshake = .milliseconds(200)
    configure(&configuration, &limits)
    let service = FixtureService()
    let world = World.live(seed: 1)
    let core = ServerCore(service: try host(service), world: world, configuration: configuration)
    let server = try await HTTPServer.start(core: core, world: world, limits: limits)
    let transport = NIOClientTransport(world: world)
    let live = LiveServer(service: service, world: world, core: core, server: server, transport: transport)
    do { try await body(live) } catch {
      await live.end()
      throw error
    }
    await live.end()
  }

  private func end() async {
    await transport.shutDown()
    await server.stop(deadline: .milliseconds(500))
  }

  var http: GraphQLHTTPClient { GraphQLHTTPClient(transport: transport, endpoint: endpoint) }

  /// A client without heartbeats, and everything that comes to it.
  func socket(_ name: String = "a") -> (client: GraphQLSocketClient, events: Recorder<SocketClientEvent>) {
    let events = Recorder<SocketClientEvent>()
    var configuration = SocketClientConfiguration()
    configuration.heartbeatInterval = nil
    let client = GraphQLSocketClient(
      transport: transport, endpoint: endpoint, world: world, name: name, configuration: configuration
    ) { events.record($0) }
    return (client, events)
  }
}

extension Recorder<SocketClientEvent> {
  func closed() async -> SocketClientEvent? {
    await wait { $0.contains { if case .closed = $0 { true } else { false } } }.last
  }
}
