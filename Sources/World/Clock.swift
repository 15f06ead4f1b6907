/// A moment of monotonic time: nanoseconds since an arbitrary origin of its clock.
package struct Instant: Hashable, Comparable, Sendable {
  /// Nanoseconds since the clock's origin.
  package var nanoseconds: Int64

  package init(nanoseconds: Int64) { self.nanoseconds = nanoseconds }

  package static func < (left: Instant, right: Instant) -> Bool { left.nanoseconds < right.nanoseconds }
  package static func + (left: Instant, right: Duration) -> Instant {
    Instant(nanoseconds: left.nanoseconds.addingClamped(right.wholeNanoseconds))
  }
  package static func - (left: Instant, right: Instant) -> Duration {
    .nanoseconds(left.nanoseconds.subtractingClamped(right.nanoseconds))
  }
}

/// A moment of civil time: milliseconds since 1970-01-01T00:00:00Z.
package struct WallTime: Hashable, Comparable, Sendable {
  /// Milliseconds since the Unix epoch.
  package var milliseconds: Int64

  package init(milliseconds: Int64) { self.milliseconds = milliseconds }

  package static func < (left: WallTime, right: WallTime) -> Bool { left.milliseconds < right.milliseconds }
  package static func + (left: WallTime, right: Duration) -> WallTime {
    WallTime(milliseconds: left.milliseconds.addingClamped(right.wholeNanoseconds / 1_000_000))
  }
}

/// Both kinds of time, and the one way to wait.
package protocol WorldClock: Sendable {
  /// Monotonic time.
  var now: Instant { get }
  /// Civil time.
  var wall: WallTime { get }
  /// Waits until `deadline`; returns at once when it has passed.
  /// - Throws: `CancellationError` when the task is cancelled meanwhile.
  func sleep(until deadline: Instant) async throws
}

extension Duration {
  /// The duration in whole nanoseconds, clamped to what `Int64` holds (292 years).
  package var wholeNanoseconds: Int64 {
    let (seconds, attoseconds) = components
    let (scaled, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
    if overflow { return seconds < 0 ? .min : .max }
    return scaled.addingClamped(attoseconds / 1_000_000_000)
  }

  /// The duration in milliseconds, with its fraction.
  package var milliseconds: Double { Double(wholeNanoseconds) / 1_000_000 }
}

extension Int64 {
  /// The sum, or the nearest value that fits.
  package func addingClamped(_ other: Int64) -> Int64 {
    let (sum, overflow) = addingReportingOverflow(other)
    return overflow ? (other < 0 ? .min : .max) : sum
  }

  /// The difference, or the nearest value that fits.
  package func subtractingClamped(_ other: Int64) -> Int64 {
    let (difference, overflow) = subtractingReportingOverflow(other)
    return overflow ? (other < 0 ? .max : .min) : difference
  }
}
