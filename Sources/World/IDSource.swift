private import Synchronization

/// Makes UUIDv7 identifiers (RFC 9562, section 5.7) that ascend within one source: 48 bits of wall-clock milliseconds, a
/// 12-bit counter within the millisecond (section 6.2, method 1), 62 random bits.
package final class IDSource: Sendable {
  private struct State {
    var random: RandomStream
    var milliseconds: Int64 = 0
    var counter: UInt64 = 0
  }

  private let clock: any WorldClock
  private let state: Mutex<State>

  package init(clock: any WorldClock, random: RandomStream) {
    self.clock = clock
    self.state = Mutex(State(random: random))
  }

  /// The next identifier, greater than every one before it from this source.
  package func next() -> ID {
    let wall = clock.wall.milliseconds
    return state.withLock { state in
      if wall > state.milliseconds {
        state.milliseconds = wall
        state.counter = 0
      } else if state.counter == 0xfff {
        // Runs ahead of the clock rather than repeat or wait.
        state.milliseconds += 1
        state.counter = 0
      } else {
        state.counter += 1
      }
      let time = UInt64(truncatingIfNeeded: state.milliseconds) & 0xffff_ffff_ffff
      let high = time << 16 | 0x7000 | state.counter
      let low = 0x8000_0000_0000_0000 | state.random.next() >> 2
      return ID(high: high, low: low)
    }
  }
}
