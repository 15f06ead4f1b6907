import Synchronization

/// What happened, in order, for a test to wait on without sleeping.
final class Recorder<Element: Sendable>: Sendable {
  private struct State {
    var elements: [Element] = []
    var waiting: [(isMet: @Sendable ([Element]) -> Bool, continuation: CheckedContinuation<Void, Never>)] = []
  }

  private let state = Mutex(State())

  var elements: [Element] { state.withLock { $0.elements } }

  func record(_ element: Element) {
    let met = state.withLock { state in
      state.elements.append(element)
      let elements = state.elements
      let met = state.waiting.filter { $0.isMet(elements) }
      state.waiting.removeAll { $0.isMet(elements) }
      return met
    }
    for waiter in met { waiter.continuation.resume() }
  }

  /// Returns when the elements so far meet a condition; a test that never gets there runs into its time limit.
  @discardableResult
  func wait(_ isMet: @escaping @Sendable ([Element]) -> Bool) async -> [Element] {
    await withCheckedContinuation { continuation in
      let isMetAlready = state.withLock { state in
        if isMet(state.elements) { return true }
        state.waiting.append((isMet, continuation))
        return false
      }
      if isMetAlready { continuation.resume() }
    }
    return elements
  }

  @discardableResult
  func wait(count: Int) async -> [Element] { await wait { $0.count >= count } }
}
