// World: time, randomness, ids and tasks. The only door to what is not deterministic: everything that could differ
// between two runs enters here, so that the simulator can replace it.

internal import Synchronization

/// The time, randomness, identifiers and tasks that product and swarm code may use.
///
/// A live process makes one with ``World/live(seed:)``; the simulator makes one over a virtual clock and a task executor
/// of its own. Nothing else in the package reads a clock, sleeps, rolls a die or starts a task.
package final class World: Sendable {
  /// Monotonic and wall time, and the one `sleep`.
  package let clock: any WorldClock
  /// The number every random stream of this world is derived from.
  package let seed: UInt64
  /// Makes UUIDv7 identifiers from the clock and a stream of its own.
  package let ids: IDSource
  /// Where spawned tasks run; `nil` is the process's default executor.
  private let executor: (any TaskExecutor)?
  let timers = Mutex(TimerTable())

  package init(clock: any WorldClock, seed: UInt64, executor: (any TaskExecutor)? = nil) {
    self.clock = clock
    self.seed = seed
    self.executor = executor
    self.ids = IDSource(clock: clock, random: RandomStream(seed: seed, name: "ids"))
  }

  /// The real world: the machine's clocks, the default executor, random streams derived from `seed`.
  package static func live(seed: UInt64) -> World {
    World(clock: LiveClock(), seed: seed)
  }

  /// A random stream that depends on nothing but the world's seed and `name`.
  ///
  /// Two calls with one name give the same numbers: use one name per component.
  package func random(_ name: String) -> RandomStream {
    RandomStream(seed: seed, name: name)
  }

  /// Starts a task on this world's executor; the only way to start one that outlives its caller.
  ///
  /// Structured child tasks (`async let`, task groups) inherit the executor and need no help.
  @discardableResult
  package func spawn(_ operation: @escaping @Sendable () async -> Void) -> Task<Void, Never> {
    Task(executorPreference: executor, operation: operation)
  }

  /// Starts a task whose value somebody waits for.
  package func spawnThrowing<T: Sendable>(
    _ operation: @escaping @Sendable () async throws -> T
  ) -> Task<T, any Error> {
    Task(executorPreference: executor, operation: operation)
  }

  /// Sleeps for `duration` of this world's time.
  /// - Throws: `CancellationError` when the task is cancelled meanwhile.
  package func sleep(for duration: Duration) async throws {
    try await clock.sleep(until: clock.now + duration)
  }

  /// Runs `operation`, cancelling it after `duration`.
  /// - Throws: ``TimedOut`` when the time ran out first; otherwise what `operation` throws.
  package func withTimeout<T: Sendable>(
    _ duration: Duration, _ operation: @escaping @Sendable () async throws -> T
  ) async throws -> T {
    let deadline = clock.now + duration
    return try await withThrowingTaskGroup(of: T?.self) { group in
      group.addTask { try await operation() }
      group.addTask { [clock] in
        try await clock.sleep(until: deadline)
        return nil
      }
      defer { group.cancelAll() }
      guard let first = try await group.next(), let value = first else { throw TimedOut(after: duration) }
      return value
    }
  }
}

/// What ``World/withTimeout(_:_:)`` throws when the time ran out.
package struct TimedOut: Error, CustomStringConvertible {
  package let after: Duration
  package var description: String { "timed out after \(after)" }
}
