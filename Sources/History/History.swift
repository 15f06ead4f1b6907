package import World
private import Synchronization

/// Collects events in the order they happen. Safe from any thread; the order of appends is the order of the file.
package final class HistoryRecorder: Sendable {
  private let clock: any WorldClock
  private let start: Instant
  private let events = Mutex<[HistoryEvent]>([])

  package init(clock: any WorldClock) {
    self.clock = clock
    self.start = clock.now
  }

  /// Nanoseconds since the history began.
  package var now: Int64 { (clock.now - start).wholeNanoseconds }

  /// Nanoseconds since the history began of a moment of its clock.
  package func offset(of instant: Instant) -> Int64 { (instant - start).wholeNanoseconds }

  /// Appends, stamped with the present time, and returns the stamp.
  @discardableResult
  package func record(_ actor: String, _ what: HistoryEvent.What) -> Int64 {
    events.withLock { events in
      // The clock is read under the lock so that times never descend along the file.
      let time = now
      events.append(HistoryEvent(time: time, actor: actor, what: what))
      return time
    }
  }

  /// What has been recorded so far.
  package var snapshot: History { History(events: events.withLock { $0 }) }
}

/// A finished history, in order.
package struct History: Sendable {
  package var events: [HistoryEvent]

  package init(events: [HistoryEvent]) { self.events = events }
}
