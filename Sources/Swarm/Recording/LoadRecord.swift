internal import History
package import Scenario
package import World

/// What a load run has measured, as it stands in `load.json`: enough to join shards without loss, and to compare runs.
package struct LoadRecord: Sendable {
  package struct CheckCount: Sendable, Hashable {
    package let name: String
    package var examined: Int
    package var violations: Int

    package init(name: String, examined: Int, violations: Int) {
      self.name = name
      self.examined = examined
      self.violations = violations
    }
  }

  package var scenario: String
  package var mark: Mark
  package var seed: UInt64
  /// The whole, or which part of it this is.
  package var shard: Shard
  package var status: OutcomeStatus
  package var startedAt: WallTime
  /// Setting up included.
  package var duration: Duration
  /// What counters' rates are taken over; for bytes it is `whole`.
  package var elapsed: Duration
  package var whole: Duration
  package var failures: [Failure]
  package var notes: [String]
  package var checks: [CheckCount] = []
  /// In the order of ``Series``.
  package var series: [(series: Series, state: SeriesState)]
  /// Their starts count from the start of the first.
  package var intervals: [MetricsInterval]
  /// Of shards, the first's.
  package var phases: [LoadPhase]
  package var thresholds: [Threshold]
  package var generator: GeneratorReport?

  package init(_ scenario: Scenario, _ outcome: LoadOutcome, seed: UInt64, shard: Shard, startedAt: WallTime) {
    self.scenario = scenario.name
    mark = scenario.mark
    self.seed = seed
    self.shard = shard
    self.startedAt = startedAt
    status = outcome.status
    duration = outcome.duration
    elapsed = outcome.metrics.elapsed
    whole = outcome.metrics.whole
    failures = outcome.failures
    notes = outcome.notes
    series = (outcome.metrics.summaries + outcome.metrics.tagged)
      .map { (Series(metric: $0.metric, tag: $0.tag), $0.state) }
    let origin = outcome.intervals.first?.start ?? Instant(nanoseconds: 0)
    intervals = outcome.intervals.map {
      MetricsInterval(
        start: Instant(nanoseconds: ($0.start - origin).wholeNanoseconds), length: $0.length, series: $0.series)
    }
    thresholds = outcome.thresholds.map(\.threshold)
    phases = outcome.phases
    generator = outcome.generator
  }

  package var metrics: MetricsSnapshot {
    MetricsSnapshot(series: series.map { ($0.series, $0.state) }, elapsed: elapsed, whole: whole)
  }

  /// The thresholds, judged by what is here.
  package var judged: [ThresholdResult] { evaluate(thresholds, against: metrics) }

  /// Joins all shards of one run: histograms and counts are added, seconds by their number.
  /// - Throws: ``LoadRecordError`` when a shard is missing, stands twice, or is of another run.
  package static func merged(_ parts: [LoadRecord]) throws(LoadRecordError) -> LoadRecord {
    let parts = parts.sorted { $0.shard.index < $1.shard.index }
    guard var whole = parts.first else { throw LoadRecordError("there is nothing to join") }
    for part in parts {
      guard part.scenario == whole.scenario, part.shard.count == whole.shard.count else {
        throw LoadRecordError(
          "'\(part.scenario)', shard \(part.shard), is no part of the run of '\(whole.scenario)', shard \(whole.shard)")
      }
      guard part.seed == whole.seed else {
        throw LoadRecordError(
          "shard \(part.shard) has seed \(part.seed), shard \(whole.shard) has \(whole.seed); give all the same --seed")
      }
      guard part.thresholds.map(\.described) == whole.thresholds.map(\.described) else {
        throw LoadRecordError("shards \(whole.shard) and \(part.shard) of '\(whole.scenario)' have other thresholds")
      }
    }
    for number in 0..<whole.shard.count {
      let count = parts.count { $0.shard.index == number }
      guard count == 1 else {
        let name = "shard \(number + 1)/\(whole.shard.count) of '\(whole.scenario)'"
        throw LoadRecordError(count == 0 ? "\(name) is missing" : "\(name) stands there \(count) times")
      }
    }
    whole.shard = .whole
    for part in parts.dropFirst() { whole.add(part) }
    if parts.count > 1 {
      whole.generator = nil
      for part in parts {
        whole.notes += (part.generator?.doubts ?? []).map { "shard \(part.shard): \($0)" }
      }
      // Of what shards have in common, such as a note, once is enough.
      var known: Set<String> = []
      whole.notes = whole.notes.filter { known.insert($0).inserted }
      whole.failures = Array(whole.failures.prefix(LoadLimits.failures))
    }
    return whole
  }

  private mutating func add(_ part: LoadRecord) {
    if status == .passed || part.status == .failed { status = part.status }
    startedAt = min(startedAt, part.startedAt)
    duration = max(duration, part.duration)
    elapsed = max(elapsed, part.elapsed)
    whole = max(whole, part.whole)
    failures += part.failures
    notes += part.notes
    for check in part.checks {
      if let index = checks.firstIndex(where: { $0.name == check.name }) {
        checks[index].examined += check.examined
        checks[index].violations += check.violations
      } else {
        checks.append(check)
      }
    }
    var states = Dictionary(series.map { ($0.series, $0.state) }) { first, _ in first }
    for (name, state) in part.series { states[name, default: SeriesState()].add(state) }
    series = states.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    for (index, interval) in part.intervals.enumerated() {
      if index < intervals.count {
        let length = max(interval.length, intervals[index].length)
        intervals[index] = intervals[index].adding(interval, length: length)
      } else {
        intervals.append(interval)
      }
    }
  }
}

/// Why a stored load cannot be used, without its file's name.
package struct LoadRecordError: Error, Equatable {
  package let message: String

  init(_ message: String) { self.message = message }
}

extension Threshold {
  fileprivate var described: String { "\(series) \(expression)" }
}

extension MetricsInterval {
  /// Both as one of that length.
  package func adding(_ other: MetricsInterval, length: Duration) -> MetricsInterval {
    var states = series
    for (metric, state) in other.series {
      if let index = states.firstIndex(where: { $0.metric == metric }) {
        states[index].state.add(state)
      } else {
        states.append((metric: metric, state: state))
      }
    }
    states.sort { $0.metric.index < $1.metric.index }
    return MetricsInterval(start: start, length: length, series: states)
  }
}
