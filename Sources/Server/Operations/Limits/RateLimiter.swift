internal import GraphQL
internal import JSON
private import Synchronization
internal import Wire
internal import World

/// Counts requests by what they come from, and refuses those that are too many.
final class RateLimiter: Sendable {
  private let buckets: Mutex<TokenBuckets>
  private let clock: any WorldClock
  /// How many were refused, for metrics.
  let refused = Counter()

  init(_ limit: RateLimit, clock: any WorldClock) {
    self.clock = clock
    buckets = Mutex(TokenBuckets(limit))
  }

  /// - Returns: `nil` for what may go on, or else how long to wait.
  func take(_ key: String) -> Duration? {
    let now = clock.now
    let wait = buckets.withLock { $0.take(key, now: now) }
    if wait != nil { refused.add() }
    return wait
  }
}

/// That there were too many requests, and when to come again (RFC 6585, section 4).
struct TooManyRequests {
  /// In whole seconds, at least one.
  let retryAfter: Int

  init(wait: Duration) { retryAfter = max(1, Int(clamping: (wait.wholeNanoseconds + 999_999_999) / 1_000_000_000)) }

  var result: GraphQLResult {
    let error: JSON = [
      "message": .string("Too many requests; try again in \(retryAfter) s."),
      "extensions": ["code": "RATE_LIMITED", "retryAfter": .int(Int64(retryAfter))],
    ]
    let map: JSON = ["errors": .array([error])]
    return GraphQLResult(bytes: map.bytes, outcome: .requestError)
  }

  var response: HTTPResponse {
    HTTPResponse(
      status: 429, headers: ["Content-Type": ResponseType.json.contentType, "Retry-After": String(retryAfter)],
      body: result.bytes)
  }
}

extension ServerCore {
  /// Counts one more from an address.
  func tooMany(from peer: String?) -> TooManyRequests? {
    guard let peer, let wait = addressLimiter?.take(peer) else { return nil }
    return TooManyRequests(wait: wait)
  }

  /// Counts one more from a session.
  func tooMany(from caller: CallerIDs) -> TooManyRequests? {
    guard let session = caller.session, let wait = sessionLimiter?.take(session) else { return nil }
    return TooManyRequests(wait: wait)
  }

  var limitMetrics: MetricFamily {
    let counts = [
      ("address", addressLimiter?.refused.value ?? 0), ("session", sessionLimiter?.refused.value ?? 0),
      ("connections", metrics.connectionsRefused.value),
    ]
    return MetricFamily(
      "rehearsal_limited_total", .counter,
      "Requests and connections refused because there were too many, by the limit.",
      counts.map { MetricFamily.Sample(labels: [("limit", $0.0)], Double($0.1)) })
  }
}
