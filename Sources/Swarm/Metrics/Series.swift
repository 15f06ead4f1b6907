package import Histogram
package import Scenario
package import World

/// A metric, or those of its samples that bear a tag.
package struct Series: Hashable, Comparable, Sendable, CustomStringConvertible {
  package let metric: Metric
  package let tag: MetricTag?

  package init(metric: Metric, tag: MetricTag?) {
    self.metric = metric
    self.tag = tag
  }

  package var description: String { metric.rawValue + (tag?.description ?? "") }

  package static func < (left: Series, right: Series) -> Bool {
    (left.metric.index, left.tag?.description ?? "") < (right.metric.index, right.tag?.description ?? "")
  }
}

/// What a series has collected. Two of them can be added without loss.
package struct SeriesState: Sendable {
  /// Microseconds, with three significant digits; only durations have one.
  package private(set) var histogram: Histogram<UInt64>?
  /// Microseconds.
  package private(set) var minimum = UInt64.max
  package private(set) var maximum: UInt64 = 0
  package private(set) var sum = 0.0
  /// Samples of a duration, the total of a counter, the trials of a share that count.
  package var count: Int64 = 0
  /// Of a share.
  package var trials: Int64 = 0

  package init() {}

  package var isEmpty: Bool { count == 0 && trials == 0 }

  package mutating func record(_ microseconds: UInt64, times: UInt64 = 1) {
    if histogram == nil { histogram = Self.emptyHistogram }
    _ = histogram?.record(microseconds, count: times)
    minimum = min(minimum, microseconds)
    maximum = max(maximum, microseconds)
    sum += Double(microseconds) * Double(times)
    count += Int64(clamping: times)
  }

  package mutating func add(_ other: SeriesState) {
    if let theirs = other.histogram {
      if histogram == nil { histogram = Self.emptyHistogram }
      histogram?.add(theirs)
    }
    minimum = min(minimum, other.minimum)
    maximum = max(maximum, other.maximum)
    sum += other.sum
    count += other.count
    trials += other.trials
  }

  /// Puts what a histogram has lost to its digits back: the exact extremes and sum, in microseconds.
  package mutating func restore(minimum: UInt64, maximum: UInt64, sum: Double) {
    self.minimum = minimum
    self.maximum = maximum
    self.sum = sum
  }

  /// Milliseconds. The bucket's upper end may lie beyond what was seen.
  package func percentile(_ percentile: Double) -> Double {
    guard let histogram else { return 0 }
    return Double(min(histogram.valueAtPercentile(percentile), maximum)) / 1000
  }

  /// The values that were seen, in microseconds as the histogram tells them apart, and how often.
  package var values: [(value: UInt64, count: UInt64)] {
    histogram.map { $0.recordedValues().map { ($0.value, $0.count) } } ?? []
  }

  private static var emptyHistogram: Histogram<UInt64> {
    Histogram<UInt64>(
      highestTrackableValue: UInt64(MetricsRecorder.longestDuration.wholeNanoseconds) / 1000,
      numberOfSignificantValueDigits: .three)
  }
}

/// What was measured in one stretch of a run, a second as a rule.
package struct MetricsInterval: Sendable {
  package let start: Instant
  package let length: Duration
  /// In the order of ``Metric/allCases``, only what has samples.
  package let series: [(metric: Metric, state: SeriesState)]

  package init(start: Instant, length: Duration, series: [(metric: Metric, state: SeriesState)]) {
    self.start = start
    self.length = length
    self.series = series
  }

  package subscript(metric: Metric) -> SeriesState? { series.first { $0.metric == metric }?.state }
}
