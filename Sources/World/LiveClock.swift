internal import Glibc

/// The machine's own clocks.
package struct LiveClock: WorldClock {
  package init() {}

  package var now: Instant { Instant(nanoseconds: Self.read(CLOCK_MONOTONIC)) }

  package var wall: WallTime { WallTime(milliseconds: Self.read(CLOCK_REALTIME) / 1_000_000) }

  package func sleep(until deadline: Instant) async throws {
    let remaining = deadline - now
    guard remaining > .zero else { return try Task.checkCancellation() }
    try await Task.sleep(for: remaining, tolerance: .zero, clock: .continuous)
  }

  private static func read(_ clock: clockid_t) -> Int64 {
    var time = timespec()
    clock_gettime(clock, &time)
    return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
  }
}
