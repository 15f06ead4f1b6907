internal import Client
internal import JSON
internal import Scenario
internal import World

/// Judges what has arrived at an actor by what a step says must, or must not, arrive.
struct Expecting {
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
    let deadline = origin.at + expectation.within
    let known = flow
    let lookUp = { @Sendable (name: String) in stage.value(of: name, in: known) }
    let entries: [InboxEntry]
    do {
      entries = try await claim(by: deadline, origin, lookUp)
      try checkOrder(of: entries, origin, lookUp)
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
        throw StepError.failed(.missing(capture, path, of: last.data, "the event"))
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
    let survey = survey(origin, deadline: nil, lookUp)
    throw survey.error(
      "\(actor.name) received \(inbox), which must never come", expected: "no event\(condition(lookUp))",
      seen: survey.seen)
  }

  private func sample(_ holds: Bool) {
    stage.around.metrics?.sample(.checks, holds)
    if !holds { stage.around.metrics?.sample(.errors, true) }
  }

  private func origin(_ flow: Flow) -> Origin {
    guard let label = expectation.since, let moment = Moment(of: label, in: flow.values) else {
      return Origin(at: flow.cause.at, told: flow.cause.told(stage))
    }
    return Origin(at: moment.at, after: moment.arrivals(at: actor.name), told: moment.told(stage))
  }

  private func survey(
    _ origin: Origin, deadline: Instant?, enough: Int = .max, _ lookUp: (String) -> JSON?
  ) -> Survey {
    Survey(
      actor, inbox, expectation.fields, at: step.verbMark, origin, deadline: deadline, enough: enough, lookUp)
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
        throw missing(by: deadline, origin, lookUp)
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

  private func checkOrder(of entries: [InboxEntry], _ origin: Origin, _ lookUp: (String) -> JSON?) throws {
    guard let order = expectation.order,
      let problem = try EventOrder.problem(of: entries, order, actor.name, inbox, lookUp)
    else { return }
    throw survey(origin, deadline: nil, lookUp).error(
      problem.message, expected: problem.expected, seen: problem.seen)
  }

  private func checkNoMore(_ origin: Origin, _ lookUp: (String) -> JSON?) async throws {
    try await fence()
    let more = matches(origin, lookUp).matching
    guard !more.isEmpty else { return }
    let survey = survey(origin, deadline: nil, enough: expectation.count, lookUp)
    throw survey.error(
      "\(actor.name) received \(inbox) \(Shown.times(expectation.count + more.count)), not exactly "
        + Shown.times(expectation.count),
      expected: "exactly \(expectation.count == 1 ? "1 event" : "\(expectation.count) events")\(condition(lookUp))",
      seen: survey.seen)
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

  private func missing(by deadline: Instant, _ origin: Origin, _ lookUp: (String) -> JSON?) -> StepError {
    let wanted = expectation.count == 1 ? "an event" : "\(expectation.count) events"
    let survey = survey(origin, deadline: deadline, lookUp)
    var failure = survey.failure(
      "\(actor.name) \(reason(survey, deadline))",
      expected: "\(wanted) within \(Shown.of(expectation.within))\(condition(lookUp))", seen: survey.seen, misses: true)
    // Where nothing came at all, the wrong thing may have been asked for.
    if survey.items.isEmpty {
      failure.details = actor.sources(of: inbox).prefix(Failure.missLimit).map {
        "\(actor.name) is subscribed to \($0)"
      }
    }
    return .failed(failure)
  }

  /// Tells apart what came too late, what came before it counted, what another step has taken, what was not quite it, and
  /// what never came.
  private func reason(_ survey: Survey, _ deadline: Instant) -> String {
    let timely = survey.matching { $0 == .matched }.count
    let late = survey.matching { $0 == .late }
    let needed = expectation.count - timely - 1
    if late.indices.contains(needed) {
      return "received \(inbox) \(Shown.of(late[needed].entry.arrived - deadline)) too late"
    }
    if timely > 0 { return "received \(inbox) \(Shown.times(timely)), not \(Shown.times(expectation.count))" }
    if let taken = survey.matching({ if case .claimed = $0 { true } else { false } }).last {
      return "received \(inbox), but it was \(taken.fate.text(for: step.verbMark)) already"
    }
    if let label = expectation.since, !survey.matching({ $0 == .early }).isEmpty {
      return "received \(inbox) before '\(label)', not after it"
    }
    if !survey.matching({ $0 == .forgotten }).isEmpty {
      return "received \(inbox), but has connected anew since"
    }
    let lost = "did not receive \(inbox)"
    let ending = survey.items.last { $0.fate == .ending }?.entry.data
    if inbox != Inboxes.closed, !actor.isConnected {
      guard !actor.hasLeft, let code = ending?["code"]?.int else { return "\(lost): no socket was open" }
      let why = ending?["reason"]?.string.map { $0.isEmpty ? "" : " (\($0))" } ?? ""
      return "\(lost): the socket was closed with code \(code)\(why)"
    }
    if let ending, ending["inbox"] != nil {
      return "\(lost): the server ended the subscription (\(OperationResponse.describe(ending)))"
    }
    let misses = survey.misses
    guard let nearest = misses.first else { return "\(lost) within \(Shown.of(expectation.within))" }
    if misses.count == 1 { return "received \(inbox), but \(nearest.verdict)" }
    return "received \(inbox) \(Shown.times(misses.count)), never as expected: in the nearest \(nearest.verdict)"
  }

  /// `" where path is 'value'"`, or nothing; several each in a line of its own.
  private func condition(_ lookUp: (String) -> JSON?) -> String {
    // What a matcher asks for is told by a match against nothing; where nothing is what it asks for, by its path.
    let parts = expectation.fields.map { field -> String in
      if case .failed(let expected, _) = field.matcher.evaluate(nil, lookUp) { return "\(field.path) is \(expected)" }
      return "\(field.path) is as it says"
    }
    let more = parts.count > Failure.fieldLimit ? ["\(parts.count - Failure.fieldLimit) more"] : []
    if parts.count == 1 { return " where \(parts[0])" }
    return parts.isEmpty
      ? "" : " where\n" + (parts.prefix(Failure.fieldLimit) + more).map { "  \($0)" }.joined(separator: "\n")
  }

  private func failure(_ message: String) -> StepError { .failed(Failure(mark: step.verbMark, message: message)) }
}
