internal import Client
internal import JSON
internal import Scenario
internal import Swarm
internal import World

/// Exchanges client tokens for sessions, as every client of the product does.
struct LogIn: Sendable {
  private static let document = """
    mutation($clientToken: String!) {
      createSession(input: {clientToken: $clientToken}) {
        token
        viewer { id name }
        userErrors { code message }
      }
    }
    """

  let tokens: ClientTokens
  let client: GraphQLHTTPClient
  let world: World

  func callAsFunction(_ actor: Actor) async throws -> ActorIdentity {
    let clientToken = try tokens.token(for: actor, now: world.clock.wall)
    let response = try await client.execute(query: Self.document, variables: ["clientToken": .string(clientToken)])
    let payload = response.data?["createSession"]
    guard let token = payload?["token"]?.string, let id = payload?["viewer"]?["id"]?.string,
      let name = payload?["viewer"]?["name"]?.string
    else {
      let errors = payload?["userErrors"]?.text ?? JSON.array(response.errors).text
      throw HarnessError("Actor '\(actor.name)' could not log in: status \(response.status), \(errors).")
    }
    return ActorIdentity(token: token, userID: id, name: name, organization: actor.organization)
  }
}
