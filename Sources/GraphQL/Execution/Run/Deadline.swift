internal import Synchronization
internal import World

/// Ends a request that takes too long: cancels its resolvers, and lets the response say why.
final class Deadline: Sendable {
  private let allowed: Duration
  private let over = Atomic<Bool>(false)

  init(after allowed: Duration) { self.allowed = allowed }

  /// What a field that was cancelled says.
  var fault: GraphQLFault {
    guard over.load(ordering: .relaxed) else { return .cancelled }
    return GraphQLFault("The operation took longer than \(allowed).", code: "TIMEOUT")
  }

  /// Runs `operation` and cancels its task when the time is over; it is awaited all the same, because resolvers are only
  /// asked to stop.
  func limit(
    by clock: any WorldClock, _ operation: @escaping @Sendable () async -> GraphQLResult
  ) async -> GraphQLResult? {
    let end = clock.now + allowed
    return await withTaskGroup(of: GraphQLResult?.self) { group in
      group.addTask {
        try? await clock.sleep(until: end)
        return nil
      }
      group.addImmediateTask { await operation() }
      while let finished = await group.next() {
        if let result = finished {
          group.cancelAll()
          return result
        }
        // The sleep also ends early when the request itself is cancelled.
        if clock.now >= end { over.store(true, ordering: .relaxed) }
        group.cancelAll()
      }
      return nil
    }
  }
}
