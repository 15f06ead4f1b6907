import Simulation
import Synchronization
import Testing
import World

@Suite("The simulated scheduler")
struct SchedulerTests {
  /// Many tasks that sleep, spawn, use actors and mailboxes, and write down the order in which they ran.
  private func trace(seed: UInt64) throws -> [Int64] {
    actor Journal {
      var lines: [Int64] = []
      func write(_ line: Int64) { lines.append(line) }
    }
    return try simulate(seed: seed) { world in
      let journal = Journal()
      let box = Mailbox<Int>(limit: 1000)
      await withTaskGroup(of: Void.self) { group in
        for index in 0..<50 {
          group.addTask {
            var random = world.random("task \(index)")
            for _ in 0..<10 {
              try? await world.sleep(for: random.duration(in: .microseconds(1)...(.milliseconds(5))))
              await journal.write(Int64(index) * 1_000_000 + world.clock.now.nanoseconds % 1_000_000)
              world.spawn { box.send(index) }
            }
          }
        }
        group.addTask {
          for _ in 0..<500 { if let index = await box.next() { await journal.write(Int64(-index)) } }
        }
      }
      return await journal.lines
    }
  }

  @Test("gives the same order for the same seed, and another for another")
  func sameSeedSameOrder() throws {
    let first = try trace(seed: 7)
    #expect(first.count == 1000)
    #expect(try trace(seed: 7) == first)
    #expect(try trace(seed: 8) != first)
  }

  @Test("passes an hour at once")
  func hourPasses() throws {
    let elapsed = try simulate(seed: 1) { world in
      let start = world.clock.now
      try await world.sleep(for: .seconds(3600))
      return world.clock.now - start
    }
    #expect(elapsed == .seconds(3600))
  }

  @Test("says that it is stuck when everybody waits for nobody")
  func stuckIsReported() {
    #expect(throws: SimulationError.self) {
      try simulate(seed: 1) { _ in _ = await Mailbox<Int>(limit: 1).next() }
    }
  }

  @Test("ends a sleep when its task is cancelled")
  func cancelledSleep() throws {
    let elapsed = try simulate(seed: 1) { world in
      let start = world.clock.now
      let sleeper = world.spawn { try? await world.sleep(for: .seconds(60)) }
      try await world.sleep(for: .seconds(1))
      sleeper.cancel()
      await sleeper.value
      return world.clock.now - start
    }
    #expect(elapsed == .seconds(1))
  }

  @Test("times out in virtual time")
  func timeout() throws {
    #expect(throws: TimedOut.self) {
      try simulate(seed: 1) { world in
        try await world.withTimeout(.seconds(5)) { try await world.sleep(for: .seconds(6)) }
      }
    }
  }

  @Test("dismisses what still sleeps at the end")
  func leftoversEnd() throws {
    let ended = try simulate(seed: 1) { world in
      let ended = Flag()
      world.spawn {
        try? await world.sleep(for: .seconds(60))
        ended.set()
      }
      try await world.sleep(for: .seconds(1))
      return ended
    }
    #expect(ended.isSet)
  }
}

private final class Flag: Sendable {
  private let value = Mutex(false)
  var isSet: Bool { value.withLock { $0 } }
  func set() { value.withLock { $0 = true } }

  @Test("timers run at their times and in their order, one that was cancelled does not, and one may set another")
  func timers() throws {
    let ran = Mutex<[String]>([])
    try simulate(seed: 1) { world in
      let note = { @Sendable (name: String) in
        ran.withLock { $0.append("\(name) \(world.clock.now.nanoseconds / 1_000_000)") }
      }
      let start = world.clock.now
      let cancelled = world.schedule(at: start + .milliseconds(15)) { note("cancelled") }
      for number in [30, 10, 20, 10] {
        _ = world.schedule(at: start + .milliseconds(number)) { note("timer") }
      }
      _ = world.schedule(at: start + .milliseconds(5)) {
        note("first")
        _ = world.schedule(at: start + .milliseconds(25)) { note("set by the first") }
      }
      try await world.sleep(for: .milliseconds(12))
      world.cancel(cancelled)
      try await world.sleep(for: .seconds(1))
    }
    #expect(
      ran.withLock { $0 } == ["first 5", "timer 10", "timer 10", "timer 20", "set by the first 25", "timer 30"])
  }
}
