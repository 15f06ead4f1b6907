private import Glibc
internal import World

/// What one play of a load tells of the build that it was played with: few numbers, each robust against what else the machine
/// does.
package struct LoadMeasure: Sendable {
  /// Milliseconds, by metric.
  let medians: [Metric: Double]
  /// Milliseconds of the server's processor time; `nil` where it is not known.
  let processor: Double?
  let errors: Double

  package init(_ outcome: LoadOutcome) {
    var medians: [Metric: Double] = [:]
    for metric in [Metric.deliveryLatency, .operationDuration] {
      medians[metric] = outcome.metrics[metric]?.spread?.percentile(50)
    }
    let iterations = Double(outcome.metrics[.iterations]?.count ?? 0)
    self.init(
      medians: medians,
      processor: iterations > 0 ? outcome.serverProcessor.map { $0.milliseconds / iterations } : nil,
      errors: outcome.metrics[.errors]?.rate ?? 0)
  }

  package init(medians: [Metric: Double], processor: Double?, errors: Double) {
    self.medians = medians
    self.processor = processor
    self.errors = errors
  }
}

extension Comparison {
  /// A round: both builds, one right after the other.
  package typealias Round = (base: LoadMeasure, head: LoadMeasure)

  /// What matters to nobody when two builds are played by turns.
  package static let pairedMargin = 0.02

  /// Compares builds that were played by turns. Each round gives one ratio for each statistic; what slows the machine down
  /// for longer than a round is in both its parts. The interval is that of the signed-rank test: it is right whatever the
  /// noise looks like, as long as neither build is favoured by its turn.
  package init(rounds: [Round], rules: Rules) {
    typealias Statistic = (name: String, statistic: String, unit: String, value: (LoadMeasure) -> Double?)
    let all: [Statistic] = [
      (Metric.deliveryLatency.rawValue, "p50", "ms", { $0.medians[.deliveryLatency] }),
      (Metric.operationDuration.rawValue, "p50", "ms", { $0.medians[.operationDuration] }),
      ("server_processor", "per iteration", "ms", { $0.processor }),
      (Metric.errors.rawValue, "share", "share", { $0.errors }),
    ]
    let measured = all.compactMap { statistic -> (Statistic, [(base: Double, head: Double)])? in
      let pairs = rounds.compactMap { round -> (base: Double, head: Double)? in
        guard let base = statistic.value(round.base), let head = statistic.value(round.head) else { return nil }
        return statistic.unit == "share" || (base > 0 && head > 0) ? (base, head) : nil
      }
      return pairs.count == rounds.count && !pairs.isEmpty ? (statistic, pairs) : nil
    }
    // Of many findings one would be wrong by chance: each has its part of the false alarms.
    let tail = rules.falseAlarms / Double(max(measured.count, 1)) / 2
    findings = measured.map { statistic, pairs in
      let isShare = statistic.unit == "share"
      let differences = pairs.map { isShare ? $0.head - $0.base : log($0.head / $0.base) }
      let change = { (difference: Double) in isShare ? difference : exp(difference) }
      let interval = SignedRank.interval(of: differences, tail: tail)
      let low = change(interval?.low ?? SignedRank.centre(of: differences))
      let high = change(interval?.high ?? SignedRank.centre(of: differences))
      return Finding(
        metric: statistic.name, statistic: statistic.statistic, unit: statistic.unit,
        base: Self.median(pairs.map(\.base)), head: Self.median(pairs.map(\.head)),
        change: change(SignedRank.centre(of: differences)), low: low, high: high,
        verdict: interval == nil ? .tooLittle : rules.verdict(isShare ? .share : .duration, low, high))
    }
  }

  private static func median(_ values: [Double]) -> Double {
    let sorted = values.sorted()
    return sorted.isEmpty ? 0 : (sorted[(sorted.count - 1) / 2] + sorted[sorted.count / 2]) / 2
  }
}

/// Where paired differences lie, by the means of all two of them (Hodges and Lehmann, "Estimates of Location Based on Rank
/// Tests", 1963): a few wild rounds do not move it.
enum SignedRank {
  static func centre(of differences: [Double]) -> Double {
    let means = means(of: differences)
    return means.isEmpty ? 0 : (means[(means.count - 1) / 2] + means[means.count / 2]) / 2
  }

  /// The interval that does not hold the truth with a chance of at most `tail` on each side, exactly, for differences that
  /// are as often on one side of the truth as on the other (Wilcoxon's signed-rank test).
  /// - Returns: `nil` when there are too few differences to be that sure.
  static func interval(of differences: [Double], tail: Double) -> (low: Double, high: Double)? {
    let means = means(of: differences)
    guard !means.isEmpty else { return nil }
    // In how many ways the ranks of the positive differences add up to each sum.
    var ways = [Double](repeating: 0, count: means.count + 1)
    ways[0] = 1
    for rank in 1...differences.count {
      for sum in stride(from: means.count, through: rank, by: -1) { ways[sum] += ways[sum - rank] }
    }
    let allowed = tail * pow(2, Double(differences.count))
    var (cut, passed) = (-1, 0.0)
    while cut + 1 < means.count / 2, passed + ways[cut + 1] <= allowed {
      cut += 1
      passed += ways[cut]
    }
    return cut < 0 ? nil : (means[cut], means[means.count - 1 - cut])
  }

  private static func means(of differences: [Double]) -> [Double] {
    differences.indices.flatMap { first in differences[first...].map { (differences[first] + $0) / 2 } }.sorted()
  }
}
