private import Glibc

/// A named stream of random numbers: xoshiro256** (Blackman and Vigna, 2018), seeded by SplitMix64 from a number and a
/// name, so that adding a consumer does not shift the numbers that the others see.
package struct RandomStream: RandomNumberGenerator, Sendable {
  private var state: (UInt64, UInt64, UInt64, UInt64)

  package init(seed: UInt64, name: String) {
    // FNV-1a, 64 bits: stable between processes, which `Hasher` is not.
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in name.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
    var mixer = SplitMix64(state: seed ^ hash)
    state = (mixer.next(), mixer.next(), mixer.next(), mixer.next())
  }

  package mutating func next() -> UInt64 {
    let result = rotate(state.1 &* 5, by: 7) &* 9
    let shifted = state.1 << 17
    state.2 ^= state.0
    state.3 ^= state.1
    state.1 ^= state.2
    state.0 ^= state.3
    state.2 ^= shifted
    state.3 = rotate(state.3, by: 45)
    return result
  }

  /// A number in 0..<1.
  package mutating func unit() -> Double { Double(next() >> 11) * 0x1p-53 }

  /// A number of the exponential distribution of mean 1: the wait for the next of what comes once a second at random.
  package mutating func exponential() -> Double { -log1p(-unit()) }

  /// A whole number in `range`; an empty range gives its lower bound.
  package mutating func int(in range: Range<Int>) -> Int {
    guard !range.isEmpty else { return range.lowerBound }
    return range.lowerBound + Int(next(upperBound: UInt64(range.count)))
  }

  /// A duration between two others, both included.
  package mutating func duration(in range: ClosedRange<Duration>) -> Duration {
    let low = range.lowerBound.wholeNanoseconds
    let span = UInt64(range.upperBound.wholeNanoseconds.subtractingClamped(low))
    return .nanoseconds(low.addingClamped(Int64(next(upperBound: span == .max ? span : span + 1))))
  }

  private func rotate(_ value: UInt64, by count: UInt64) -> UInt64 {
    (value << count) | (value >> (64 - count))
  }
}

private struct SplitMix64 {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
    return mixed ^ (mixed >> 31)
  }
}
