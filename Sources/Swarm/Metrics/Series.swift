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
///
/// Durations are an HDR histogram of microseconds with three significant digits, of which only the places that were met are
/// kept: a second of a run has few.
package struct SeriesState: Sendable {
  /// By place of the histogram (``HistogramCodec/index(of:)``); only durations have any.
  private var places: [Int: UInt64] = [:]
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
    places[HistogramCodec.index(of: microseconds), default: 0] &+= times
    minimum = min(minimum, microseconds)
    maximum = max(maximum, microseconds)
    sum += Double(microseconds) * Double(times)
    count = count.addingClamped(Int64(clamping: times))
  }

  package mutating func add(_ other: SeriesState) {
    places.merge(other.places) { $0 &+ $1 }
    minimum = min(minimum, other.minimum)
    maximum = max(maximum, other.maximum)
    sum += other.sum
    count = count.addingClamped(other.count)
    trials = trials.addingClamped(other.trials)
  }

  /// Puts what a histogram has lost to its digits back: the exact extremes and sum, in microseconds.
  package mutating func restore(minimum: UInt64, maximum: UInt64, sum: Double) {
    self.minimum = minimum
    self.maximum = maximum
    self.sum = sum
  }

  /// Milliseconds: the highest value that its place stands for, which is never beyond what was seen.
  package func percentile(_ percentile: Double) -> Double {
    // Rounding must not ask for one sample more than the share is.
    let wanted = max(1, (percentile / 100 * Double(count) - 1e-9).rounded(.up))
    var passed = 0.0
    for (place, times) in places.sorted(by: { $0.key < $1.key }) {
      passed += Double(times)
      if passed >= wanted { return Double(min(HistogramCodec.value(at: place + 1) - 1, maximum)) / 1000 }
    }
    return count > 0 ? Double(maximum) / 1000 : 0
  }

  /// The values that were seen, in microseconds as the histogram tells them apart, ascending, and how often.
  package var values: [(value: UInt64, count: UInt64)] {
    places.sorted { $0.key < $1.key }.map { (HistogramCodec.value(at: $0.key), $0.value) }
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
