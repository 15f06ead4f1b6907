private import Synchronization

/// Burns processor time in proportion to what the process uses: as if all its code were slower.
final class Slowdown: Sendable {
  private let share: Double
  /// Nanoseconds of the process's time that have been paid for, and those that the payments took.
  private let paid: Mutex<Int64>

  /// - Parameter factor: 1.1 makes it use a tenth more.
  init(factor: Double) {
    share = factor - 1
    paid = Mutex(ProcessorClock.process)
  }

  /// Pays for what was used since the last time, on this thread.
  func pay() {
    let owed = paid.withLock { paid -> Int64 in
      let used = ProcessorClock.process
      guard used > paid else { return 0 }
      defer { paid = used }
      return Int64(Double(used - paid) * share)
    }
    let end = ProcessorClock.thread + owed
    while ProcessorClock.thread < end {}
    // Another thread may have paid for a part of this; it is given back by what is not paid for later.
    paid.withLock { $0 += owed }
  }
}
