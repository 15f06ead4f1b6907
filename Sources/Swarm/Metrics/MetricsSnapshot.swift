package import Scenario
internal import World

/// What a run has measured: only what has samples. Untagged series come first, in the order of ``Metric/allCases``.
package struct MetricsSnapshot: Sendable {
  /// What counters are turned into rates over; bytes over `whole`.
  package let elapsed: Duration
  package let whole: Duration
  /// Of whole metrics.
  package let summaries: [MetricSummary]
  /// Of their parts by tag.
  package let tagged: [MetricSummary]

  /// - Parameters:
  ///   - elapsed: the time over which counters are turned into rates.
  ///   - whole: the same for bytes.
  package init(series: [(Series, SeriesState)], elapsed: Duration, whole: Duration) {
    self.elapsed = elapsed
    self.whole = whole
    let hasIterations = series.contains { $0.0.metric == .iterations && $0.1.count > 0 }
    let all = series.compactMap { series, state in
      // That none was dropped is a result as soon as any could have been.
      let isResult = series == Series(metric: .droppedIterations, tag: nil) && hasIterations
      return MetricSummary(series, state, elapsed: elapsed, whole: whole, evenIfEmpty: isResult)
    }
    summaries = all.filter { $0.tag == nil }
    tagged = all.filter { $0.tag != nil }
  }

  package subscript(metric: Metric) -> MetricSummary? { summaries.first { $0.metric == metric } }

  package subscript(metric: Metric, tag: MetricTag?) -> MetricSummary? {
    tag == nil ? self[metric] : tagged.first { $0.metric == metric && $0.tag == tag }
  }
}

/// One series of a run.
package struct MetricSummary: Sendable {
  /// How durations are spread, in milliseconds.
  package struct Spread: Sendable {
    private let state: SeriesState

    fileprivate init(_ state: SeriesState) { self.state = state }

    package var minimum: Double { Double(state.minimum) / 1000 }
    package var average: Double { state.sum / Double(max(state.count, 1)) / 1000 }
    package var maximum: Double { Double(state.maximum) / 1000 }

    /// The value that `percentile` per cent of the samples do not exceed.
    package func percentile(_ percentile: Double) -> Double { state.percentile(percentile) }
  }

  package let metric: Metric
  package let tag: MetricTag?
  /// What the summary is made of, to be added to others.
  package let state: SeriesState
  /// Of a share: all trials.
  package let trials: Int64?
  /// Of a share: between 0 and 1. Of a counter: per second.
  package let rate: Double?
  /// Of a duration.
  package let spread: Spread?

  /// Samples of a duration, the total of a counter, the trials of a share that count.
  package var count: Int64 { state.count }

  fileprivate init?(_ series: Series, _ state: SeriesState, elapsed: Duration, whole: Duration, evenIfEmpty: Bool) {
    guard !state.isEmpty || evenIfEmpty else { return nil }
    metric = series.metric
    tag = series.tag
    self.state = state
    switch series.metric.kind {
    case .duration:
      trials = nil
      rate = nil
      spread = Spread(state)
    case .share:
      trials = state.trials
      rate = state.trials > 0 ? Double(state.count) / Double(state.trials) : nil
      spread = nil
    case .counter:
      trials = nil
      let seconds = (series.metric.unit == "bytes" ? whole : elapsed).inSeconds
      rate = seconds > 0 ? Double(state.count) / seconds : nil
      spread = nil
    }
  }
}
