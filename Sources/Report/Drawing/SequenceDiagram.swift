internal import History
internal import JSON
internal import Scenario
internal import Swarm

/// Who did and saw what around a failure, made from the history: what a drawing and a table show.
package struct SequenceDiagram: Sendable {
  /// The most lines, and the most actors beside the server.
  static let rowLimit = 60
  static let actorLimit = 8
  /// Lines that are kept before and after what matters, when not all can be.
  private static let before = 4
  private static let after = 8

  enum Kind: String, Sendable {
    case request, response, refusal, event, control, ending, failure, gap
  }

  enum Emphasis: String, Sendable { case cause, evidence }

  struct Row: Sendable {
    var kind: Kind
    /// Nanoseconds since the history began.
    var time: Int64
    /// The place of its actor among ``SequenceDiagram/actors``; `nil` for a gap.
    var actor: Int?
    var label: String
    var detail: String
    var emphasis: Emphasis?
  }

  private(set) var actors: [String] = []
  private(set) var rows: [Row] = []
  /// Actors that did something then and have no place.
  private(set) var hidden = 0

  /// - Parameters:
  ///   - evidence: positions of events that prove a finding.
  ///   - bystanders: whether actors are shown that have no part in it; of a load's there are too many.
  /// - Returns: `nil` where the history holds nothing to show.
  init?(_ history: History, _ failure: Failure, evidence: [Int] = [], bystanders: Bool = true) {
    let texts = EventText(history)
    let proof = evidence.last.flatMap { history.events.indices.contains($0) ? history.events[$0] : nil }
    let end = proof?.time ?? failure.time?.nanosecondsOfHistory ?? .max
    var found: [(actor: String, row: Row)] = []
    var names: [String] = []
    let cause = failure.cause
    var isCaused = false
    var isKnown: Set<String> = []
    for (position, event) in history.events.enumerated() {
      if event.time > end { break }
      guard var row = Self.row(event, texts) else { continue }
      if evidence.contains(position) { row.emphasis = .evidence }
      if let cause, !isCaused, cause.actor == event.actor, event.time >= cause.time.nanosecondsOfHistory {
        isCaused = true
        row.emphasis = .cause
      }
      found.append((event.actor, row))
      if isKnown.insert(event.actor).inserted { names.append(event.actor) }
    }
    guard !found.isEmpty else { return nil }
    let blamed = failure.actor ?? proof?.actor ?? found.last?.actor ?? ""
    let due = failure.deadline.flatMap { limit in cause.map { ($0.time + limit).nanosecondsOfHistory } } ?? end
    let time = min(due, end == .max ? found.last?.row.time ?? 0 : end)
    let awaited = failure.expected.map { "expected \($0)" } ?? failure.mark.description
    let verdict = Row(kind: .failure, time: time, actor: nil, label: failure.message, detail: awaited)
    let place = found.firstIndex { $0.row.time > time } ?? found.count
    found.insert((blamed, verdict), at: place)

    // Those that matter first, so that they have a place; then all in the order in which they came.
    let involved = [blamed, cause?.actor].compactMap(\.self) + found.filter { $0.row.emphasis != nil }.map(\.actor)
    var chosen: [String] = []
    for name in involved + (bystanders ? names : []) where chosen.count < Self.actorLimit && !chosen.contains(name) {
      chosen.append(name)
    }
    hidden = names.count { !chosen.contains($0) }
    found.removeAll { !chosen.contains($0.actor) }
    let kept = Self.kept(
      found.count, focus: found.indices.filter { found[$0].row.emphasis != nil || found[$0].row.kind == .failure })
    if !isKnown.contains(blamed) { names.append(blamed) }
    actors = names.filter { name in kept.contains { found[$0].actor == name } }
    var last = -1
    for index in kept {
      if index > last + 1 { rows.append(Self.gap(of: index - last - 1, at: found[index].row.time)) }
      var row = found[index].row
      row.actor = actors.firstIndex(of: found[index].actor)
      rows.append(row)
      last = index
    }
    if last + 1 < found.count { rows.append(Self.gap(of: found.count - last - 1, at: found[last].row.time)) }
  }

  /// All, or what stands around what matters and then the latest.
  private static func kept(_ count: Int, focus: [Int]) -> [Int] {
    if count <= rowLimit { return Array(0..<count) }
    var kept: Set<Int> = []
    for place in focus where kept.count <= rowLimit - before - after {
      kept.formUnion(max(0, place - before)..<min(count, place + after))
    }
    for place in (0..<count).reversed() where kept.count < rowLimit { kept.insert(place) }
    return kept.sorted()
  }

  private static func gap(of count: Int, at time: Int64) -> Row {
    Row(kind: .gap, time: time, label: "", detail: "\(plural(count, "event")) left out")
  }

  private static func given(_ variables: JSON, _ texts: EventText) -> String {
    variables == [:] ? "" : texts.short(variables)
  }

  private static func row(_ event: HistoryEvent, _ texts: EventText) -> Row? {
    func row(_ kind: Kind, _ label: String, _ detail: String = "") -> Row {
      Row(kind: kind, time: event.time, label: label, detail: detail)
    }
    switch event.what {
    case .login, .scenario, .step: return nil
    case .connected: return row(.control, "connected")
    case .closed(let code, let reason, let initiated):
      return row(.ending, initiated ? "left" : "closed \(code)", initiated ? "" : reason)
    case .silenced: return row(.ending, "fell silent")
    case .subscribe(_, let action, let variables):
      return row(.request, "subscribe \(action)", Self.given(variables, texts))
    case .subscribed(let id): return row(.response, "\(texts.name(id)) is live")
    case .unsubscribed(let id, let errors):
      return row(
        errors.isNull ? .response : .refusal, "\(texts.name(id)) ended", errors.isNull ? "" : texts.short(errors))
    case .invoke(_, let action, _, let variables, _): return row(.request, action, Self.given(variables, texts))
    case .ok(let id, let data): return row(.response, "\(texts.name(id)) ok", texts.short(data))
    case .fail(let id, let errors): return row(.refusal, "\(texts.name(id)) refused", texts.short(errors))
    case .unknown(let id, let reason): return row(.refusal, "\(texts.name(id)) unknown", reason)
    case .event(let id, let data, _): return row(.event, texts.name(id), texts.short(data))
    case .fence: return row(.control, "fence")
    }
  }
}

extension Duration {
  /// As histories count.
  fileprivate var nanosecondsOfHistory: Int64 {
    let (seconds, attoseconds) = components
    return seconds * 1_000_000_000 + attoseconds / 1_000_000_000
  }
}
