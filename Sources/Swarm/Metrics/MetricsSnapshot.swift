/// What a run has measured: only what has samples, in the order of ``Metric/allCases``.
package struct MetricsSnapshot: Sendable {
  package let summaries: [MetricSummary]

  package init(summaries: [MetricSummary]) { self.summaries = summaries }

  package subscript(metric: Metric) -> MetricSummary? { summaries.first { $0.metric == metric } }
}

/// One metric of a run.
package struct MetricSummary: Sendable {
  /// How durations are spread, in milliseconds.
  package struct Spread: Sendable {
    package let minimum: Double
    package let average: Double
    package let maximum: Double
    private let valueAtPercentile: @Sendable (Double) -> Double

    package init(
      minimum: Double, average: Double, maximum: Double, percentile: @escaping @Sendable (Double) -> Double
    ) {
      self.minimum = minimum
      self.average = average
      self.maximum = maximum
      valueAtPercentile = percentile
    }

    /// The value that `percentile` per cent of the samples do not exceed.
    package func percentile(_ percentile: Double) -> Double { valueAtPercentile(percentile) }
  }

  package let metric: Metric
  /// Samples of a duration, the total of a counter, the trials of a share that count.
  package let count: Int64
  /// Of a share: all trials.
  package internal(set) var trials: Int64?
  /// Of a share: between 0 and 1. Of a counter: per second.
  package internal(set) var rate: Double?
  /// Of a duration.
  package internal(set) var spread: Spread?

  init(metric: Metric, count: Int64) {
    self.metric = metric
    self.count = count
  }
}
