private import Synchronization

/// Counts the operations that run, refuses new ones once it drains, and tells when the last has ended.
final class RunningWork: Sendable {
  private struct State {
    var count = 0
    var isDraining = false
    var waiting: [Int: CheckedContinuation<Void, Never>] = [:]
    var nextWaiter = 0

    mutating func takeWaiting() -> [CheckedContinuation<Void, Never>] {
      defer { waiting = [:] }
      return waiting.sorted { $0.key < $1.key }.map(\.value)
    }
  }

  private let state = Mutex(State())

  var isDraining: Bool { state.withLock { $0.isDraining } }

  /// - Returns: false when no new work is taken.
  func begin() -> Bool {
    state.withLock { state in
      if state.isDraining { return false }
      state.count += 1
      return true
    }
  }

  func end() {
    let waiting = state.withLock { state in
      state.count -= 1
      return state.count == 0 ? state.takeWaiting() : []
    }
    for continuation in waiting { continuation.resume() }
  }

  /// Refuses new work from now on, and returns when none runs any more or the task is cancelled.
  func drain() async {
    let waiter = state.withLock { state in
      state.isDraining = true
      state.nextWaiter += 1
      return state.nextWaiter
    }
    await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let isDone = state.withLock { state in
          if state.count == 0 || Task.isCancelled { return true }
          state.waiting[waiter] = continuation
          return false
        }
        if isDone { continuation.resume() }
      }
    } onCancel: {
      let continuation = state.withLock { $0.waiting.removeValue(forKey: waiter) }
      continuation?.resume()
    }
  }
}
