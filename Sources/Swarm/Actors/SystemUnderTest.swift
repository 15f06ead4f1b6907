// Swarm: virtual users who play scenarios, functional and under load, against a system under test, measure what they
// feel, and write down all they do and see.

package import Client
package import Scenario

/// The server that a scenario is played against, live, simulated or somebody else's.
package protocol SystemUnderTest: Sendable {
  var endpoint: Endpoint { get }
  var transport: any ClientTransport { get }
  /// Whether the server tells the number of SQL statements of an operation that asks for it.
  var countsStatements: Bool { get }
  /// Whether the server answers a fence only after everything committed before it has been delivered. Of another server
  /// no more can be said than that it has answered a ping and has had some time.
  var fences: Bool { get }
  /// What the server's process has used of the processors so far; `nil` where it is this process, or not to be had.
  var processorTime: Duration? { get }
  /// Gives an actor a session.
  /// - Throws: whatever kept it from one; its description must hold no secret.
  func logIn(_ actor: Actor) async throws -> ActorIdentity
}

extension SystemUnderTest {
  package var processorTime: Duration? { nil }
}

/// Who an actor is to the server.
package struct ActorIdentity: Sendable {
  /// The bearer token of the session; never written anywhere. Empty for somebody who gets in without one.
  package let token: String
  package let userID: String
  /// The user's name.
  package let name: String
  /// The organization: what tells one tenant from another in the history.
  package let organization: String

  /// What is sent, if anything is.
  var bearer: String? { token.isEmpty ? nil : token }

  package init(token: String, userID: String, name: String, organization: String) {
    self.token = token
    self.userID = userID
    self.name = name
    self.organization = organization
  }
}
