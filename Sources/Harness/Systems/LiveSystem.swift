internal import Client
internal import Collaboration
internal import Database
internal import Scenario
internal import Server
internal import Swarm
internal import World

/// The product on a loopback port of this process, with real sockets between it and its clients.
final class LiveSystem: SystemUnderTest {
  let endpoint: Endpoint
  let transport: any ClientTransport
  let countsStatements = true
  let fences = true
  private let product: Product
  private let server: HTTPServer
  private let network: NIOClientTransport
  private let logInActor: LogIn

  /// - Throws: ``HarnessError`` when no port can be had; what the database throws.
  init(on database: any Database, for scenario: Scenario, world: World) async throws {
    product = try await Product.start(on: database, for: scenario, world: world)
    do throws(ServerError) {
      server = try await HTTPServer.start(core: product.core, world: world)
    } catch {
      await product.collaboration.stop()
      throw HarnessError("The server could not start: \(error).")
    }
    network = NIOClientTransport(world: world)
    transport = network
    endpoint = Endpoint(host: "127.0.0.1", port: server.port)
    logInActor = LogIn(
      tokens: product.tokens, client: GraphQLHTTPClient(transport: network, endpoint: endpoint), world: world)
  }

  func logIn(_ actor: Actor) async throws -> ActorIdentity { try await logInActor(actor) }

  func stop() async {
    await network.shutDown()
    await server.stop(deadline: .seconds(2))
    await product.collaboration.stop()
  }
}
