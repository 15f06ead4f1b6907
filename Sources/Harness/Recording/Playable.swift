internal import JSON
internal import Scenario

/// Which entries of a recording can be played, and why the others cannot.
struct Playable {
  private(set) var entries: [Int] = []
  /// What is left out, and how often.
  private(set) var leftOut: [String: Int]
  private let recorder: Recorder
  /// Identities that the server has let in.
  private let known: Set<Int>

  init(_ recorder: Recorder) {
    self.recorder = recorder
    leftOut = recorder.unseen
    known = Set(
      recorder.entries.filter { entry in
        if case .connect = entry.what { return true }
        return entry.answer.map { $0["errors"] == nil } ?? false
      }.map(\.identity))
    for (index, entry) in recorder.entries.enumerated() {
      guard let reason = reason(against: entry) else {
        entries.append(index)
        continue
      }
      if entry.call != nil { leftOut[reason, default: 0] += 1 }
    }
  }

  private func reason(against entry: RecordedEntry) -> String? {
    let identity = recorder.identities[entry.identity]
    if identity.isServer { return "calls of an organization's own server" }
    if entry.isLogin { return "logins, because actors log in by themselves" }
    switch entry.what {
    case .event(let index, _), .ended(let index, _): return reason(against: recorder.entries[index])
    case .connect, .disconnect, .closed: return nil
    case .operate where entry.answer == nil: return "operations without an answer"
    case .operate(let call, _), .subscribe(let call):
      let isRefused = entry.answer?["errors"] != nil
      if call.operation.isIntrospection { return "questions about the schema" }
      if isRefused, !call.operation.isValid { return "operations that the schema does not know, and that were refused" }
      if isRefused, identity.isAnonymous || !known.contains(entry.identity) {
        return "operations that were refused to somebody without a session"
      }
      return identity.isAnonymous && call.firstSecret != nil ? "logins that came to nothing" : nil
    }
  }
}
