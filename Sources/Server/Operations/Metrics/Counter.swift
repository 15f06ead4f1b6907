private import Synchronization
internal import World

/// A number that many threads change and few read; takes no lock.
final class Counter: Sendable {
  private let number = Atomic(0)

  func add(_ amount: Int = 1) { number.wrappingAdd(amount, ordering: .relaxed) }

  var value: Int { number.load(ordering: .relaxed) }
}

/// How many durations fell into each of a few ranges, and their sum.
final class DurationHistogram: Sendable {
  /// Upper ends of the ranges, in seconds.
  static let bounds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

  private let counts = (0...bounds.count).map { _ in Counter() }
  private let nanoseconds = Counter()

  func add(_ duration: Duration) {
    let seconds = Double(duration.wholeNanoseconds) / 1e9
    counts[Self.bounds.firstIndex { seconds <= $0 } ?? Self.bounds.count].add()
    nanoseconds.add(Int(duration.wholeNanoseconds))
  }

  /// How many were at most each of the bounds, how many there were in all, and their sum in seconds.
  var snapshot: (atMost: [Int], count: Int, sum: Double) {
    var total = 0
    let sums = counts.map { count in
      total += count.value
      return total
    }
    return (sums.dropLast(), total, Double(nanoseconds.value) / 1e9)
  }
}
