internal import JSON
internal import Scenario
private import Synchronization

/// What the steps of one play share: who is there, and where the play stands.
final class Stage: Sendable {
  let around: ActorSurroundings
  private let actors: [String: ActorClient]
  /// Whether steps are written into the history; under load there would be more steps than events.
  let recordsSteps: Bool
  let feeders: [Feeder]
  /// What each step waits for.
  let gate: (any StepGate)?
  private let state = Mutex((current: Mark?.none, notes: [String]()))

  init(
    around: ActorSurroundings, actors: [ActorClient], recordsSteps: Bool, feeders: [Feeder] = [],
    gate: (any StepGate)? = nil
  ) {
    self.around = around
    self.gate = gate
    self.feeders = feeders
    self.actors = Dictionary(actors.map { ($0.name, $0) }) { first, _ in first }
    self.recordsSteps = recordsSteps
  }

  func actor(_ name: String) -> ActorClient? { actors[name] }

  /// How many things have arrived at each actor so far.
  var arrivals: [(actor: String, count: Int)] {
    actors.sorted { $0.key < $1.key }.map { (actor: $0.key, count: $0.value.inboxes.arrivals) }
  }

  /// Nothing that a person sees may hold these.
  var tokens: [String] { actors.values.map(\.identity.token) }

  /// What nobody has taken, by actor and inbox.
  var inboxes: [(actor: String, inbox: String, entries: [InboxEntry])] {
    actors.sorted { $0.key < $1.key }.flatMap { name, actor in
      actor.inboxes.names.map { (actor: name, inbox: $0, entries: actor.inboxes.unclaimed($0).entries) }
    }
  }

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

  /// Says that time alone has decided what a fence would have shown.
  func noteWeakness(of verb: String, _ step: Step) {
    guard !around.system.fences else { return }
    note(
      "\(step.verbMark): '\(verb)' was judged after a quiet time of \(Shown.of(ActorClient.settling)), without a fence")
  }

  /// What `${name}` stands for: a captured value, or an actor's `id`, `name` or `organization`; `actor` is whoever acts.
  func value(of name: String, in flow: Flow) -> JSON? {
    guard let dot = name.firstIndex(of: ".") else {
      if let value = flow.values[name] { return value }
      return name == "actor" ? flow.actor.map(JSON.string) : nil
    }
    let owner = String(name[..<dot])
    // The row of a feeder.
    if let value = flow.values[name] { return value }
    guard let identity = actors[owner == "actor" ? flow.actor ?? "" : flow.aliases[owner] ?? owner]?.identity else {
      return nil
    }
    switch name[name.index(after: dot)...] {
    case "id": return .string(identity.userID)
    case "name": return .string(identity.name)
    case "organization": return .string(identity.organization)
    default: return nil
    }
  }
}
