internal import World

/// Time that passes only when nothing is left to do. It begins on 2026-01-01T00:00:00Z.
struct VirtualClock: WorldClock {
  private static let origin: Int64 = 1_767_225_600_000

  let scheduler: Scheduler

  var now: Instant { scheduler.now }

  var wall: WallTime { WallTime(milliseconds: Self.origin + now.nanoseconds / 1_000_000) }

  func sleep(until deadline: Instant) async throws { try await scheduler.sleep(until: deadline) }
}
