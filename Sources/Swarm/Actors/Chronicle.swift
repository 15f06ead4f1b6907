internal import History
internal import JSON
private import Synchronization
internal import World

/// The history of one run in the making: gives numbers, keeps secrets out, and stops at a limit. What is left then is a
/// beginning of the whole history, which the checks judge as far as it goes.
final class Chronicle: Sendable {
  /// The most events of a functional scenario, and of a load run.
  static let functionalLimit = 1_000_000
  static let loadLimit = 250_000

  private let recorder: HistoryRecorder
  private let limit: Int
  private let state = Mutex((events: 0, numbers: 0))

  init(clock: any WorldClock, limit: Int) {
    recorder = HistoryRecorder(clock: clock)
    self.limit = limit
  }

  /// A number for an operation or a subscription, never given before.
  func nextNumber() -> Int {
    state.withLock { state in
      state.numbers += 1
      return state.numbers
    }
  }

  func record(_ actor: String, _ what: @autoclosure () -> HistoryEvent.What) {
    let isTaken = state.withLock { state in
      state.events += 1
      return state.events <= limit
    }
    if isTaken { recorder.record(actor, what()) }
  }

  /// Nanoseconds since the history began.
  var now: Int64 { recorder.now }
  func offset(of instant: Instant) -> Int64 { recorder.offset(of: instant) }

  var history: History { recorder.snapshot }

  /// Says so when the limit was reached.
  var note: String? {
    let events = state.withLock(\.events)
    return events > limit
      ? "The history holds the first \(limit) of \(events) events; the checks judged those" : nil
  }
}
