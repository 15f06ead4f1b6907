import Synchronization

/// What happened, in order, for a test to wait on without sleeping.
final class Recorder<Element: Sendable>: Sendable {
  private struct Waiter {
    let isMet: @Sendable ([Element]) -> Bool
    let continuation: CheckedContinuation<Void, Never>
  }

  private struct State {
    var elements: [Element] = []
    var waiting: [Int: Waiter] = [:]
    var lastKey = 0
  }

  private let state = Mutex(State())

  var elements: [Element] { state.withLock { $0.elements } }

  func record(_ element: Element) {
    let met = state.withLock { state in
      state.elements.append(element)
      let elements = state.elements
      let met = state.waiting.filter { $0.value.isMet(elements) }
      for key in met.keys { state.waiting[key] = nil }
      return met
    }
    for waiter in met.values { waiter.continuation.resume() }
  }

  /// Returns when the elements so far meet a condition, or when the test has run into its time limit.
  @discardableResult
  func wait(_ isMet: @escaping @Sendable ([Element]) -> Bool) async -> [Element] {
    let key = state.withLock { state in
      state.lastKey += 1
      return state.lastKey
    }
    await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let mustWait = state.withLock { state in
          if Task.isCancelled || isMet(state.elements) { return false }
          state.waiting[key] = Waiter(isMet: isMet, continuation: continuation)
          return true
        }
        if !mustWait { continuation.resume() }
      }
    } onCancel: {
      let waiter = state.withLock { $0.waiting.removeValue(forKey: key) }
      waiter?.continuation.resume()
    }
    return elements
  }

  @discardableResult
  func wait(count: Int) async -> [Element] { await wait { $0.count >= count } }
}
