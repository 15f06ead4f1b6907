internal import World

/// How often something may happen: `perSecond` in the long run, `burst` at once.
package struct RateLimit: Hashable, Sendable {
  package let perSecond: Double
  package let burst: Int

  /// - Parameters:
  ///   - perSecond: more than zero.
  ///   - burst: at least one.
  package init(perSecond: Double, burst: Int) {
    self.perSecond = max(perSecond, .leastNormalMagnitude)
    self.burst = max(1, burst)
  }
}

/// Token buckets by key: each begins full, and fills again at the rate of its limit.
///
/// The table has two generations: what is used moves to the young one; when that is full, the old one is forgotten. A key
/// that is forgotten begins with a full bucket.
struct TokenBuckets {
  /// The most keys of one generation.
  static let keyLimit = 20_000

  private struct Bucket {
    var tokens: Double
    var at: Instant
  }

  private let limit: RateLimit
  private let keyLimit: Int
  private var young: [String: Bucket] = [:]
  private var old: [String: Bucket] = [:]

  init(_ limit: RateLimit, keyLimit: Int = TokenBuckets.keyLimit) {
    self.limit = limit
    self.keyLimit = max(1, keyLimit)
  }

  var count: Int { young.count + old.count }

  /// Takes a token.
  /// - Returns: `nil` when there was one, or else how long it takes until there is.
  mutating func take(_ key: String, now: Instant) -> Duration? {
    var bucket = young[key] ?? old.removeValue(forKey: key) ?? Bucket(tokens: Double(limit.burst), at: now)
    let elapsed = Double((now - bucket.at).wholeNanoseconds) / 1e9
    bucket.tokens = min(Double(limit.burst), bucket.tokens + max(0, elapsed) * limit.perSecond)
    bucket.at = now
    let isTaken = bucket.tokens >= 1
    if isTaken { bucket.tokens -= 1 }
    if young[key] == nil, young.count >= keyLimit {
      old = young
      young = [:]
    }
    young[key] = bucket
    return isTaken ? nil : .nanoseconds(Int64(min(1e18, (1 - bucket.tokens) / limit.perSecond * 1e9)))
  }
}
