import Swarm
import Testing
import World

@Suite("Comparing runs")
struct ComparisonTests {
  /// Seconds of a server whose answers take 8 ms and a random time of 2 ms on average.
  private func seconds(_ count: Int, slower factor: Double, _ random: inout RandomStream, failing: Double = 0)
    -> [MetricsInterval]
  {
    (0..<count).map { number in
      var (duration, iterations, errors) = (SeriesState(), SeriesState(), SeriesState())
      // Seconds differ: collections of garbage, neighbours.
      let mood = 1 + 0.06 * (random.unit() - 0.5)
      for _ in 0..<40 {
        let milliseconds = (8 + 2 * random.exponential()) * factor * mood
        duration.record(UInt64(milliseconds * 1000))
        iterations.count += 1
        errors.trials += 1
        if random.unit() < failing { errors.count += 1 }
      }
      let start = Instant(nanoseconds: Int64(number) * 1_000_000_000)
      return MetricsInterval(
        start: start, length: .seconds(1),
        series: [(.operationDuration, duration), (.errors, errors), (.iterations, iterations)])
    }
  }

  private func rules(_ seed: Int) -> Comparison.Rules {
    var rules = Comparison.Rules()
    rules.resamples = 120
    rules.seed = UInt64(seed)
    return rules
  }

  @Test("two runs of one build are within noise, in at least 95 of 100 pairs")
  func sameBuild() {
    var random = RandomStream(seed: 11, name: "runs")
    let quiet = (0..<100).count { number in
      let base = seconds(22, slower: 1, &random)
      let comparison = Comparison(base: [base], head: [seconds(22, slower: 1, &random)], rules: rules(number))
      return comparison.findings.allSatisfy { $0.verdict == .withinNoise } && comparison.findings.count >= 4
    }
    #expect(quiet >= 95)
  }

  @Test(
    "paired rounds find a tenth in at least 95 of 100 comparisons on a machine that drifts by far more, and nothing else",
    arguments: [1.0, 1.1])
  func paired(factor: Double) {
    var random = RandomStream(seed: 12, name: "rounds")
    let worse = (0..<100).count { number in
      var (base, head): ([[MetricsInterval]], [[MetricsInterval]]) = ([], [])
      for _ in 0..<6 {
        let drift = 0.8 + 0.4 * random.unit()
        base.append(seconds(9, slower: drift, &random))
        head.append(seconds(9, slower: drift * factor, &random))
      }
      return Comparison(base: base, head: head, rules: rules(number)).isWorse
    }
    #expect(factor > 1 ? worse >= 95 : worse <= 5)
  }

  @Test("more errors are worse, fewer are better, and too few seconds decide nothing")
  func shares() throws {
    var random = RandomStream(seed: 13, name: "errors")
    let good = seconds(12, slower: 1, &random)
    let bad = seconds(12, slower: 1, &random, failing: 0.05)
    func verdict(_ base: [MetricsInterval], _ head: [MetricsInterval]) -> Comparison.Verdict? {
      Comparison(base: [base], head: [head]).findings.first { $0.metric == .errors }?.verdict
    }
    #expect(verdict(good, bad) == .worse)
    #expect(verdict(bad, good) == .better)
    #expect(verdict(good, good) == .withinNoise)
    let short = seconds(4, slower: 1, &random)
    let comparison = Comparison(base: [short], head: [seconds(4, slower: 3, &random)])
    #expect(!comparison.hasDecided && !comparison.findings.isEmpty)
  }
}
