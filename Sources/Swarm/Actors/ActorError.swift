internal import Client
internal import JSON

/// Why an actor could not do what a step asks.
enum ActorError: Error {
  /// There is no open socket; how the last one ended, when it ended by itself.
  case notConnected(String?)
  case connectedAlready
  /// The server refused a subscription, with these errors.
  case refused([JSON])
  case subscriptionEnded
  /// The server did not answer a fence in time.
  case fenceLost

  var message: String {
    switch self {
    case .notConnected(let ending): "has no open socket" + (ending.map { ": \($0)" } ?? "")
    case .connectedAlready: "is connected already"
    case .refused(let errors): "was refused: \(errors.map(OperationResponse.describe).joined(separator: "; "))"
    case .subscriptionEnded: "lost its subscription before it was live"
    case .fenceLost: "did not get its fence back within \(ActorClient.fenceLimit)"
    }
  }

  /// What happened to an actor, in one sentence.
  static func describe(_ error: any Error, _ actor: String) -> String {
    if let error = error as? ActorError { return "\(actor) \(error.message)" }
    return "\(actor): \((error as? ClientError)?.message ?? "\(error)")"
  }
}
