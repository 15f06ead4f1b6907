internal import JSON
private import Synchronization

/// One virtual user: an actor, and what it knows from iteration to iteration. It is in one iteration at a time.
final class VirtualUser: Sendable {
  let index: Int
  let client: ActorClient
  private let values: Mutex<[String: JSON]>

  init(index: Int, client: ActorClient, values: [String: JSON]) {
    self.index = index
    self.client = client
    self.values = Mutex(values)
  }

  var knowledge: [String: JSON] {
    get { values.withLock { $0 } }
    set { values.withLock { $0 = newValue } }
  }
}

/// Virtual users that are free, or iterations that wait for one; first come first served.
final class Pool: Sendable {
  private let state: Mutex<(free: ArraySlice<VirtualUser>, waiting: ArraySlice<Arrival>)>

  init(_ users: [VirtualUser]) { state = Mutex((users[...], [])) }

  func take() -> VirtualUser? { state.withLock { $0.free.popFirst() } }

  /// Has an iteration wait for the first user who is free.
  /// - Returns: false when too many wait already.
  func queue(_ arrival: Arrival) -> Bool {
    state.withLock { state in
      guard state.waiting.count < LoadLimits.waitingIterations else { return false }
      state.waiting.append(Arrival(number: arrival.number, intended: arrival.intended, hasWaited: true))
      return true
    }
  }

  /// - Returns: the iteration that the user is to take now; `nil` when none waits, and the user is free.
  func give(_ user: VirtualUser) -> Arrival? {
    state.withLock { state in
      if !Task.isCancelled, let next = state.waiting.popFirst() { return next }
      state.free.append(user)
      return nil
    }
  }

  var waitingCount: Int { state.withLock(\.waiting.count) }
}

/// A value that many wait for and one brings.
final class Latch<Value: Sendable>: Sendable {
  private struct State {
    var value: Value?
    var nextNumber = 0
    var waiting: [(number: Int, continuation: CheckedContinuation<Void, Never>)] = []
  }

  private let state = Mutex(State())

  /// The first value stays.
  func open(_ value: Value) {
    let waiting = state.withLock { state in
      if state.value == nil { state.value = value }
      defer { state.waiting = [] }
      return state.waiting
    }
    for waiter in waiting { waiter.continuation.resume() }
  }

  /// - Throws: `CancellationError` when the task is cancelled before there is a value.
  func wait() async throws -> Value {
    let number = state.withLock { state in
      state.nextNumber += 1
      return state.nextNumber
    }
    await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let isOver = state.withLock { state in
          if state.value != nil || Task.isCancelled { return true }
          state.waiting.append((number, continuation))
          return false
        }
        if isOver { continuation.resume() }
      }
    } onCancel: {
      let continuation = state.withLock { state -> CheckedContinuation<Void, Never>? in
        guard let index = state.waiting.firstIndex(where: { $0.number == number }) else { return nil }
        return state.waiting.remove(at: index).continuation
      }
      continuation?.resume()
    }
    guard let value = state.withLock(\.value) else { throw CancellationError() }
    return value
  }
}
