package import Scenario

/// How a threshold came out.
package struct ThresholdResult: Sendable {
  package let threshold: Threshold
  /// `nil` when the run had no samples of the metric; such a threshold fails.
  package let observed: Double?
  package let passed: Bool

  package init(threshold: Threshold, observed: Double?, passed: Bool) {
    self.threshold = threshold
    self.observed = observed
    self.passed = passed
  }
}

/// Judges thresholds, in their order. One that measured nothing has failed: it guards nothing.
package func evaluate(_ thresholds: [Threshold], against metrics: MetricsSnapshot) -> [ThresholdResult] {
  thresholds.map { threshold in
    let observed = Metric(rawValue: threshold.metric).flatMap { metrics[$0, threshold.tag] }?.value(
      of: threshold.aggregate)
    return ThresholdResult(
      threshold: threshold, observed: observed,
      passed: observed.map { threshold.comparison.holds($0, threshold.limit) } ?? false)
  }
}

extension MetricSummary {
  fileprivate func value(of aggregate: Threshold.Aggregate) -> Double? {
    switch aggregate {
    case .percentile(let percentile): spread?.percentile(percentile)
    case .median: spread?.percentile(50)
    case .average: spread?.average
    case .minimum: spread?.minimum
    case .maximum: spread?.maximum
    case .count: Double(count)
    case .rate: rate
    }
  }
}

extension Threshold.Comparison {
  fileprivate func holds(_ left: Double, _ right: Double) -> Bool {
    switch self {
    case .less: left < right
    case .atMost: left <= right
    case .greater: left > right
    case .atLeast: left >= right
    case .equal: left == right
    case .unequal: left != right
    }
  }
}
