internal import JSON
internal import Scenario
internal import World

/// From where on events count and time is measured: what was done last, or the label or mark that a step names.
struct Origin {
  var at: Instant
  /// Entries with higher numbers count.
  var after = 0
  var told: Failure.Cause?
}

/// All that came to an inbox, and what became of each: what a failure tells of it.
struct Survey {
  struct Item {
    let entry: InboxEntry
    let fate: Failure.Fate
    let mismatches: [FieldMismatch]
  }

  private let mark: Mark
  private let origin: Origin
  private let deadline: Instant?
  /// In the order of arrival, with the ends of the socket and of the subscription.
  let items: [Item]

  /// - Parameters:
  ///   - takesClaimed: whether what other steps have claimed counts too.
  ///   - enough: how many may match; further ones are too many.
  init(
    _ actor: ActorClient, _ inbox: String, _ fields: [FieldMatch], at mark: Mark, _ origin: Origin, deadline: Instant?,
    takesClaimed: Bool = false, enough: Int = .max, _ lookUp: (String) -> JSON?
  ) {
    self.mark = mark
    self.origin = origin
    self.deadline = deadline
    var matched = 0
    items = actor.inboxes.trace(inbox).compactMap { traced in
      let entry = traced.entry
      guard traced.inbox == inbox else {
        if traced.inbox == Inboxes.ended, entry.data["inbox"]?.string != inbox { return nil }
        return Item(entry: entry, fate: .ending, mismatches: [])
      }
      let mismatches = fields.mismatches(in: entry.data, lookUp)
      let fate: Failure.Fate
      if let claim = traced.claimed, claim != mark, !takesClaimed {
        fate = .claimed(claim)
      } else if entry.number <= origin.after {
        fate = .early
      } else if !mismatches.isEmpty {
        fate = .unmatched
      } else if !traced.isThere, traced.claimed == nil, !takesClaimed {
        fate = .forgotten
      } else if let deadline, entry.arrived > deadline {
        fate = .late
      } else {
        matched += 1
        fate = matched > enough ? .surplus : .matched
      }
      return Item(entry: entry, fate: fate, mismatches: mismatches)
    }
  }

  /// Those of a fate that match, but for their fate.
  func matching(_ isMeant: (Failure.Fate) -> Bool) -> [Item] {
    items.filter { $0.mismatches.isEmpty && isMeant($0.fate) }
  }

  /// What came in time and was not what had to come, the nearest first.
  var misses: [Failure.Miss] {
    items.filter { $0.fate == .unmatched }
      .sorted { ($0.mismatches.count, $0.entry.number) < ($1.mismatches.count, $1.entry.number) }
      .map { Failure.Miss($0.entry.data, $0.mismatches, offset: $0.entry.arrived - origin.at) }
  }

  /// "nothing", "1 event: does not match", "3 events: 1 matches, 2 too late".
  var seen: String {
    let events = items.filter { $0.fate != .ending }
    if events.isEmpty { return "nothing" }
    var counts: [(text: String, count: Int)] = []
    for event in events {
      let text = event.fate == .surplus ? Failure.Fate.matched.text(for: mark) : event.fate.text(for: mark)
      if let index = counts.firstIndex(where: { $0.text == text }) {
        counts[index].count += 1
      } else {
        counts.append((text, 1))
      }
    }
    if events.count == 1 { return "1 event: \(counts[0].text)" }
    let plurals = ["matches": "match", "does not match": "do not match"]
    return "\(events.count) events: "
      + counts.map { "\($0.count) \($0.count == 1 ? $0.text : plurals[$0.text] ?? $0.text)" }.joined(separator: ", ")
  }

  func error(_ message: String, expected: String?, seen: String?, misses: Bool = false) -> StepError {
    .failed(failure(message, expected: expected, seen: seen, misses: misses))
  }

  func failure(_ message: String, expected: String?, seen: String?, misses: Bool) -> Failure {
    var failure = Failure(mark: mark, message: message, expected: expected, seen: seen)
    failure.cause = origin.told
    failure.deadline = deadline.map { $0 - origin.at }
    if misses { failure.misses = Array(self.misses.prefix(Failure.missLimit)) }
    failure.earlier = max(0, items.count - Failure.recentLimit)
    failure.recent = items.suffix(Failure.recentLimit).map { item in
      let errors = item.entry.errors.map { " errors: \(Shown.of($0))" } ?? ""
      return Failure.Recent(
        event: Shown.of(item.entry.data) + errors, offset: item.entry.arrived - origin.at, fate: item.fate)
    }
    return failure
  }
}
