/// What a load run measures, by the names that thresholds use.
package enum Metric: String, CaseIterable, Sendable {
  /// From the intended start of the operation that caused an event to the event's arrival at a subscriber.
  case deliveryLatency = "delivery_latency"
  /// From the intended start of an iteration's operation to its response: what a person waits.
  case operationDuration = "operation_duration"
  /// From the actual start of an iteration's operation to its response: what a closed loop sees, which asks again only when
  /// it has its answer, and so asks least when the server is slowest.
  case serviceTime = "service_time"
  /// From the start of a connection to the server's acknowledgement.
  case connectDuration = "connect_duration"
  /// The share of operations and expectations that went wrong.
  case errors
  /// The share of expectations that held.
  case checks
  case iterations
  /// Iterations that did not start because no virtual user was free.
  case droppedIterations = "dropped_iterations"
  case eventsReceived = "events_received"
  case bytesSent = "bytes_sent"
  case bytesReceived = "bytes_received"

  package enum Kind: Sendable { case duration, share, counter }

  package var kind: Kind {
    switch self {
    case .deliveryLatency, .operationDuration, .serviceTime, .connectDuration: .duration
    case .errors, .checks: .share
    case .iterations, .droppedIterations, .eventsReceived, .bytesSent, .bytesReceived: .counter
    }
  }

  /// From when a duration is measured, for people; `nil` for what is no operation's.
  package var origin: String? {
    switch self {
    case .deliveryLatency, .operationDuration: "intended start"
    case .serviceTime: "sent"
    default: nil
    }
  }

  /// `ms` for durations, `share` for what is between 0 and 1, `count` or `bytes` for the rest.
  package var unit: String {
    switch self {
    case .bytesSent, .bytesReceived: "bytes"
    default:
      switch kind {
      case .duration: "ms"
      case .share: "share"
      case .counter: "count"
      }
    }
  }
}
