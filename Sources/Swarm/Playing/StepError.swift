internal import Client
internal import Scenario

/// Why a step ended the flow.
enum StepError: Error {
  /// The system under test did not do what the scenario says.
  case failed(Failure)
  /// The harness could not do its work.
  case harness(Failure)

  var failure: Failure {
    switch self {
    case .failed(let failure), .harness(let failure): failure
    }
  }

  /// What it makes of the play.
  var status: OutcomeStatus {
    switch self {
    case .failed: .failed
    case .harness: .errored
    }
  }

  /// What happened to an actor, as the failure of a step.
  static func of(_ error: any Error, actor: String, at mark: Mark) -> any Error {
    switch error {
    case is StepError, is CancellationError: return error
    case let error as ActorError: return StepError.failed(Failure(mark: mark, message: "\(actor) \(error.message)"))
    case let error as ClientError:
      switch error.kind {
      case .cancelled: return CancellationError()
      case .limit, .invalidEndpoint, .unsupported, .refused, .unreachable:
        return StepError.harness(Failure(mark: mark, message: "\(actor): \(error.message)"))
      case .timedOut, .closed, .protocolViolation:
        return StepError.failed(Failure(mark: mark, message: "\(actor): \(error.message)"))
      }
    default: return StepError.harness(Failure(mark: mark, message: "\(actor): \(error)"))
    }
  }
}
