package import JSON

/// A GraphQL API that a transport can host. The transport knows HTTP and sockets, the service knows the schema, who may
/// do what, and what is published; neither knows the other's work.
package protocol GraphQLService: Sendable {
  /// Who is calling.
  /// - Parameter token: the bearer token without "Bearer "; `nil` is an anonymous caller.
  /// - Throws: ``AuthenticationFailure`` for a token that is malformed, unknown, expired or revoked.
  func authenticate(token: String?) async throws(AuthenticationFailure) -> any ServiceIdentity

  /// Parses, validates and plans; cheap when the document was seen before. The transport looks at the kind (GET refuses
  /// mutations) before it executes. A failure is a request error result, ready to send.
  func prepare(_ request: GraphQLRequest) -> Result<any PreparedService, GraphQLResult>

  /// Runs a query or a mutation. `prepared` comes from this service's `prepare`, `identity` from its `authenticate`.
  func execute(
    _ prepared: any PreparedService, as identity: any ServiceIdentity, from origin: RequestOrigin
  ) async -> GraphQLResult

  /// Starts a subscription. When it returns `.active`, every event published afterwards reaches `subscriber`.
  func subscribe(
    _ prepared: any PreparedService, as identity: any ServiceIdentity, socket: SocketID, subscriber: any Subscriber
  ) async -> SubscribeOutcome

  /// A socket has authenticated. `control` lets the service close it later, on revocation for example.
  func socketOpened(_ id: SocketID, identity: any ServiceIdentity, control: any SocketControl)

  /// An inbound ping came: the peer lives, and its leases (presence) are renewed.
  func socketAlive(_ id: SocketID)

  /// The socket is gone; what was leased to it ends.
  func socketClosed(_ id: SocketID)

  /// Returns when every event published (for durable ones: committed) before the call has been handed to its
  /// subscribers.
  func fence() async

  var health: ServiceHealth { get async }

  /// What is deployed: build, schema hash, migration head.
  var version: JSONObject { get async }

  /// What the service itself counts, beside what its transport does.
  var metrics: [MetricFamily] { get async }
}

extension GraphQLService {
  package var metrics: [MetricFamily] { [] }
}

/// Who is calling, as the service understands it; opaque to transports.
package protocol ServiceIdentity: Sendable {
  var ids: CallerIDs { get }
}

extension ServiceIdentity {
  package var ids: CallerIDs { CallerIDs() }
}

/// An operation that is parsed, validated and planned, its variables coerced.
package protocol PreparedService: Sendable {
  var kind: OperationKind { get }
  /// The operation's name in its document.
  var name: String? { get }
}

extension PreparedService {
  package var name: String? { nil }
}

/// Why a caller was not let in. A transport answers HTTP 401 or closes the socket with 4403.
package struct AuthenticationFailure: Error, Hashable, Sendable {
  /// Shown to the caller; contains no part of the token.
  package let message: String
  /// For machines, in the error's `extensions.code`: `UNAUTHENTICATED`, `SESSION_EXPIRED`…
  package let code: String

  package init(message: String, code: String = "UNAUTHENTICATED") {
    self.message = message
    self.code = code
  }
}

/// Whether the service can do its work now.
package struct ServiceHealth: Hashable, Sendable {
  package let ready: Bool
  /// Per part, for people: database, event hub…
  package let details: JSONObject

  package init(ready: Bool, details: JSONObject = [:]) {
    self.ready = ready
    self.details = details
  }
}
