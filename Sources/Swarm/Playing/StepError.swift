internal import Client
internal import JSON
internal import Scenario

/// Why a step ended the flow.
indirect enum StepError: Error {
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
  @inline(never)
  static func of(_ error: any Error, actor: String, at mark: Mark) -> any Error {
    switch error {
    case is CancellationError: return error
    case StepError.failed(var failure):
      failure.actor = failure.actor ?? actor
      return StepError.failed(failure)
    case is StepError: return error
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

extension Failure {
  /// What is there on the way to what a capture did not find.
  static func missing(_ capture: Capture, _ path: FieldPath, of data: JSON, _ source: String) -> Failure {
    var seen = data
    var depth = 0
    while depth < path.segments.count,
      let next = FieldPath(segments: Array(path.segments.prefix(depth + 1)), mark: path.mark).value(in: data)
    {
      seen = next
      depth += 1
    }
    let place = depth == 0 ? source : "'\(path.segments.prefix(depth).joined(separator: "."))'"
    let names = seen.object.map { $0.members.map(\.key).joined(separator: ", ") }
    return Failure(
      mark: capture.mark, message: "'\(capture.name)' cannot be captured: \(source) has no '\(path)'",
      expected: "a value of \(path)",
      seen: names.map { "\(place) has only \(Excerpt.cut($0, to: Shown.limit))" } ?? "\(place) is \(Shown.of(seen))",
      details: ["\(source): \(Shown.of(data))"])
  }
}
