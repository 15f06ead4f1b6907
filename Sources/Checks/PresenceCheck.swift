internal import History
internal import JSON
internal import Scenario

/// "Presence converges": at the last fence of every observer, those it has been told are on the page are those who are.
/// On the way nobody leaves who was not there, and nobody joins twice.
func presenceConverges(_ trace: Trace, _ rule: PresenceRule?) -> CheckResult {
  var result = CheckResult("presence-converges")
  guard let rule else { return result }
  let truth = PresenceTruth(trace, rule)
  for subscription in trace.subscriptions where subscription.action == rule.event {
    guard subscription.confirmed != nil, let page = subscription.variables[rule.pageVariable],
      let fence = trace.finalFence(of: subscription)
    else { continue }
    var view = PresenceView()
    for position in subscription.arrivals where position < fence.position {
      view.take(trace.arrival(position).data, at: position, rule, observer: subscription.actor, into: &result)
    }
    guard view.hasSnapshot else {
      result.examined += 1
      result.add(
        "\(subscription.actor) was never told who is on page \(page)", events: [subscription.opened, fence.position])
      continue
    }
    for user in truth.users {
      let state = truth.state(of: user, on: page, asked: fence.asked, before: fence.position)
      guard state.presence != .uncertain else { continue }
      result.examined += 1
      let sees = view.present[user]
      if state.presence == .present, sees == nil {
        result.add(
          "\(subscription.actor) does not see \(truth.name(user)) on page \(page), who is there",
          events: state.evidence + [fence.position])
      } else if state.presence == .absent, let sees {
        result.add(
          "\(subscription.actor) still sees \(truth.name(user)) on page \(page), who is not there",
          events: (state.evidence + [sees, fence.position]).sorted())
      }
    }
  }
  return result
}

/// Who an observer has been told is there.
private struct PresenceView {
  var hasSnapshot = false
  /// User to the event that told it.
  var present: [String: Int] = [:]

  mutating func take(
    _ data: JSON, at position: Int, _ rule: PresenceRule, observer: String, into result: inout CheckResult
  ) {
    guard let kind = data.values(along: rule.kind).first?.string else { return }
    switch kind {
    case rule.snapshotKind:
      hasSnapshot = true
      present = [:]
      for user in data.values(along: rule.snapshotList + rule.snapshotUser) {
        if let user = user.string { present[user] = position }
      }
    case rule.joinedKind:
      guard let user = data.values(along: rule.user).first?.string else { return }
      result.examined += 1
      if let earlier = present.updateValue(position, forKey: user) {
        result.add("\(observer) was told twice that \(user) joined", events: [earlier, position])
      }
    case rule.leftKind:
      guard let user = data.values(along: rule.user).first?.string else { return }
      result.examined += 1
      if present.removeValue(forKey: user) == nil {
        result.add("\(observer) was told that \(user) left, who was not there", events: [position])
      }
    default: break
    }
  }
}

/// Who truly is where, as far as the actors' own doings tell.
private struct PresenceTruth {
  enum Presence { case present, absent, uncertain }

  /// A server notices the end of a connection some time after its client: this long, in nanoseconds, nobody can say.
  static let graceAfterClose: Int64 = 1_000_000_000

  private struct Change {
    enum What { case entered, left, closed, silenced }
    let what: What
    /// `nil` for what concerns every page.
    let page: JSON?
    let begun: Int
    /// `nil` when it is not known whether it happened.
    let done: Int?
  }

  private let trace: Trace
  private var changes: [String: [Change]] = [:]
  /// Users in the order they first logged in, with their actors.
  private(set) var users: [String] = []
  private var actors: [String: [String]] = [:]

  init(_ trace: Trace, _ rule: PresenceRule) {
    self.trace = trace
    for actor in trace.actors {
      guard let user = trace.people[actor]?.user else { continue }
      if actors[user] == nil { users.append(user) }
      actors[user, default: []].append(actor)
      for position in trace.connectionEvents[actor] ?? [] {
        switch trace.events[position].what {
        case .closed: add(actor, Change(what: .closed, page: nil, begun: position, done: position))
        case .silenced: add(actor, Change(what: .silenced, page: nil, begun: position, done: position))
        default: break
        }
      }
    }
    for operation in trace.operations where operation.action == rule.enter || operation.action == rule.leave {
      let entered = operation.action == rule.enter
      let what = entered ? Change.What.entered : .left
      switch operation.outcome {
      case .failed: continue
      case .ok(let data):
        let page = data.values(along: entered ? rule.enteredPage : rule.leftPage).first
        // A leave that does not tell its page had nothing to end.
        guard let page else { continue }
        add(operation.actor, Change(what: what, page: page, begun: operation.invoked, done: operation.completed))
      case .open: add(operation.actor, Change(what: what, page: nil, begun: operation.invoked, done: nil))
      }
    }
    for actor in trace.actors {
      changes[actor]?.sort { ($0.done ?? $0.begun, $0.begun) < ($1.done ?? $1.begun, $1.begun) }
    }
  }

  private mutating func add(_ actor: String, _ change: Change) { changes[actor, default: []].append(change) }

  func name(_ user: String) -> String { actors[user]?.first ?? user }

  /// What a fence that was asked for at `asked` and came at position `end` must have shown.
  func state(of user: String, on page: JSON, asked: Int64, before end: Int) -> (presence: Presence, evidence: [Int]) {
    var combined = Presence.absent
    var evidence: [Int] = []
    for actor in actors[user] ?? [] {
      let (presence, proof) = state(ofActor: actor, on: page, asked: asked, before: end)
      evidence += proof
      switch (combined, presence) {
      case (.present, _), (_, .present): combined = .present
      case (.uncertain, _), (_, .uncertain): combined = .uncertain
      case (.absent, .absent): break
      }
    }
    return (combined, evidence.sorted())
  }

  private func state(
    ofActor actor: String, on page: JSON, asked: Int64, before end: Int
  ) -> (presence: Presence, evidence: [Int]) {
    var presence = Presence.absent
    var evidence: [Int] = []
    var last = -1
    for change in changes[actor] ?? [] where change.begun < end {
      if let other = change.page, other != page { continue }
      let isSettled = change.done.map { $0 < end && trace.events[$0].time <= asked } ?? false
      switch change.what {
      case .entered, .left:
        let target: Presence = change.what == .entered ? .present : .absent
        // Two at once may have happened in either order.
        if isSettled, change.begun > last {
          presence = target
        } else if presence != target {
          presence = .uncertain
        }
      case .closed:
        let isNoticed =
          trace.events[change.begun].time.addingReportingOverflow(Self.graceAfterClose).partialValue <= asked
        if isNoticed { presence = .absent } else if presence == .present { presence = .uncertain }
      case .silenced:
        if presence == .present { presence = .uncertain }
      }
      last = max(last, change.done ?? end)
      evidence.append(change.begun)
    }
    return (presence, evidence)
  }
}
