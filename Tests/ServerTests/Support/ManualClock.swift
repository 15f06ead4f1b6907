import Synchronization
import World

/// A clock that a test turns by hand.
final class ManualClock: WorldClock {
  private struct State {
    var now = Instant(nanoseconds: 0)
    var lastKey = 0
    var sleepers: [Int: (deadline: Instant, continuation: CheckedContinuation<Void, any Error>)] = [:]
  }

  private let state = Mutex(State())
  /// The deadline of every sleep that began.
  let sleeps = Recorder<Instant>()

  var now: Instant { state.withLock { $0.now } }
  var wall: WallTime { WallTime(milliseconds: now.nanoseconds / 1_000_000) }

  func sleep(until deadline: Instant) async throws {
    let key = state.withLock { state in
      state.lastKey += 1
      return state.lastKey
    }
    try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { continuation in
        let mustWait = state.withLock { state in
          if Task.isCancelled || deadline <= state.now { return false }
          state.sleepers[key] = (deadline, continuation)
          return true
        }
        if !mustWait { continuation.resume() }
        sleeps.record(deadline)
      }
      try Task.checkCancellation()
    } onCancel: {
      let sleeper = state.withLock { $0.sleepers.removeValue(forKey: key) }
      sleeper?.continuation.resume(throwing: CancellationError())
    }
  }

  func advance(by duration: Duration) {
    let due = state.withLock { state in
      state.now = state.now + duration
      let now = state.now
      let due = state.sleepers.filter { $0.value.deadline <= now }
      for key in due.keys { state.sleepers[key] = nil }
      return due.sorted { ($0.value.deadline, $0.key) < ($1.value.deadline, $1.key) }
    }
    for entry in due { entry.value.continuation.resume() }
  }
}
