internal import Client
internal import JSON
internal import Scenario
internal import Swarm
private import Synchronization
internal import World

/// A server that somebody else has started.
final class TargetSystem: SystemUnderTest {
  /// How long a server may take to answer a fence; then it knows none.
  private static let answerLimit = Duration.seconds(5)

  var endpoint: Endpoint { target.endpoint }
  let transport: any ClientTransport
  let countsStatements = false
  var processorTime: Duration? { process?.processorTime }
  let fences: Bool
  private let target: TargetOptions
  private let network: NIOClientTransport
  private let process: ServerProcess?
  private let speaksOurs: Bool
  private let client: GraphQLHTTPClient
  private let logInActor: LogIn
  /// The session that asked for a fence, until its actor logs in: nobody has one more here than on a server of our own.
  private let first: Mutex<(actor: Actor, identity: ActorIdentity)?>

  /// Asks the server, as the scenario's first actor, whether it answers fences. What answers them without being the
  /// product may only echo pings, so a scenario with a schema of its own is not asked.
  /// - Parameters:
  ///   - tag: tells the people of this play from those of others.
  ///   - process: the server's, where it is ours.
  /// - Throws: what kept that actor from a session or a socket.
  init(
    _ target: TargetOptions, for scenario: Scenario, tag: String, world: World, process: ServerProcess? = nil
  ) async throws {
    self.target = target
    self.process = process
    let network = NIOClientTransport(world: world, configuration: .ofProcess())
    self.network = network
    let transport = Self.transport(network, target)
    self.transport = transport
    let speaksOurs = scenario.schemaFile == nil
    self.speaksOurs = speaksOurs
    let client = GraphQLHTTPClient(transport: transport, endpoint: target.endpoint)
    self.client = client
    let logIn = LogIn(tokens: ClientTokens(secrets: target.secrets, tag: tag), client: client, world: world)
    logInActor = logIn
    guard speaksOurs, let actor = Self.first(of: scenario) else {
      fences = false
      first = Mutex(nil)
      return
    }
    do {
      let identity = try await Self.identity(actor, target, logIn, client, speaksOurs)
      fences = try await Self.answersFence(as: identity, on: transport, target.endpoint, world)
      first = Mutex((actor, identity))
    } catch {
      await network.shutDown()
      throw error
    }
  }

  /// Finds out whether there is a GraphQL server at all.
  /// - Throws: ``HarnessError`` in one sentence.
  static func reach(_ target: TargetOptions, world: World) async throws {
    let network = NIOClientTransport(world: world, configuration: .ofProcess())
    let client = GraphQLHTTPClient(transport: transport(network, target), endpoint: target.endpoint)
    var problem: String?
    do {
      try await world.withTimeout(target.firstAnswerLimit) { _ = try await client.execute(query: "{ __typename }") }
    } catch let error as ClientError {
      problem = error.message
    } catch is TimedOut {
      problem = "it did not answer within \(SettingText.duration(target.firstAnswerLimit))"
    }
    await network.shutDown()
    if let problem { throw HarnessError("The target \(target.endpoint) cannot be used: \(problem).") }
  }

  func logIn(_ actor: Actor) async throws -> ActorIdentity {
    let known = first.withLock { $0?.actor == actor ? $0.take() : nil }
    if let known { return known.identity }
    return try await Self.identity(actor, target, logInActor, client, speaksOurs)
  }

  func stop() async { await network.shutDown() }

  private static func transport(_ network: NIOClientTransport, _ target: TargetOptions) -> any ClientTransport {
    target.usesSecrets ? network : HeaderTransport(inner: network, headers: target.headers)
  }

  /// Somebody of the scenario: its first actor, or its first virtual user.
  private static func first(of scenario: Scenario) -> Actor? {
    if let actor = scenario.actors.first { return actor }
    guard let load = scenario.load,
      let user = scenario.organizations.first(where: { $0.name == load.organization })?.users.first
    else { return nil }
    return Actor(name: "vu-0", user: user, organization: load.organization, mark: load.mark)
  }

  private static func identity(
    _ actor: Actor, _ target: TargetOptions, _ logIn: LogIn, _ client: GraphQLHTTPClient, _ speaksOurs: Bool
  ) async throws -> ActorIdentity {
    if target.usesSecrets { return try await logIn(actor) }
    let token = target.token(of: actor.name) ?? ""
    guard speaksOurs else {
      return ActorIdentity(token: token, userID: actor.user, name: actor.user, organization: actor.organization)
    }
    let response = try await client.execute(query: "{ viewer { id name } }", token: token.isEmpty ? nil : token)
    guard let viewer = response.data?["viewer"], let id = viewer["id"]?.string, let name = viewer["name"]?.string else {
      throw HarnessError(
        "The target does not say who actor '\(actor.name)' is: status \(response.status), "
          + "\(JSON.array(response.errors).text).")
    }
    return ActorIdentity(token: token, userID: id, name: name, organization: actor.organization)
  }

  private static func answersFence(
    as identity: ActorIdentity, on transport: any ClientTransport, _ endpoint: Endpoint, _ world: World
  ) async throws -> Bool {
    let socket = GraphQLSocketClient(transport: transport, endpoint: endpoint, world: world, name: "fence probe") { _ in
    }
    try await socket.connect(token: identity.token.isEmpty ? nil : identity.token)
    defer { socket.close() }
    do {
      try await world.withTimeout(answerLimit) { try await socket.fence("fence-probe") }
      return true
    } catch is TimedOut { return false }
  }
}
