private import Glibc
internal import World

/// What two runs of one load tell about the difference between two builds.
package struct Comparison: Sendable {
  package enum Verdict: String, Sendable {
    case worse, better
    case withinNoise = "within noise"
    /// Too little was measured to tell a difference from chance.
    case tooLittle = "too little data"
  }

  /// One statistic of one metric.
  package struct Finding: Sendable {
    /// A metric's name, or `server_processor`.
    package let metric: String
    /// `p50`, `p95`, `p99`, `rate`, `share` or `per iteration`.
    package let statistic: String
    /// Of `base` and `head`: `ms`, `share`, or empty for what has none.
    package let unit: String
    package let base: Double
    package let head: Double
    /// Head by base, and the interval that holds the true ratio; of a share, head less base.
    package let change: Double
    package let low: Double
    package let high: Double
    package let verdict: Verdict

    package var isShare: Bool { unit == "share" }
  }

  /// How sure a verdict is, and what is too small to matter.
  package struct Rules: Sendable {
    /// A ratio this close to 1 matters to nobody.
    package var tolerance = 0.05
    /// A share this much larger matters to nobody.
    package var shareTolerance = 0.001
    /// The chance that runs of one build come out as different anywhere, over all findings together.
    package var falseAlarms = 0.05
    /// Of a bootstrap.
    package var resamples = 2_000
    package var seed: UInt64 = 1

    package init() {}
  }

  /// Seconds that a side must have.
  static let leastSeconds = 5
  /// Samples that a percentile needs: otherwise a resampled tail is the same few values again and again.
  static let percentiles: [(name: String, percentile: Double, samples: Double)] = [
    ("p50", 50, 50), ("p95", 95, 200), ("p99", 99, 2_000),
  ]

  package let findings: [Finding]

  init(findings: [Finding]) { self.findings = findings }

  package var isWorse: Bool { findings.contains { $0.verdict == .worse } }
  /// Whether anything could be decided at all.
  package var hasDecided: Bool { findings.contains { $0.verdict != .tooLittle } }

  /// Compares by bootstrap over the seconds: each is drawn again and again, with replacement, and so are whole rounds where
  /// there are several. Rounds are pairs: what slows the machine down in one slows both builds down.
  /// - Parameters:
  ///   - base: the intervals of each round of the older build.
  ///   - head: the same of the newer build, as many rounds.
  package init(base: [[MetricsInterval]], head: [[MetricsInterval]], rules: Rules = Rules()) {
    let (bases, heads) = (base.map(Self.steady), head.map(Self.steady))
    let rounds = min(bases.count, heads.count)
    var planned: [(metric: Metric, old: Bootstrap, new: Bootstrap, statistics: [Bootstrap.Statistic])] = []
    for metric in Metric.allCases where metric.isCompared {
      guard let old = Bootstrap(metric, bases.prefix(rounds)), let new = Bootstrap(metric, heads.prefix(rounds)) else {
        continue
      }
      planned.append((metric, old, new, Self.statistics(of: metric, old, new)))
    }
    // Of many findings one would be wrong by chance: each has its part of the false alarms.
    let count = planned.reduce(0) { $0 + $1.statistics.count }
    let tail = rules.falseAlarms / Double(max(count, 1)) / 2
    var findings: [Finding] = []
    for (metric, old, new, statistics) in planned {
      var random = RandomStream(seed: rules.seed, name: "bootstrap \(metric.rawValue)")
      let isEnough = min(old.seconds, new.seconds) >= Self.leastSeconds
      let widening = SmallSample.widening(count: min(old.seconds, new.seconds), tail: tail)
      var draws = statistics.map { _ in [Double]() }
      for _ in 0..<(isEnough ? rules.resamples : 0) {
        let chosen = (0..<rounds).map { _ in random.int(in: 0..<rounds) }
        let left = old.resampled(chosen, statistics, &random)
        let right = new.resampled(chosen, statistics, &random)
        for index in statistics.indices { draws[index].append(metric.change(left[index], right[index])) }
      }
      let (before, after) = (old.observed(statistics), new.observed(statistics))
      for (index, statistic) in statistics.enumerated() {
        let sorted = draws[index].filter(\.isFinite).sorted()
        let change = metric.change(before[index], after[index])
        let (low, high) = (
          Self.quantile(sorted, tail).map { metric.widened($0, around: change, by: widening) },
          Self.quantile(sorted, 1 - tail).map { metric.widened($0, around: change, by: widening) }
        )
        findings.append(
          Finding(
            metric: metric.rawValue, statistic: statistic.name,
            unit: metric.kind == .counter ? "" : metric.unit, base: before[index], head: after[index], change: change,
            low: low ?? change, high: high ?? change,
            verdict: low.flatMap { low in high.map { rules.verdict(metric.kind, low, $0) } } ?? .tooLittle))
      }
    }
    self.findings = findings
  }

  /// Without the seconds in which nothing was iterated yet or any more, and those at the edges, which are parts.
  private static func steady(_ intervals: [MetricsInterval]) -> [MetricsInterval] {
    let busy = intervals.indices.filter { (intervals[$0][.iterations]?.count ?? 0) > 0 }
    guard let first = busy.first, let last = busy.last, last - first >= 2 else { return [] }
    return Array(intervals[(first + 1)..<last])
  }

  private static func statistics(of metric: Metric, _ old: Bootstrap, _ new: Bootstrap) -> [Bootstrap.Statistic] {
    switch metric.kind {
    case .counter: return [.rate]
    case .share: return [.share]
    case .duration:
      let samples = min(old.samples, new.samples)
      return percentiles.filter { $0.samples <= samples || $0.percentile == 50 }
        .map { .percentile($0.name, $0.percentile) }
    }
  }

  private static func quantile(_ sorted: [Double], _ share: Double) -> Double? {
    guard !sorted.isEmpty else { return nil }
    let place = Int((share * Double(sorted.count - 1)).rounded())
    return sorted[min(max(place, 0), sorted.count - 1)]
  }
}

extension Metric {
  /// Whether a difference tells something of the server. How long sockets take to open is over before the steady seconds.
  fileprivate var isCompared: Bool {
    switch self {
    case .deliveryLatency, .operationDuration, .serviceTime, .errors, .iterations: true
    default: false
    }
  }

  fileprivate func change(_ base: Double, _ head: Double) -> Double {
    if kind == .share { return head - base }
    return base > 0 ? head / base : head > 0 ? .infinity : 1
  }

  /// An end of an interval, so many times as far from its middle; of a ratio, in its logarithm.
  fileprivate func widened(_ end: Double, around middle: Double, by factor: Double) -> Double {
    if kind == .share { return middle + (end - middle) * factor }
    return middle > 0 && end > 0 ? middle * pow(end / middle, factor) : end
  }
}

extension Comparison.Rules {
  /// What an interval of a change tells.
  func verdict(_ kind: Metric.Kind, _ low: Double, _ high: Double) -> Comparison.Verdict {
    if kind == .share { return low > shareTolerance ? .worse : high < -shareTolerance ? .better : .withinNoise }
    let (more, less) = (low > 1 + tolerance, high < 1 / (1 + tolerance))
    if kind == .counter { return less ? .worse : more ? .better : .withinNoise }
    return more ? .worse : less ? .better : .withinNoise
  }
}
