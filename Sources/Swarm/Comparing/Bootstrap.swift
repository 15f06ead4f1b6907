internal import World

/// The seconds of one metric of one side, to be drawn from again and again.
struct Bootstrap: Sendable {
  enum Statistic: Sendable {
    /// Milliseconds.
    case percentile(String, Double)
    /// A second.
    case rate
    case share

    var name: String {
      switch self {
      case .percentile(let name, _): name
      case .rate: "rate"
      case .share: "share"
      }
    }
  }

  private struct Second: Sendable {
    /// Which of ``Bootstrap/values``, and how often.
    var entries: [(place: Int, count: Double)] = []
    var count: Double
    var trials: Double
    var length: Double
  }

  /// What has been drawn.
  private struct Total {
    var counts: [Double]
    var count = 0.0
    var trials = 0.0
    var length = 0.0

    mutating func add(_ second: Second) {
      for (place, count) in second.entries { counts[place] += count }
      count += second.count
      trials += second.trials
      length += second.length
    }
  }

  /// Milliseconds, ascending.
  private let values: [Double]
  private let rounds: [[Second]]
  let samples: Double

  /// - Returns: `nil` when nothing was measured.
  init?(_ metric: Metric, _ rounds: some Sequence<[MetricsInterval]>) {
    let rounds = Array(rounds)
    var places: [UInt64: Int] = [:]
    for interval in rounds.joined() {
      for (value, _) in interval[metric]?.values ?? [] { places[value] = 0 }
    }
    let sorted = places.keys.sorted()
    for (place, value) in sorted.enumerated() { places[value] = place }
    values = sorted.map { Double($0) / 1000 }
    self.rounds = rounds.map { intervals in
      intervals.map { interval in
        let state = interval[metric] ?? SeriesState()
        return Second(
          entries: state.values.compactMap { value, count in places[value].map { (place: $0, count: Double(count)) } },
          count: Double(state.count), trials: Double(state.trials), length: interval.length.inSeconds)
      }
    }
    samples = self.rounds.joined().reduce(0) { $0 + max($1.count, $1.trials) }
    guard samples > 0 else { return nil }
  }

  var seconds: Int { rounds.reduce(0) { $0 + $1.count } }

  /// What was measured.
  func observed(_ statistics: [Statistic]) -> [Double] {
    var total = Total(counts: Array(repeating: 0, count: values.count))
    for second in rounds.joined() { total.add(second) }
    return statistics.map { value(of: $0, total) }
  }

  /// What might have been measured: as many seconds of each of these rounds, any of them and some twice.
  func resampled(_ chosen: [Int], _ statistics: [Statistic], _ random: inout RandomStream) -> [Double] {
    var total = Total(counts: Array(repeating: 0, count: values.count))
    for round in chosen {
      let seconds = rounds[round]
      for _ in seconds.indices { total.add(seconds[random.int(in: 0..<seconds.count)]) }
    }
    return statistics.map { value(of: $0, total) }
  }

  private func value(of statistic: Statistic, _ total: Total) -> Double {
    switch statistic {
    case .rate: return total.length > 0 ? total.count / total.length : 0
    case .share: return total.trials > 0 ? total.count / total.trials : 0
    case .percentile(_, let percentile):
      var rest = total.count * percentile / 100
      for (place, count) in total.counts.enumerated() {
        rest -= count
        if rest <= 0, count > 0 { return values[place] }
      }
      return values.last ?? 0
    }
  }
}
