private import Synchronization
internal import World

/// A clock that can stand still, so that no time runs out while a person looks. Civil time goes on.
final class HaltingClock: WorldClock {
  /// How often sleepers look whether time goes on.
  private static let patience = Duration.milliseconds(20)

  private let base: any WorldClock
  private let state = Mutex((lost: Duration.zero, halted: Instant?.none))

  init(_ base: any WorldClock) { self.base = base }

  var now: Instant {
    state.withLock { state in (state.halted ?? base.now) + (.zero - state.lost) }
  }

  var wall: WallTime { base.wall }

  func sleep(until deadline: Instant) async throws {
    while true {
      let remaining = deadline - now
      guard remaining > .zero else { return try Task.checkCancellation() }
      let isHalted = state.withLock { $0.halted != nil }
      try await base.sleep(until: base.now + (isHalted ? max(remaining, Self.patience) : remaining))
    }
  }

  func halt() { state.withLock { $0.halted = $0.halted ?? base.now } }

  func resume() {
    state.withLock { state in
      if let halted = state.halted { state.lost += base.now - halted }
      state.halted = nil
    }
  }
}
