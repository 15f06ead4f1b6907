internal import JSON
private import Synchronization
package import World

/// The log of a server: lines are queued by whoever has something to say, who never waits, and written in batches
/// elsewhere. Lines that find the queue full are dropped and counted; the next that finds room says how many.
package final class ServerLog: Sendable {
  /// The most bytes of lines that may wait to be written.
  package static let queueLimit = 4 << 20

  private struct State {
    var lines: [UInt8] = []
    var dropped = 0
    /// Dropped and not yet told of.
    var untold = 0
    var isWriting = false
  }

  private let level: LogLevel
  private let format: LogFormat
  private let clock: any WorldClock
  private let schedule: @Sendable (@escaping @Sendable () -> Void) -> Void
  private let write: @Sendable ([UInt8]) -> Void
  private let state = Mutex(State())

  /// - Parameters:
  ///   - level: lines below it are not written.
  ///   - schedule: runs what it is given soon, where blocking is allowed; one at a time.
  ///   - write: writes whole lines; may block.
  package init(
    level: LogLevel, format: LogFormat, clock: any WorldClock,
    schedule: @escaping @Sendable (@escaping @Sendable () -> Void) -> Void,
    write: @escaping @Sendable ([UInt8]) -> Void
  ) {
    self.level = level
    self.format = format
    self.clock = clock
    self.schedule = schedule
    self.write = write
  }

  /// How many lines were dropped.
  package var droppedCount: Int { state.withLock { $0.dropped } }

  /// Whether lines of a level are written: look before gathering what a line would say.
  package func wants(_ level: LogLevel) -> Bool { level <= self.level }

  package func add(_ record: LogRecord) {
    guard wants(record.level) else { return }
    let time = clock.wall.rfc3339
    let line = record.line(at: time, as: format)
    let mustSchedule = state.withLock { state in
      guard state.lines.count + line.count <= Self.queueLimit else {
        state.dropped += 1
        state.untold += 1
        return false
      }
      if state.untold > 0 {
        let gap = LogRecord(.warning, "lines of the log were dropped", [("count", .int(Int64(state.untold)))])
        state.lines += gap.line(at: time, as: format)
        state.untold = 0
      }
      state.lines += line
      defer { state.isWriting = true }
      return !state.isWriting
    }
    if mustSchedule { schedule { self.drain() } }
  }

  private func drain() {
    while true {
      let lines = state.withLock { state in
        state.isWriting = !state.lines.isEmpty
        defer { state.lines = [] }
        return state.lines
      }
      if lines.isEmpty { return }
      write(lines)
    }
  }

  /// Returns when everything that was added before has been written, or the task is cancelled: whoever reads the log may
  /// have stopped reading.
  package func flush() async {
    let waiting = Waiting()
    await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        waiting.hold(continuation)
        schedule {
          self.drain()
          waiting.end()
        }
      }
    } onCancel: {
      waiting.end()
    }
  }

  /// A continuation that is resumed once, by whoever comes first.
  private final class Waiting: Sendable {
    private let state = Mutex<(isOver: Bool, continuation: CheckedContinuation<Void, Never>?)>((false, nil))

    func hold(_ continuation: CheckedContinuation<Void, Never>) {
      let isOver = state.withLock { state in
        if !state.isOver { state.continuation = continuation }
        return state.isOver
      }
      if isOver { continuation.resume() }
    }

    func end() {
      let continuation = state.withLock { state in
        state.isOver = true
        return state.continuation.take()
      }
      continuation?.resume()
    }
  }
}
