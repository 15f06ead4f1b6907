private import Synchronization
internal import World

/// Runs jobs one at a time on whichever thread calls ``step()``, and moves virtual time on when none is ready.
final class Scheduler: TaskExecutor {
  private struct State {
    var now = Instant(nanoseconds: 0)
    var ready: [UnownedJob] = []
    var sleepers = SleeperHeap()
    var random: RandomStream
  }

  /// Jobs that run after the end of a run, while its leftover sleepers are dismissed, before the rest is abandoned.
  private static let dismissalLimit = 1_000_000

  private let state: Mutex<State>

  init(seed: UInt64) {
    state = Mutex(State(random: RandomStream(seed: seed, name: "scheduler")))
  }

  var now: Instant { state.withLock { $0.now } }

  func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    state.withLock { $0.ready.append(job) }
  }

  /// Runs one ready job, chosen by the seed; with none, moves time to the next sleeper and wakes it.
  /// - Returns: false when there is neither.
  func step() -> Bool {
    if let job = takeReady() {
      job.runSynchronously(on: asUnownedTaskExecutor())
      return true
    }
    let woken = state.withLock { state -> Sleeper? in
      guard let sleeper = state.sleepers.removeFirst() else { return nil }
      if state.now < sleeper.deadline { state.now = sleeper.deadline }
      return sleeper
    }
    guard let woken else { return false }
    woken.continuation.resume()
    return true
  }

  private func takeReady() -> UnownedJob? {
    state.withLock { state in
      guard !state.ready.isEmpty else { return nil }
      // Any ready job may run next; which one is the seed's choice, and how another seed is another schedule.
      let index = state.random.int(in: 0..<state.ready.count)
      state.ready.swapAt(index, state.ready.count - 1)
      return state.ready.removeLast()
    }
  }

  func sleep(until deadline: Instant) async throws {
    try Task.checkCancellation()
    let number = state.withLock { $0.sleepers.nextNumber() }
    try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
        let cancelled = state.withLock { state in
          if Task.isCancelled { return true }
          state.sleepers.insert(Sleeper(deadline: deadline, number: number, continuation: continuation))
          return false
        }
        if cancelled { continuation.resume(throwing: CancellationError()) }
      }
    } onCancel: {
      let sleeper = state.withLock { $0.sleepers.remove(number) }
      sleeper?.continuation.resume(throwing: CancellationError())
    }
  }

  /// Ends every sleep as if cancelled and lets the woken tasks run out, so that nothing of a run outlives it.
  func dismissSleepers() {
    for _ in 0..<Self.dismissalLimit {
      if let job = takeReady() {
        job.runSynchronously(on: asUnownedTaskExecutor())
      } else if let sleeper = state.withLock({ $0.sleepers.removeFirst() }) {
        sleeper.continuation.resume(throwing: CancellationError())
      } else {
        return
      }
    }
  }
}

/// A task that sleeps.
struct Sleeper {
  let deadline: Instant
  /// Ascends with the order in which sleeps began; breaks ties.
  let number: UInt64
  let continuation: CheckedContinuation<Void, any Error>
}

/// Sleepers by (deadline, number): a binary heap whose removals in the middle are marked and skipped later.
private struct SleeperHeap {
  private var heap: [Sleeper] = []
  private var waiting: Set<UInt64> = []
  private var counter: UInt64 = 0

  mutating func nextNumber() -> UInt64 {
    counter += 1
    return counter
  }

  mutating func insert(_ sleeper: Sleeper) {
    waiting.insert(sleeper.number)
    heap.append(sleeper)
    var child = heap.count - 1
    while child > 0, precedes(child, (child - 1) / 2) {
      heap.swapAt(child, (child - 1) / 2)
      child = (child - 1) / 2
    }
  }

  mutating func removeFirst() -> Sleeper? {
    while let first = pop() {
      if waiting.remove(first.number) != nil { return first }
    }
    return nil
  }

  /// The sleeper of that number, if it still waits.
  mutating func remove(_ number: UInt64) -> Sleeper? {
    guard waiting.remove(number) != nil else { return nil }
    return heap.first { $0.number == number }
  }

  private mutating func pop() -> Sleeper? {
    guard let first = heap.first, let last = heap.popLast() else { return nil }
    guard !heap.isEmpty else { return first }
    heap[0] = last
    var parent = 0
    while true {
      var least = parent
      for child in [2 * parent + 1, 2 * parent + 2] where child < heap.count && precedes(child, least) { least = child }
      if least == parent { return first }
      heap.swapAt(parent, least)
      parent = least
    }
  }

  private func precedes(_ left: Int, _ right: Int) -> Bool {
    (heap[left].deadline, heap[left].number) < (heap[right].deadline, heap[right].number)
  }
}
