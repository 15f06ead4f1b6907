private import Synchronization

/// The plans of the documents seen last; the one unused for longest gives way.
final class PlanCache: Sendable {
  struct Key: Hashable, Sendable {
    let query: String
    let operationName: String?
  }

  private struct Entry {
    let key: Key
    let plan: OperationPlan
    var newer: Int
    var older: Int
  }

  /// A list linked by indices into `entries`, from newest to oldest.
  private struct State {
    var positions: [Key: Int] = [:]
    var entries: [Entry] = []
    var newest = State.none
    var oldest = State.none

    static let none = -1

    mutating func unlink(_ position: Int) {
      let entry = entries[position]
      if entry.newer == State.none { newest = entry.older } else { entries[entry.newer].older = entry.older }
      if entry.older == State.none { oldest = entry.newer } else { entries[entry.older].newer = entry.newer }
    }

    mutating func link(_ position: Int) {
      entries[position].newer = State.none
      entries[position].older = newest
      if newest == State.none { oldest = position } else { entries[newest].newer = position }
      newest = position
    }
  }

  private let capacity: Int
  private let state = Mutex(State())

  init(capacity: Int) { self.capacity = max(1, capacity) }

  func plan(for key: Key) -> OperationPlan? {
    state.withLock { state in
      guard let position = state.positions[key] else { return nil }
      if position != state.newest {
        state.unlink(position)
        state.link(position)
      }
      return state.entries[position].plan
    }
  }

  /// Keeps a plan, unless another request was faster; returns the plan that is kept.
  func keep(_ plan: OperationPlan, for key: Key) -> OperationPlan {
    state.withLock { state in
      if let position = state.positions[key] { return state.entries[position].plan }
      let entry = Entry(key: key, plan: plan, newer: State.none, older: State.none)
      let position: Int
      if state.entries.count < capacity {
        position = state.entries.count
        state.entries.append(entry)
      } else {
        position = state.oldest
        state.positions[state.entries[position].key] = nil
        state.unlink(position)
        state.entries[position] = entry
      }
      state.positions[key] = position
      state.link(position)
      return plan
    }
  }

  var count: Int { state.withLock { $0.positions.count } }
}
