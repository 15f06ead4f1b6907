private import Histogram
private import Synchronization
internal import World

/// Collects what a run measures. Safe from any thread; its size does not depend on the length of the run.
package final class MetricsRecorder: Sendable {
  /// Longer durations are counted as this long.
  package static let longestDuration = Duration.seconds(3600)

  private struct State {
    /// In the order of ``Metric/allCases``, microseconds with three significant digits.
    var histograms: [Histogram<UInt64>?] = Array(repeating: nil, count: Metric.allCases.count)
    var extremes: [(minimum: UInt64, maximum: UInt64, sum: Double)] = Array(
      repeating: (.max, 0, 0), count: Metric.allCases.count)
    var counts: [Int64] = Array(repeating: 0, count: Metric.allCases.count)
    var trials: [Int64] = Array(repeating: 0, count: Metric.allCases.count)
  }

  private let state = Mutex(State())

  package init() {}

  /// Adds one duration; a negative one counts as zero.
  package func record(_ metric: Metric, _ duration: Duration) {
    let limited = min(max(duration, .zero), Self.longestDuration)
    let microseconds = UInt64(limited.wholeNanoseconds) / 1000
    let index = metric.index
    state.withLock { state in
      if state.histograms[index] == nil {
        state.histograms[index] = Histogram<UInt64>(
          highestTrackableValue: UInt64(Self.longestDuration.wholeNanoseconds) / 1000,
          numberOfSignificantValueDigits: .three)
      }
      _ = state.histograms[index]?.record(microseconds)
      state.extremes[index].minimum = min(state.extremes[index].minimum, microseconds)
      state.extremes[index].maximum = max(state.extremes[index].maximum, microseconds)
      state.extremes[index].sum += Double(microseconds)
    }
  }

  /// Adds to a counter.
  package func add(_ metric: Metric, _ amount: Int = 1) {
    state.withLock { $0.counts[metric.index] += Int64(amount) }
  }

  /// Adds one trial of a share: an operation that went wrong or did not, an expectation that held or did not.
  package func sample(_ metric: Metric, _ counts: Bool) {
    state.withLock { state in
      state.trials[metric.index] += 1
      if counts { state.counts[metric.index] += 1 }
    }
  }

  /// What has been collected.
  /// - Parameters:
  ///   - elapsed: the time over which counters are turned into rates.
  ///   - whole: the same for bytes, which flow while a run is set up too; `nil` is `elapsed`.
  package func snapshot(elapsed: Duration, whole: Duration? = nil) -> MetricsSnapshot {
    let state = state.withLock { $0 }
    let seconds = Double(elapsed.wholeNanoseconds) / 1_000_000_000
    let wholeSeconds = whole.map { Double($0.wholeNanoseconds) / 1_000_000_000 } ?? seconds
    return MetricsSnapshot(
      summaries: Metric.allCases.compactMap { metric in
        switch metric.kind {
        case .duration: return Self.durations(metric, state)
        case .share:
          let trials = state.trials[metric.index]
          guard trials > 0 else { return nil }
          let count = state.counts[metric.index]
          var summary = MetricSummary(metric: metric, count: count)
          summary.trials = trials
          summary.rate = Double(count) / Double(trials)
          return summary
        case .counter:
          let count = state.counts[metric.index]
          // That none was dropped is a result as soon as any could have been.
          let isMeasured = count > 0 || (metric == .droppedIterations && state.counts[Metric.iterations.index] > 0)
          guard isMeasured else { return nil }
          var summary = MetricSummary(metric: metric, count: count)
          let seconds = metric.unit == "bytes" ? wholeSeconds : seconds
          if seconds > 0 { summary.rate = Double(count) / seconds }
          return summary
        }
      })
  }

  /// The 50th and 95th percentile of a duration in milliseconds, for progress; `nil` without samples.
  package func glimpse(_ metric: Metric) -> (median: Double, high: Double)? {
    state.withLock { state in
      guard let histogram = state.histograms[metric.index], histogram.totalCount > 0 else { return nil }
      return (Double(histogram.valueAtPercentile(50)) / 1000, Double(histogram.valueAtPercentile(95)) / 1000)
    }
  }

  package func count(_ metric: Metric) -> Int { state.withLock { Int($0.counts[metric.index]) } }

  private static func durations(_ metric: Metric, _ state: State) -> MetricSummary? {
    guard let histogram = state.histograms[metric.index], histogram.totalCount > 0 else { return nil }
    let extremes = state.extremes[metric.index]
    var summary = MetricSummary(metric: metric, count: Int64(clamping: histogram.totalCount))
    summary.spread = MetricSummary.Spread(
      minimum: Double(extremes.minimum) / 1000, average: extremes.sum / Double(histogram.totalCount) / 1000,
      maximum: Double(extremes.maximum) / 1000
    ) { percentile in
      // The bucket's upper end may lie beyond what was seen.
      Double(min(histogram.valueAtPercentile(percentile), extremes.maximum)) / 1000
    }
    return summary
  }
}

extension Metric {
  fileprivate var index: Int { Self.allCases.firstIndex(of: self) ?? 0 }
}
