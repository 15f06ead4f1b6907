internal import JSON
internal import Scenario
internal import Wire
internal import World

/// One thing that a client did or saw.
struct RecordedEntry: Sendable {
  enum What: Sendable {
    case connect
    /// The client ended its socket.
    case disconnect(DisconnectManner)
    /// The server did.
    case closed(CloseCode?)
    case operate(RecordedCall, overSocket: Bool)
    case subscribe(RecordedCall)
    /// An event of the subscription that the entry of this index began.
    case event(of: Int, JSON)
    /// The server ended that subscription, with an error of this code.
    case ended(of: Int, code: String?)
  }

  /// An index of ``Recorder/identities``.
  let identity: Int
  /// 0, or more where the same identity has several sockets at once.
  let device: Int
  let at: Instant
  let what: What
  /// The whole response map; of a subscription that was refused, its errors.
  var answer: JSON?
  /// Whether it got a token that was used later.
  var isLogin = false
  /// Of a subscription: whether the client has ended it.
  var isCompleted = false

  var call: RecordedCall? {
    switch what {
    case .operate(let call, _), .subscribe(let call): call
    default: nil
    }
  }
}

/// An operation with its variables.
struct RecordedCall: Sendable {
  let operation: OperationBook.Entry
  let variables: JSONObject

  init(_ operation: OperationBook.Entry, _ variables: JSONObject) {
    self.operation = operation
    self.variables = variables
  }

  /// The variables by what they are given for.
  var given: [(name: String, purpose: String, value: JSON)] {
    variables.members.map { name, value in
      let purpose = operation.purposes[name] ?? name
      // What is secret by one of its names is secret.
      let isSecret = Secrets.isSecret(name) && !Secrets.isIdempotencyKey(purpose)
      return (name, isSecret ? name : purpose, value)
    }
  }

  var firstSecret: String? {
    given.lazy.compactMap { Secrets.first(in: $0.value, isSecret: Secrets.isSecret($0.purpose)) }.first
  }
}

/// Whoever uses one session, or one token, or none.
struct RecordedIdentity: Sendable {
  /// Nothing says who it is.
  var isAnonymous = false
  /// An organization's own server, and nobody of its people.
  var isServer = false
  /// As a token names it.
  var organization: String?
  var organizationName: String?
  /// The user as a token names them, and as the server does.
  var subject: String?
  var userID: String?
  var name: String?

  /// Takes what a signed token claims (RFC 7519, section 4; the claims of docs/protocol.md).
  mutating func learn(claims: JSON) {
    organization = claims["org"]?.string ?? organization
    subject = claims["sub"]?.string ?? subject
    name = claims["name"]?.string ?? name
    isServer = claims["scope"]?.string == "server"
  }

  /// Takes what the server says of the user.
  mutating func learn(viewer: JSON) {
    guard let id = viewer["id"]?.string else { return }
    userID = userID ?? id
    name = viewer["name"]?.string ?? name
    organizationName = viewer["organization"]?["name"]?.string ?? organizationName
  }
}
