private import World

/// Work that Ctrl-C and SIGTERM stop.
package enum Interruptible {
  /// Starts `work` in a task that the first signal cancels.
  /// - Parameter patience: how long it may take to stop.
  package static func start<T: Sendable>(
    patience: Duration = Interruption.usualPatience, _ work: @escaping @Sendable () async throws -> T
  ) -> Task<T, any Error> {
    let task = World.live(seed: 0).spawnThrowing(work)
    Interruption.shared.install(patience: patience) { task.cancel() }
    return task
  }
}
