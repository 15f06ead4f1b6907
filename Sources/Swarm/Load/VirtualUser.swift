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

/// Virtual users that are free, first come first served.
final class Pool: Sendable {
  private let free: Mutex<ArraySlice<VirtualUser>>

  init(_ users: [VirtualUser]) { free = Mutex(users[...]) }

  func take() -> VirtualUser? { free.withLock { $0.popFirst() } }

  func give(_ user: VirtualUser) { free.withLock { $0.append(user) } }
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
