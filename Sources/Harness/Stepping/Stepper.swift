internal import Scenario
package import Swarm
private import Synchronization
internal import World

/// Takes a play step by step as somebody at a terminal says.
package final class Stepper: StepGate {
  private static let help = "Enter or n: next step · c: the rest at once · v: values · i: inboxes · q: end\n"

  private struct State {
    var isBusy = false
    var waiting: [CheckedContinuation<Void, Never>] = []
    var goesOn = false
    var hasQuit = false
    var hasHelped = false
  }

  private let read: @Sendable () async -> String?
  private let write: @Sendable (String) -> Void
  private let state = Mutex(State())
  /// The time of everything that is played; it stands still while a step waits.
  let clock = HaltingClock(LiveClock())

  /// - Parameters:
  ///   - read: gives the next line; `nil` when there are no more, or the task is cancelled.
  ///   - write: shows text.
  package init(
    read: @escaping @Sendable () async -> String?, write: @escaping @Sendable (String) -> Void
  ) {
    self.read = read
    self.write = write
  }

  /// Whether the play was ended before its end.
  var hasQuit: Bool { state.withLock(\.hasQuit) }

  package func pass(_ stop: StepStop) async throws {
    await enter()
    defer { leave() }
    let (goesOn, hasQuit) = state.withLock { ($0.goesOn, $0.hasQuit) }
    if hasQuit { throw CancellationError() }
    if goesOn { return }
    clock.halt()
    defer { clock.resume() }
    try await ask(stop)
  }

  private func ask(_ stop: StepStop) async throws {
    let who = stop.actors.isEmpty ? "" : "\(stop.actors.joined(separator: ", ")): "
    let isFirst = state.withLock { state in
      defer { state.hasHelped = true }
      return !state.hasHelped
    }
    write("\(isFirst ? Self.help : "")\(stop.mark.file):\(stop.mark.line)  \(who)\(stop.text)\n")
    while true {
      write("> ")
      let line = await read()
      try Task.checkCancellation()
      switch line?.filter({ !$0.isWhitespace }).lowercased() {
      case "", "n": return
      case "c": return state.withLock { $0.goesOn = true }
      case "v": write(list(stop.values.map { "\($0.name) = \($0.value)" }, or: "nothing was captured yet"))
      case "i":
        let lines = stop.inboxes.flatMap { inbox in
          ["\(inbox.actor) \(inbox.inbox): \(inbox.events.count)"] + inbox.events.map { "  \($0)" }
        }
        write(list(lines, or: "no inbox is open"))
      case nil, "q":
        state.withLock { $0.hasQuit = true }
        throw CancellationError()
      default: write(Self.help)
      }
    }
  }

  private func list(_ lines: [String], or nothing: String) -> String {
    (lines.isEmpty ? [nothing] : lines).map { "  \($0)\n" }.joined()
  }

  /// Branches that run at the same time ask one after the other.
  private func enter() async {
    await withCheckedContinuation { continuation in
      let isFree = state.withLock { state in
        if state.isBusy {
          state.waiting.append(continuation)
          return false
        }
        state.isBusy = true
        return true
      }
      if isFree { continuation.resume() }
    }
  }

  private func leave() {
    let next = state.withLock { state -> CheckedContinuation<Void, Never>? in
      guard state.waiting.isEmpty else { return state.waiting.removeFirst() }
      state.isBusy = false
      return nil
    }
    next?.resume()
  }
}
