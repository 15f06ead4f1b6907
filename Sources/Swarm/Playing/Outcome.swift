package import History

package enum OutcomeStatus: String, Sendable {
  case passed
  /// The system under test did not do what the scenario says.
  case failed
  /// The harness could not do its work, so nothing can be said.
  case errored
  /// It failed, and passed when it was played again.
  case flaky
  case skipped
}

/// How the functional steps of a scenario went.
package struct ScenarioOutcome: Sendable {
  package var status: OutcomeStatus
  package var failures: [Failure]
  /// In the world's time.
  package var duration: Duration
  package var history: History
  /// What could not be judged, and why.
  package var notes: [String]

  package init(
    status: OutcomeStatus, failures: [Failure], duration: Duration, history: History, notes: [String] = []
  ) {
    self.status = status
    self.failures = failures
    self.duration = duration
    self.history = history
    self.notes = notes
  }
}
