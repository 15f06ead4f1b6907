internal import Scenario
private import Synchronization
internal import World

/// Where a load run stands and what has gone wrong, shared by its virtual users.
final class LoadState: Sendable {
  private struct State {
    var phase = RunProgress.Phase.connecting
    var began: Instant
    var entered: [(phase: RunProgress.Phase, at: Instant)]
    var planned: Duration?
    var users: [VirtualUser] = []
    var busy = 0
    var interrupted = 0
    var failures: [Failure] = []
    var failureCount = 0
    var broken: OutcomeStatus?
    var ending: String?
    var generator: GeneratorReport?
    var serverBegan: Duration?
    var serverEnded: Duration?
  }

  private let virtualUsers: Int
  private let metrics: MetricsRecorder
  private let state: Mutex<State>

  init(virtualUsers: Int, metrics: MetricsRecorder, now: Instant) {
    self.virtualUsers = virtualUsers
    self.metrics = metrics
    state = Mutex(State(began: now, entered: [(.connecting, now)]))
  }

  func enter(_ phase: RunProgress.Phase, planned: Duration?, now: Instant) {
    state.withLock { state in
      state.phase = phase
      state.entered.append((phase, now))
      state.planned = planned
      state.began = now
    }
  }

  /// When each phase began.
  var entered: [(phase: RunProgress.Phase, at: Instant)] { state.withLock(\.entered) }

  /// Keeps a virtual user that has taken its start steps.
  func isReady(_ user: VirtualUser) { state.withLock { $0.users.append(user) } }

  /// In the order in which they were ready.
  var users: [VirtualUser] { state.withLock(\.users) }

  func iterationBegan() { state.withLock { $0.busy += 1 } }

  func iterationEnded(interrupted: Bool, _ tags: [MetricTag]) {
    state.withLock { state in
      state.busy -= 1
      if interrupted { state.interrupted += 1 }
    }
    if !interrupted { metrics.add(.iterations, tags: tags) }
  }

  /// Keeps the first failures, and the first at each step before more of the same.
  /// - Parameter breaks: what the run comes to by it; `nil` leaves the verdict to the thresholds.
  func add(_ failure: Failure, breaks: OutcomeStatus? = nil) {
    state.withLock { state in
      state.failureCount += 1
      // That the system failed is worth more than that the harness then could not go on.
      if let breaks, state.broken != .failed { state.broken = breaks }
      guard state.failures.count < LoadLimits.failures else { return }
      let alike = state.failures.count { $0.mark == failure.mark }
      if alike < 3 { state.failures.append(failure) }
    }
  }

  /// Keeps why the load ends before its time.
  func abort(_ reason: String) { state.withLock { $0.ending = $0.ending ?? reason } }

  func note(_ generator: GeneratorReport) { state.withLock { $0.generator = generator } }

  /// What the server has used when measuring begins, and ends.
  func measuringBegan(_ used: Duration?) { state.withLock { $0.serverBegan = used } }
  func measuringEnded(_ used: Duration?) { state.withLock { $0.serverEnded = used } }

  var serverProcessor: Duration? {
    state.withLock { state in state.serverEnded.flatMap { ended in state.serverBegan.map { ended - $0 } } }
  }

  var generator: GeneratorReport? { state.withLock(\.generator) }

  var failures: [Failure] { state.withLock(\.failures) }
  /// What the run came to by something that thresholds do not judge: a virtual user could not start.
  var broken: OutcomeStatus? { state.withLock(\.broken) }

  var notes: [String] {
    state.withLock { state in
      var notes = [state.ending].compactMap(\.self)
      let hidden = state.failureCount - state.failures.count
      if hidden > 0 { notes.append("\(hidden) more failures like these") }
      if state.interrupted > 0 {
        notes.append("\(state.interrupted) iterations were interrupted when the graceful stop was over")
      }
      return notes
    }
  }

  func progress(now: Instant) -> RunProgress {
    let delivery = metrics.glimpse(.deliveryLatency)
    let state = state.withLock { $0 }
    return RunProgress(
      phase: state.phase, elapsed: now - state.began, planned: state.planned, virtualUsers: virtualUsers,
      ready: state.users.count, busy: state.busy, iterations: metrics.count(.iterations),
      dropped: metrics.count(.droppedIterations), errors: metrics.count(.errors),
      eventsReceived: metrics.count(.eventsReceived), deliveryMedian: delivery?.median, deliveryHigh: delivery?.high)
  }
}
