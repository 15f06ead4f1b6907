/// Runs work that blocks, file access for example, on a thread of its own, so that no task's thread waits for it.
package final class BlockingWorker: Sendable {
  private let inbox: BlockingInbox<@Sendable () -> Void>

  /// - Parameter limit: the most pieces of work that may wait.
  /// - Throws: `DatabaseError` of kind `.overloaded` when no thread can be started.
  package init(limit: Int) throws(DatabaseError) {
    let inbox = BlockingInbox<@Sendable () -> Void>(limit: limit)
    self.inbox = inbox
    try DriverThread.start {
      while let work = inbox.take(atMost: 1)?.first { work() }
    }
  }

  deinit { inbox.finish() }

  /// Runs a piece of work after those that wait, and gives its result.
  /// - Throws: what `work` throws; `DatabaseError` of kind `.overloaded` when too much waits.
  package func run<T: Sendable>(_ work: @escaping @Sendable () throws -> T) async throws -> T {
    try await withCheckedThrowingContinuation { continuation in
      let refusal = inbox.send { continuation.resume(with: Result(catching: work)) }
      if refusal != nil {
        continuation.resume(throwing: DatabaseError(.overloaded, "too much waits for the disk"))
      }
    }
  }
}
