/// Branches of `parallel` are walked through until each waits or has ended; what waits then waits for ever. A branch comes to
/// a barrier once at most and nothing in it is conditional, so that no order in which branches run has another end.
extension FlowChecker {
  struct Branch {
    var rest: ArraySlice<Step>
    var state: FlowState
    var waiting: (name: String, mark: Mark)?
    var passed: Set<String> = []
  }

  func parallel(_ branches: [[Step]], _ state: inout FlowState, _ scope: FlowScope) {
    let participants = participants(branches)
    let start = state
    var scope = scope
    scope.isBranch = true
    var running = branches.map { Branch(rest: $0[...], state: start) }
    while true {
      for index in running.indices where running[index].waiting == nil { advance(&running[index], scope) }
      var opened = false
      for (name, members) in participants where members.allSatisfy({ running[$0].waiting?.name == name }) {
        let merged = start.merged(members.map { running[$0].state })
        for member in members {
          running[member].state = merged
          running[member].waiting = nil
        }
        opened = true
      }
      if !opened { break }
    }
    let stuck = running.compactMap(\.waiting)
    for wait in stuck where participants.contains(where: { $0.name == wait.name && $0.members.count > 1 }) {
      let others = stuck.filter { $0.name != wait.name }.map { "'\($0.name)' at line \($0.mark.line)" }
      let reason = others.isEmpty ? "" : ", because another branch waits for \(others.joined(separator: ", "))"
      report.error(.deadlock, at: wait.mark, "The barrier '\(wait.name)' never opens\(reason).")
    }
    // What stands behind a barrier that never opens is looked at all the same.
    for index in running.indices where running[index].waiting != nil {
      for step in running[index].rest {
        if step.barrier != nil { continue }
        walk(step, &running[index].state, scope)
      }
    }
    state = start.merged(running.map(\.state))
  }

  func advance(_ branch: inout Branch, _ scope: FlowScope) {
    while let step = branch.rest.first {
      branch.rest = branch.rest.dropFirst()
      if let name = step.barrier {
        // What `always … until` asks is asked before the barrier opens.
        if case .poll = step.verb { walk(step, &branch.state, scope) }
        guard branch.passed.insert(name).inserted else { continue }
        branch.waiting = (name, step.verbMark)
        return
      }
      walk(step, &branch.state, scope)
    }
  }

  /// Which branches name each barrier, in the order of the file.
  func participants(_ branches: [[Step]]) -> [(name: String, members: [Int])] {
    var result: [(name: String, members: [Int])] = []
    var marks: [String: Mark] = [:]
    for (index, branch) in branches.enumerated() {
      for step in branch {
        guard let name = step.barrier else { continue }
        guard let known = result.firstIndex(where: { $0.name == name }) else {
          result.append((name, [index]))
          marks[name] = step.verbMark
          continue
        }
        if result[known].members.contains(index) {
          report.error(.duplicateName, at: step.verbMark, "A branch comes to the barrier '\(name)' only once.")
        } else {
          result[known].members.append(index)
        }
      }
    }
    for barrier in result where barrier.members.count < 2 {
      guard let mark = marks[barrier.name] else { continue }
      let hint = Suggestion.nearest(to: barrier.name, among: result.map(\.name).filter { $0 != barrier.name })
      report.error(
        .lonelyBarrier, at: mark,
        "Only one branch names the barrier '\(barrier.name)'." + (hint.map { " Did you mean '\($0)'?" } ?? ""))
    }
    return result
  }
}
