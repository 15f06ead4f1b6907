private import NIOPosix

/// Runs blocking work on a thread of its own, one piece after the other, for as long as the process lives.
package final class BlockingQueue: Sendable {
  private let pool = NIOThreadPool(numberOfThreads: 1)

  package init() { pool.start() }

  package func run(_ work: @escaping @Sendable () -> Void) {
    pool.submit { state in if case .active = state { work() } }
  }
}
