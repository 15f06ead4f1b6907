package import History

/// How a load run went.
package struct LoadOutcome: Sendable {
  /// `failed` when virtual users could not start; what iterations did wrong is for the thresholds to judge.
  package var status: OutcomeStatus
  /// The first of what went wrong, at most ``LoadLimits/failures``.
  package var failures: [Failure]
  /// In the world's time, setting up included.
  package var duration: Duration
  package var history: History
  package var metrics: MetricsSnapshot
  /// The same second by second, warm-up included.
  package var intervals: [MetricsInterval]
  /// What the load was doing meanwhile.
  package var phases: [LoadPhase] = []
  package var thresholds: [ThresholdResult]
  /// How the generator fared; `nil` where there was no load.
  package var generator: GeneratorReport?
  /// What the server's process used of the processors while iterations were measured; `nil` where that is not known.
  package var serverProcessor: Duration?
  /// What was limited or could not be judged, and why.
  package var notes: [String]

  package init(
    status: OutcomeStatus, failures: [Failure], duration: Duration, history: History, metrics: MetricsSnapshot,
    intervals: [MetricsInterval] = [], thresholds: [ThresholdResult], notes: [String]
  ) {
    self.status = status
    self.failures = failures
    self.duration = duration
    self.history = history
    self.metrics = metrics
    self.intervals = intervals
    self.thresholds = thresholds
    self.notes = notes
  }
}
