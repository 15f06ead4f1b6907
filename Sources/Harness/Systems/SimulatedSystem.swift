internal import Client
internal import Collaboration
internal import Database
internal import Scenario
internal import Simulation
internal import Swarm
internal import World

/// The product in a virtual world: a network and a database in memory.
final class SimulatedSystem: SystemUnderTest {
  let endpoint = Endpoint(host: "simulated", port: 80)
  let transport: any ClientTransport
  let countsStatements = true
  let fences = true
  private let product: Product
  private let logInActor: LogIn

  init(on database: any Database, for scenario: Scenario, world: World) async throws {
    product = try await Product.start(on: database, for: scenario, world: world)
    transport = SimulatedNetwork(core: product.core, world: world)
    logInActor = LogIn(
      tokens: product.tokens, client: GraphQLHTTPClient(transport: transport, endpoint: endpoint), world: world)
  }

  func logIn(_ actor: Actor) async throws -> ActorIdentity { try await logInActor(actor) }

  func stop() async { await product.collaboration.stop() }
}
