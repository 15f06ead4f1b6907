internal import JSON

/// Why an actor could not do what a step asks.
enum ActorError: Error {
  case notConnected
  case connectedAlready
  /// The server refused a subscription, with these errors.
  case refused([JSON])
  case subscriptionEnded
  /// The server did not answer a fence in time.
  case fenceLost

  var message: String {
    switch self {
    case .notConnected: "has no open socket"
    case .connectedAlready: "is connected already"
    case .refused(let errors): "was refused: \(errors.map(OperationResponse.describe).joined(separator: "; "))"
    case .subscriptionEnded: "lost its subscription before it was live"
    case .fenceLost: "did not get its fence back within \(ActorClient.fenceLimit)"
    }
  }
}
