/// Where a load run stands.
package struct RunProgress: Sendable, Hashable {
  package enum Phase: String, Sendable {
    case connecting, running, stopping
  }

  package var phase: Phase
  /// Since the phase began, in the world's time.
  package var elapsed: Duration
  /// How long the phase will take, when that is known.
  package var planned: Duration?
  package var virtualUsers: Int
  /// Virtual users that have taken their start steps.
  package var ready: Int
  /// Virtual users that are in an iteration.
  package var busy: Int
  package var iterations: Int
  package var dropped: Int
  package var errors: Int
  package var eventsReceived: Int
  /// Milliseconds so far; `nil` without samples.
  package var deliveryMedian: Double?
  package var deliveryHigh: Double?
}
