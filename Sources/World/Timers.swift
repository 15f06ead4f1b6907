internal import Synchronization

/// Names a timer of ``World/schedule(at:_:)``.
package struct TimerKey: Hashable, Sendable {
  fileprivate let number: UInt64
}

extension World {
  /// Runs `action` at `deadline`, or soon when that has passed, unless it is cancelled before. All timers of a world share one
  /// task, which sleeps until the first of them: a sleeping task for each would keep kilobytes.
  /// - Parameter action: must not block; runs after those that are due earlier, and those of the same time in the order in
  ///   which they were scheduled.
  package func schedule(at deadline: Instant, _ action: @escaping @Sendable () -> Void) -> TimerKey {
    timers.withLock { timers in
      timers.last += 1
      timers.actions[timers.last] = action
      timers.insert(TimerTable.Entry(deadline: deadline, number: timers.last))
      if deadline < timers.wakes ?? Instant(nanoseconds: .max) { sleep(until: deadline, &timers) }
      return TimerKey(number: timers.last)
    }
  }

  /// Forgets a timer that has not run.
  package func cancel(_ key: TimerKey) {
    timers.withLock { timers in
      timers.actions[key.number] = nil
      guard timers.actions.isEmpty else { return }
      // Nothing to wait for: a simulated world must be able to come to rest.
      timers.heap = []
      timers.actions = [:]
      timers.sleeper?.cancel()
      (timers.sleeper, timers.wakes) = (nil, nil)
    }
  }

  private func sleep(until deadline: Instant, _ timers: inout TimerTable) {
    timers.sleeper?.cancel()
    timers.wakes = deadline
    timers.sleeper = spawn { [self] in
      do { try await clock.sleep(until: deadline) } catch { return }
      runTimers(after: deadline)
    }
  }

  private func runTimers(after deadline: Instant) {
    let due = timers.withLock { timers -> [@Sendable () -> Void] in
      // Another that was earlier has taken over.
      guard timers.wakes == deadline else { return [] }
      let now = clock.now
      var due: [@Sendable () -> Void] = []
      (timers.sleeper, timers.wakes) = (nil, nil)
      while let first = timers.heap.first {
        guard let action = timers.actions[first.number] else {
          timers.removeFirst()
          continue
        }
        guard first.deadline <= now else {
          sleep(until: first.deadline, &timers)
          break
        }
        timers.actions[first.number] = nil
        timers.removeFirst()
        due.append(action)
      }
      return due
    }
    for action in due { action() }
  }
}

/// Timers by (deadline, number): a binary heap, from which those that were cancelled go when their time comes.
struct TimerTable {
  struct Entry {
    let deadline: Instant
    let number: UInt64
  }

  var last: UInt64 = 0
  var actions: [UInt64: @Sendable () -> Void] = [:]
  fileprivate(set) var heap: [Entry] = []
  /// What sleeps, and until when.
  var sleeper: Task<Void, Never>?
  var wakes: Instant?

  mutating func insert(_ entry: Entry) {
    heap.append(entry)
    var child = heap.count - 1
    while child > 0, precedes(child, (child - 1) / 2) {
      heap.swapAt(child, (child - 1) / 2)
      child = (child - 1) / 2
    }
  }

  mutating func removeFirst() {
    guard let last = heap.popLast(), !heap.isEmpty else { return }
    heap[0] = last
    var parent = 0
    while true {
      var least = parent
      for child in [2 * parent + 1, 2 * parent + 2] where child < heap.count && precedes(child, least) { least = child }
      if least == parent { return }
      heap.swapAt(parent, least)
      parent = least
    }
  }

  private func precedes(_ left: Int, _ right: Int) -> Bool {
    (heap[left].deadline, heap[left].number) < (heap[right].deadline, heap[right].number)
  }
}
