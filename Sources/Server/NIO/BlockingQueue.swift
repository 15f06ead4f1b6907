private import NIOPosix

/// Runs blocking work on a thread of its own kind, one piece after the other.
package final class BlockingQueue: Sendable {
  private let pool = NIOThreadPool(numberOfThreads: 1)

  package init() { pool.start() }

  package func run(_ work: @escaping @Sendable () -> Void) {
    pool.submit { state in if case .active = state { work() } }
  }

  /// Ends the thread after the work that it was given.
  package func stop() async { try? await pool.shutdownGracefully() }
}
