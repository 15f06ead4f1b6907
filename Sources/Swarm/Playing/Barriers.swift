internal import JSON
internal import Scenario
private import Synchronization

/// The meeting points of the branches of one `parallel`. Who meets there knows afterwards what the others know.
final class Barriers: Sendable {
  private struct Point {
    var needed: Int
    /// What each branch that has come knows, by branch.
    var known: [(branch: Int, values: [String: JSON])] = []
    var waiting: [(branch: Int, continuation: CheckedContinuation<Void, Never>)] = []
  }

  private let start: [String: JSON]
  private let state: Mutex<[String: Point]>

  /// - Parameter start: what every branch knows at its beginning.
  init(_ branches: [[Step]], start: [String: JSON]) {
    self.start = start
    var points: [String: Point] = [:]
    for branch in branches {
      for step in branch {
        if let name = step.barrier { points[name, default: Point(needed: 0)].needed += 1 }
      }
    }
    state = Mutex(points)
  }

  /// Returns when as many branches have come as name the barrier.
  /// - Returns: what all of them know.
  /// - Throws: `CancellationError` when the task is cancelled meanwhile.
  func come(to name: String, branch: Int, knowing values: [String: JSON]) async throws -> [String: JSON] {
    await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let released = state.withLock { points -> [CheckedContinuation<Void, Never>] in
          guard var point = points[name], !Task.isCancelled else { return [continuation] }
          point.known.append((branch, values))
          point.waiting.append((branch, continuation))
          let isComplete = point.waiting.count >= point.needed
          let released = isComplete ? point.waiting.map(\.continuation) : []
          if isComplete { point.waiting = [] }
          points[name] = point
          return released
        }
        for continuation in released { continuation.resume() }
      }
    } onCancel: {
      let continuation = state.withLock { points -> CheckedContinuation<Void, Never>? in
        guard let index = points[name]?.waiting.firstIndex(where: { $0.branch == branch }) else { return nil }
        return points[name]?.waiting.remove(at: index).continuation
      }
      continuation?.resume()
    }
    try Task.checkCancellation()
    let known = state.withLock { $0[name]?.known ?? [] }
    return merged(known.sorted { $0.branch < $1.branch }.map(\.values))
  }

  /// What is known by somebody; where several have captured under one name, the last branch's value.
  func merged(_ all: [[String: JSON]]) -> [String: JSON] {
    var result = start
    for values in all {
      for (name, value) in values where start[name] != value { result[name] = value }
    }
    return result
  }
}
