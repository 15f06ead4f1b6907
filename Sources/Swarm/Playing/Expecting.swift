internal import Client
internal import JSON
internal import Scenario
internal import World

/// Judges what has arrived at an actor by what a step says must, or must not, arrive.
struct Expecting {
  /// Entries that a failure shows.
  private static let shownEntries = 5

  let stage: Stage
  let step: Step
  let actor: ActorClient
  let expectation: Expectation

  private var world: World { stage.around.world }
  private var inbox: String { expectation.inbox }

  /// Waits for what must come, and with `exactly` for a fence that shows that no more does.
  func expect(_ flow: inout Flow) async throws {
    guard actor.inboxes.has(inbox) else { throw failure("\(actor.name) has no inbox '\(inbox)'") }
    let origin = self.origin(flow)
    let deadline = origin.cause + expectation.within
    let known = flow
    let lookUp = { @Sendable (name: String) in stage.value(of: name, in: known) }
    let entries: [InboxEntry]
    do {
      entries = try await claim(by: deadline, origin, lookUp)
      try checkOrder(of: entries, lookUp)
      if expectation.exactly {
        try await checkNoMore(origin, lookUp)
        stage.noteWeakness(of: "exactly", step)
      }
    } catch {
      sample(false)
      throw error
    }
    sample(true)
    guard let last = entries.last else { return }
    for capture in expectation.captures {
      guard case .path(let path) = capture.source else {
        if case .template(let template) = capture.source { flow.values[capture.name] = try template.resolved(lookUp) }
        continue
      }
      guard let value = path.value(in: last.data) else {
        throw StepError.failed(
          Failure(
            mark: capture.mark, message: "'\(capture.name)' cannot be captured: the event has no '\(path)'",
            seen: Shown.of(last.data)))
      }
      flow.values[capture.name] = value
    }
  }

  /// After a fence nothing that matches may have come.
  func never(_ flow: Flow) async throws {
    guard actor.inboxes.has(inbox) else { throw failure("\(actor.name) has no inbox '\(inbox)'") }
    let lookUp = { @Sendable (name: String) in stage.value(of: name, in: flow) }
    let origin = self.origin(flow)
    try await fence()
    stage.noteWeakness(of: "never", step)
    let matching = matches(origin, lookUp).matching
    sample(matching.isEmpty)
    guard !matching.isEmpty else { return }
    throw failure(
      "\(actor.name) received \(inbox), which must never come", expected: "no event\(condition(lookUp))",
      seen: "\(matching.count)", details: matching.prefix(Self.shownEntries).map { line($0, origin) })
  }

  private func sample(_ holds: Bool) {
    stage.around.metrics?.sample(.checks, holds)
    if !holds { stage.around.metrics?.sample(.errors, true) }
  }

  /// From where on events count and time is measured: the last action of the flow, or the label or mark that the step names.
  private struct Origin {
    var cause: Instant
    /// Entries with higher numbers count.
    var after = 0
    var name = "the last action"
  }

  private func origin(_ flow: Flow) -> Origin {
    guard let label = expectation.since, let moment = Moment(of: label, in: flow.values) else {
      return Origin(cause: flow.cause)
    }
    return Origin(cause: moment.at, after: moment.arrivals(at: actor.name), name: "'\(label)'")
  }

  /// The earliest entries that match, once there are enough of them, all of which came in time.
  private func claim(
    by deadline: Instant, _ origin: Origin, _ lookUp: @Sendable (String) -> JSON?
  ) async throws -> [InboxEntry] {
    while true {
      let (matching, arrivals) = matches(origin, lookUp)
      let timely = matching.filter { $0.arrived <= deadline }
      if timely.count >= expectation.count {
        let chosen = Array(timely.prefix(expectation.count))
        // Another branch of the same actor may have been faster.
        if actor.inboxes.claim(inbox, chosen, at: step.verbMark) { return chosen }
        continue
      }
      let remaining = deadline - world.clock.now
      if remaining <= .zero {
        // Whether it is late or lost, a fence tells; under load there are others to look after.
        if stage.recordsSteps, inbox != Inboxes.closed { try? await fence() }
        try Task.checkCancellation()
        throw missing(timely.count, by: deadline, origin, lookUp)
      }
      do {
        try await world.withTimeout(remaining) { [inboxes = actor.inboxes] in
          await inboxes.waitForArrival(after: arrivals)
          try Task.checkCancellation()
        }
      } catch is TimedOut {}
      try Task.checkCancellation()
    }
  }

  private func matches(_ origin: Origin, _ lookUp: (String) -> JSON?) -> (matching: [InboxEntry], arrivals: Int) {
    let (entries, discarded, arrivals) = actor.inboxes.unclaimed(inbox)
    if discarded > 0 { stage.note("\(actor.name)'s inbox '\(inbox)' was full; its oldest entries gave way") }
    let counted = entries.filter { $0.number > origin.after }
    return (counted.filter { expectation.fields.mismatches(in: $0.data, lookUp).isEmpty }, arrivals)
  }

  private func checkOrder(of entries: [InboxEntry], _ lookUp: (String) -> JSON?) throws {
    guard let order = expectation.order,
      let problem = try EventOrder.problem(of: entries, order, actor.name, inbox, lookUp)
    else { return }
    throw failure(problem.message, expected: problem.expected, seen: problem.seen)
  }

  private func checkNoMore(_ origin: Origin, _ lookUp: (String) -> JSON?) async throws {
    try await fence()
    let more = matches(origin, lookUp).matching
    guard !more.isEmpty else { return }
    throw failure(
      "\(actor.name) received \(inbox) more often than it had to",
      expected: "exactly \(expectation.count)\(condition(lookUp))", seen: "\(expectation.count + more.count)",
      details: more.prefix(Self.shownEntries).map { line($0, origin) })
  }

  /// What can still come has come; an actor that has left receives no more.
  private func fence() async throws {
    if actor.hasLeft || (inbox == Inboxes.closed && !actor.isConnected) { return }
    do { try await actor.fence() } catch {
      // A socket that ends while it is asked whether it ended has answered.
      if inbox == Inboxes.closed, !actor.isConnected { return }
      if error is CancellationError || (error as? ClientError)?.kind == .cancelled { throw CancellationError() }
      let reason = ActorError.describe(error, actor.name)
      throw failure("It cannot be decided what \(actor.name) still receives: \(reason)")
    }
  }

  /// Tells apart what came too late, what came before it counted, what another step has taken, and what never came.
  private func missing(_ count: Int, by deadline: Instant, _ origin: Origin, _ lookUp: (String) -> JSON?) -> StepError {
    let wanted = expectation.count == 1 ? "an event" : "\(expectation.count) events"
    let matching = matches(origin, lookUp).matching
    let late = matching.filter { $0.arrived > deadline }
    let entries = actor.inboxes.unclaimed(inbox).entries
    var seen = "\(count) of \(expectation.count)"
    if !late.isEmpty { seen += ", and \(late.count) too late" }
    if count == 0, late.isEmpty { seen = entries.isEmpty ? "nothing" : "\(entries.count) that do not match" }
    let (log, claims) = actor.inboxes.log(inbox)
    let fitting = log.filter { expectation.fields.mismatches(in: $0.data, lookUp).isEmpty }
    let taken = fitting.filter { claims[$0.number] != nil && $0.number > origin.after }
    if !taken.isEmpty {
      let lines = Set(taken.compactMap { claims[$0.number]?.line }).sorted().map(String.init).joined(separator: ", ")
      seen += "; \(taken.count) that \(taken.count == 1 ? "matches was" : "match were") taken by line \(lines)"
    }
    let before = fitting.count { $0.number <= origin.after }
    if before > 0 { seen += "; \(before) that \(before == 1 ? "matches" : "match") came before \(origin.name)" }
    if inbox != Inboxes.closed, !actor.isConnected { seen += "; the socket is closed" }
    let misses = entries.filter { $0.number > origin.after }.map { entry in
      (entry: entry, fields: expectation.fields.mismatches(in: entry.data, lookUp))
    }
    let nearest = misses.filter { !$0.fields.isEmpty }.sorted { left, right in
      (left.fields.count, left.entry.number) < (right.fields.count, right.entry.number)
    }
    var details: [String] = []
    for miss in nearest.prefix(Self.shownEntries) {
      details.append(line(miss.entry, origin))
      details += miss.fields.map { "  \($0.explanation)" }
    }
    let others = misses.filter(\.fields.isEmpty).map(\.entry)
    details += others.suffix(Self.shownEntries).map { line($0, origin) }
    let isLate = !late.isEmpty && count + late.count >= expectation.count
    return failure(
      "\(actor.name) \(isLate ? "received \(inbox) too late" : "did not receive \(inbox)")",
      expected: "\(wanted)\(condition(lookUp)) within \(Shown.of(expectation.within))", seen: seen, details: details)
  }

  /// `" where path is 'value'"`, or nothing.
  private func condition(_ lookUp: (String) -> JSON?) -> String {
    // What a matcher asks for is told by a match against nothing; where nothing is what it asks for, by its path.
    let parts = expectation.fields.map { field -> String in
      if case .failed(let expected, _) = field.matcher.evaluate(nil, lookUp) { return "\(field.path) is \(expected)" }
      return "\(field.path) is as it says"
    }
    return parts.isEmpty ? "" : " where " + parts.joined(separator: " and ")
  }

  private func line(_ entry: InboxEntry, _ origin: Origin) -> String {
    let offset = entry.arrived - origin.cause
    let when = offset < .zero ? "\(Shown.of(.zero - offset)) before" : "\(Shown.of(offset)) after"
    let errors = entry.errors.map { " errors: \(Shown.of($0))" } ?? ""
    return "\(when) \(origin.name): \(Shown.of(entry.data))\(errors)"
  }

  private func failure(
    _ message: String, expected: String? = nil, seen: String? = nil, details: [String] = []
  ) -> StepError {
    .failed(Failure(mark: step.verbMark, message: message, expected: expected, seen: seen, details: details))
  }
}
