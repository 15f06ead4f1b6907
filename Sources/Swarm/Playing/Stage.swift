internal import JSON
internal import Scenario
private import Synchronization

/// What the steps of one play share: who is there, and where the play stands.
final class Stage: Sendable {
  let around: ActorSurroundings
  private let actors: [String: ActorClient]
  /// Whether steps are written into the history; under load there would be more steps than events.
  let recordsSteps: Bool
  private let state = Mutex((current: Mark?.none, notes: [String]()))

  init(around: ActorSurroundings, actors: [ActorClient], recordsSteps: Bool) {
    self.around = around
    self.actors = Dictionary(actors.map { ($0.name, $0) }) { first, _ in first }
    self.recordsSteps = recordsSteps
  }

  func actor(_ name: String) -> ActorClient? { actors[name] }

  /// The step that began last.
  var current: Mark? { state.withLock(\.current) }

  func begin(_ mark: Mark) { state.withLock { $0.current = mark } }

  var notes: [String] { state.withLock(\.notes) }

  /// Keeps a note once.
  func note(_ text: String) {
    state.withLock { state in
      if !state.notes.contains(text) { state.notes.append(text) }
    }
  }

  /// What `${name}` stands for: a captured value, or an actor's `id`, `name` or `organization`; `actor` is whoever acts.
  func value(of name: String, in flow: Flow) -> JSON? {
    guard let dot = name.firstIndex(of: ".") else {
      if let value = flow.values[name] { return value }
      return name == "actor" ? flow.actor.map(JSON.string) : nil
    }
    let owner = String(name[..<dot])
    guard let identity = actors[owner == "actor" ? flow.actor ?? "" : owner]?.identity else { return nil }
    switch name[name.index(after: dot)...] {
    case "id": return .string(identity.userID)
    case "name": return .string(identity.name)
    case "organization": return .string(identity.organization)
    default: return nil
    }
  }
}
