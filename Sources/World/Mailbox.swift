private import Synchronization

/// A bounded queue between any number of senders and one receiver, without a thread or a lock held across a wait.
package final class Mailbox<Element: Sendable>: Sendable {
  private struct State {
    var elements: [Element] = []
    var head = 0
    var finished = false
    var receiver: CheckedContinuation<Void, Never>?
    var isEmpty: Bool { head == elements.count }

    mutating func takeAll() -> [Element] {
      let taken = head == 0 ? elements : Array(elements[head...])
      elements = []
      head = 0
      return taken
    }

    mutating func takeFirst() -> Element? {
      guard !isEmpty else { return nil }
      let element = elements[head]
      head += 1
      if head == elements.count {
        elements.removeAll(keepingCapacity: true)
        head = 0
      } else if head >= 1024, head * 2 > elements.count {
        elements.removeSubrange(..<head)
        head = 0
      }
      return element
    }
  }

  /// The most elements that may wait at once.
  package let limit: Int
  private let state = Mutex(State())

  package init(limit: Int) { self.limit = limit }

  /// How many elements wait.
  package var count: Int { state.withLock { $0.elements.count - $0.head } }

  /// Appends an element and wakes the receiver.
  /// - Returns: false when the mailbox is finished or full; the element was not taken.
  @discardableResult
  package func send(_ element: Element) -> Bool {
    let (taken, receiver) = state.withLock { state -> (Bool, CheckedContinuation<Void, Never>?) in
      guard !state.finished, state.elements.count - state.head < limit else { return (false, nil) }
      state.elements.append(element)
      return (true, state.receiver.take())
    }
    receiver?.resume()
    return taken
  }

  /// Lets the receiver drain what is there, then see the end.
  package func finish() {
    let receiver = state.withLock { state in
      state.finished = true
      return state.receiver.take()
    }
    receiver?.resume()
  }

  /// The next element, or `nil` after ``finish()`` once all are drained, or when the task is cancelled.
  package func next() async -> Element? {
    while true {
      let (element, finished) = state.withLock { ($0.takeFirst(), $0.finished) }
      if let element { return element }
      if finished || Task.isCancelled { return nil }
      await wait()
    }
  }

  /// Everything that waits, at least one element; empty after ``finish()`` or when the task is cancelled.
  package func nextBatch() async -> [Element] {
    while true {
      let (batch, finished) = state.withLock { ($0.takeAll(), $0.finished) }
      if !batch.isEmpty { return batch }
      if finished || Task.isCancelled { return [] }
      await wait()
    }
  }

  private func wait() async {
    await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let ready = state.withLock { state in
          if !state.isEmpty || state.finished || Task.isCancelled { return true }
          state.receiver = continuation
          return false
        }
        if ready { continuation.resume() }
      }
    } onCancel: {
      let receiver = state.withLock { $0.receiver.take() }
      receiver?.resume()
    }
  }
}
