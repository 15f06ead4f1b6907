import Glibc
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
    let found = (0..<20).count { number in
      let base = seconds(22, slower: 1, &random)
      return Comparison(base: [base], head: [seconds(22, slower: 1.2, &random)], rules: rules(number)).isWorse
    }
    #expect(found == 20)
  }

  /// Sixteen rounds on a machine that others use too, as measured with `Benchmarks/paired.py` beside compilers: rounds differ
  /// by half, plays within a round by a tenth and now and then by far more; the server's own time by less.
  private func rounds(_ factor: Double, _ random: inout RandomStream) -> [Comparison.Round] {
    func noise(_ spread: Double) -> Double { exp(spread * (0..<12).reduce(-6) { sum, _ in sum + random.unit() }) }
    return (0..<16).map { _ in
      let (drift, load) = (noise(0.4), noise(0.1))
      let sides = [1, factor].map { factor in
        let wild = random.unit() < 0.1 ? 1 + random.exponential() : 1
        // Of what a client waits for, and of what a server uses, not all is in the slower code.
        let (waited, used) = (1 + (factor - 1) * 0.8, 1 + (factor - 1) * 0.9)
        return LoadMeasure(
          medians: [
            .operationDuration: 2 * waited * drift * wild * noise(0.1),
            .deliveryLatency: 3 * waited * drift * wild * noise(0.15),
          ], processor: 1.5 * used * load * noise(0.03), errors: 0)
      }
      return (base: sides[0], head: sides[1])
    }
  }

  @Test(
    "builds played by turns: a tenth is found in at least 95 of 100 comparisons, and in 95 of the same build nothing",
    arguments: [1.0, 1.1, 1 / 1.1])
  func paired(factor: Double) {
    var rules = Comparison.Rules()
    rules.tolerance = Comparison.pairedMargin
    var random = RandomStream(seed: 12, name: "rounds")
    let comparisons = (0..<100).map { _ in Comparison(rounds: rounds(factor, &random), rules: rules) }
    let worse = comparisons.count(where: \.isWorse)
    let better = comparisons.count { $0.findings.contains { $0.verdict == .better } }
    #expect(factor > 1 ? worse >= 95 : worse <= 5)
    #expect(factor < 1 ? better >= 95 : better <= 5)
    #expect(comparisons.allSatisfy { $0.findings.count == 4 })
  }

  @Test("a difference within the margin is none, few rounds decide nothing, and wild rounds do not move the ratio")
  func pairedLimits() {
    var random = RandomStream(seed: 14, name: "limits")
    func compare(_ factor: Double, count: Int = 20, wild: Int = 0) -> Comparison {
      let rounds = (0..<count).map { number -> Comparison.Round in
        let (base, head) = (10 + random.unit() / 10, (10 + random.unit() / 10) * factor * (number < wild ? 9 : 1))
        return (
          LoadMeasure(medians: [.operationDuration: base], processor: nil, errors: 0),
          LoadMeasure(medians: [.operationDuration: head], processor: nil, errors: number < wild ? 0.5 : 0)
        )
      }
      var rules = Comparison.Rules()
      rules.tolerance = Comparison.pairedMargin
      return Comparison(rounds: rounds, rules: rules)
    }
    #expect(!compare(1.015).isWorse && compare(1.04).isWorse)
    #expect(!compare(2, count: 5).hasDecided && compare(2, count: 8).isWorse)
    #expect(!compare(1, wild: 4).isWorse)
    let change = compare(1.1, wild: 4).findings.first?.change ?? 0
    #expect((1.08...1.13).contains(change), "\(change)")
  }

  @Test("more errors are worse, fewer are better, and too few seconds decide nothing")
  func shares() throws {
    var random = RandomStream(seed: 13, name: "errors")
    let good = seconds(12, slower: 1, &random)
    let bad = seconds(12, slower: 1, &random, failing: 0.05)
    func verdict(_ base: [MetricsInterval], _ head: [MetricsInterval]) -> Comparison.Verdict? {
      Comparison(base: [base], head: [head]).findings.first { $0.metric == "errors" }?.verdict
    }
    #expect(verdict(good, bad) == .worse)
    #expect(verdict(bad, good) == .better)
    #expect(verdict(good, good) == .withinNoise)
    let short = seconds(4, slower: 1, &random)
    let comparison = Comparison(base: [short], head: [seconds(4, slower: 3, &random)])
    #expect(!comparison.hasDecided && !comparison.findings.isEmpty)
  }
}
