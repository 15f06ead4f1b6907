private import Glibc

/// What a bootstrap of few seconds makes too narrow: it draws from what it has seen, which spreads less than what could have
/// been. Hesterberg, "What Teachers Should Know About the Bootstrap" (2015), section 3.1: intervals are widened as Student's
/// distribution is wider than the normal one.
enum SmallSample {
  /// - Parameters:
  ///   - count: what was drawn from.
  ///   - tail: the chance that an interval allows on each side.
  static func widening(count: Int, tail: Double) -> Double {
    guard count > 1 else { return .infinity }
    let normal = normalQuantile(tail)
    let freedom = Double(count - 1)
    return (Double(count) / freedom).squareRoot() * studentQuantile(normal, freedom) / normal
  }

  /// How many standard deviations leave `tail` above them.
  private static func normalQuantile(_ tail: Double) -> Double {
    var (low, high) = (0.0, 40.0)
    for _ in 0..<60 {
      let middle = (low + high) / 2
      if erfc(middle / 2.0.squareRoot()) / 2 > tail { low = middle } else { high = middle }
    }
    return low
  }

  /// The same of Student's distribution, from that of the normal one (Abramowitz and Stegun, 26.7.5).
  private static func studentQuantile(_ x: Double, _ freedom: Double) -> Double {
    let square = x * x
    let first = x * (square + 1) / 4
    let second = x * (5 * square * square + 16 * square + 3) / 96
    let third = x * (3 * square * square * square + 19 * square * square + 17 * square - 15) / 384
    return x + first / freedom + second / (freedom * freedom) + third / (freedom * freedom * freedom)
  }
}
