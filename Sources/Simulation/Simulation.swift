// Simulation: the virtual world. One thread runs every task in an order that a seed decides, time passes only when
// nothing is left to do, and the network is memory. The same seed gives the same run, byte for byte.

private import Synchronization
package import World

/// Why a simulated run could not come to its end.
package enum SimulationError: Error, CustomStringConvertible {
  /// Nothing is ready and nobody sleeps, but the run has not ended: a wait that nothing will ever end, or a task that
  /// escaped to another executor.
  case stuck(at: Instant)

  package var description: String {
    switch self {
    case .stuck(let instant):
      "The simulation is stuck at \(instant.nanoseconds / 1_000_000) ms of virtual time: every task waits for something "
        + "that nothing will bring, or a task escaped from World.spawn"
    }
  }
}

/// Runs `body` in a world of its own, on the calling thread, in virtual time, until it returns.
///
/// Source of the method: a task executor preference (SE-0417) on the root task, which structured children and default
/// actors inherit and ``World/spawn(_:)`` hands on.
/// - Parameter seed: decides the order of tasks, every random stream and every identifier.
/// - Throws: what `body` throws, or ``SimulationError``.
package func simulate<T: Sendable>(
  seed: UInt64, _ body: @escaping @Sendable (World) async throws -> T
) throws -> T {
  let scheduler = Scheduler(seed: seed)
  let world = World(clock: VirtualClock(scheduler: scheduler), seed: seed, executor: scheduler)
  let outcome = Mutex<Result<T, any Error>?>(nil)
  world.spawn {
    let result: Result<T, any Error>
    do { result = .success(try await body(world)) } catch { result = .failure(error) }
    outcome.withLock { $0 = result }
  }
  while outcome.withLock({ $0 == nil }) {
    guard scheduler.step() else { throw SimulationError.stuck(at: scheduler.now) }
  }
  scheduler.dismissSleepers()
  guard let result = outcome.withLock({ $0 }) else { throw SimulationError.stuck(at: scheduler.now) }
  return try result.get()
}
