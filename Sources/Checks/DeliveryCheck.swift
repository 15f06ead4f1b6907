internal import History
internal import JSON
internal import Scenario

/// "Delivered exactly once": a mutation that succeeded is shown once by every subscription it concerns that was confirmed
/// live before the mutation was invoked and lived until a fence that was asked for after it had succeeded. Whatever the
/// subscription's state, nothing is shown twice, to somebody it does not concern, or when it was refused; and no cursor
/// comes twice.
func deliveredExactlyOnce(_ trace: Trace, _ rules: [DeliveryRule]) -> CheckResult {
  var result = CheckResult("delivered-exactly-once")
  for stream in DeliveryStream.all(of: rules) {
    stream.judge(trace, into: &result)
  }
  judgeCursors(trace, into: &result)
  return result
}

private func judgeCursors(_ trace: Trace, into result: inout CheckResult) {
  for subscription in trace.subscriptions {
    var seen: [JSON: Int] = [:]
    for position in subscription.arrivals {
      guard let cursor = trace.arrival(position).extensions["cursor"], !cursor.isNull else { continue }
      if let earlier = seen.updateValue(position, forKey: cursor) {
        result.add(
          "\(subscription.actor) received cursor \(cursor) twice on \(subscription.action)",
          events: [earlier, position])
      }
    }
  }
}

/// The rules whose events are the same things: one subscription action, one way to tell them apart.
private struct DeliveryStream {
  let event: String
  var rules: [DeliveryRule]

  static func all(of rules: [DeliveryRule]) -> [DeliveryStream] {
    var streams: [DeliveryStream] = []
    for rule in rules {
      if let index = streams.firstIndex(where: { $0.event == rule.event && $0.rules.first?.eventID == rule.eventID }) {
        streams[index].rules.append(rule)
      } else {
        streams.append(DeliveryStream(event: rule.event, rules: [rule]))
      }
    }
    return streams
  }

  /// One thing that was made, by an operation and its retries.
  private struct Cause {
    let rule: DeliveryRule
    let id: JSON
    let operation: Trace.Operation
    /// The first attempt's position.
    var invoked: Int
    let conditions: [JSON?]
    let recipients: Set<JSON>?

    func concerns(_ subscription: Trace.Subscription, of user: String?) -> Bool {
      for (pair, value) in zip(rule.when, conditions) {
        guard let value, subscription.variables[pair.variable] == value else { return false }
      }
      guard let recipients else { return true }
      return user.map { recipients.contains(.string($0)) } ?? false
    }

    /// Without a response nobody can say whom it concerns.
    func mayConcern(_ subscription: Trace.Subscription, of user: String?) -> Bool {
      if operation.hasFailed { return false }
      return !operation.isOK || concerns(subscription, of: user)
    }
  }

  func judge(_ trace: Trace, into result: inout CheckResult) {
    let subscriptions = trace.subscriptions.filter { $0.action == event }
    let causes = causes(in: trace)
    var causesByID: [JSON: [Int]] = [:]
    for (index, cause) in causes.enumerated() { causesByID[cause.id, default: []].append(index) }

    var shown: [Int: [JSON: Int]] = [:]
    for subscription in subscriptions {
      var firsts: [JSON: Int] = [:]
      for position in subscription.arrivals {
        guard let id = rules.first?.identity(shownBy: trace.arrival(position).data) else { continue }
        result.examined += 1
        let explained = causesByID[id, default: []].map { causes[$0] }
        let mark = explained.first?.operation.mark
        if let earlier = firsts[id] {
          result.add(
            "\(subscription.actor) received \(event) \(id) twice", events: [earlier, position], mark: mark)
          continue
        }
        firsts[id] = position
        guard let cause = explained.first else { continue }
        let user = trace.people[subscription.actor]?.user
        if explained.allSatisfy({ $0.operation.hasFailed }) {
          result.add(
            "\(subscription.actor) received \(event) \(id), but its cause \(cause.rule.cause) was refused",
            events: [cause.operation.invoked, position], mark: mark)
        } else if !explained.contains(where: { $0.mayConcern(subscription, of: user) }) {
          result.add(
            "\(subscription.actor) received \(event) \(id), which does not concern this subscription",
            events: [subscription.opened, cause.operation.invoked, position], mark: mark)
        }
      }
      shown[subscription.id] = firsts
    }
    judgeDue(trace, subscriptions, causes, shown, into: &result)
  }

  /// What was due and did not come.
  private func judgeDue(
    _ trace: Trace, _ subscriptions: [Trace.Subscription], _ causes: [Cause], _ shown: [Int: [JSON: Int]],
    into result: inout CheckResult
  ) {
    var candidates = Candidates(trace, subscriptions)
    let fences = subscriptions.map { trace.finalFence(of: $0) }
    for cause in causes where cause.operation.isOK {
      guard let completed = cause.operation.completed else { continue }
      for index in candidates.subscriptions(for: cause.rule, conditions: cause.conditions, recipients: cause.recipients)
      {
        let subscription = subscriptions[index]
        guard let confirmed = subscription.confirmed, confirmed < cause.invoked,
          let fence = fences[index], fence.asked >= trace.events[completed].time, fence.position > completed,
          cause.concerns(subscription, of: trace.people[subscription.actor]?.user)
        else { continue }
        result.examined += 1
        if shown[subscription.id]?[cause.id] == nil {
          result.add(
            "\(subscription.actor) never received \(event) \(cause.id), caused by \(cause.rule.cause) "
              + "of \(cause.operation.actor)",
            events: [subscription.opened, confirmed, cause.operation.invoked, completed, fence.position],
            mark: cause.operation.mark)
        }
      }
    }
  }

  /// Every operation that may have caused events of this stream; retries of one thing are one cause.
  private func causes(in trace: Trace) -> [Cause] {
    var causes: [Cause] = []
    var indexByThing: [Thing: Int] = [:]
    // The first attempt of a retry has no response to tell its thing: it is known by equal variables of the same actor.
    var undecided: [Attempt: Int] = [:]
    for operation in trace.operations {
      let attempt = Attempt(actor: operation.actor, action: operation.action, variables: operation.variables)
      var data = JSON.null
      if case .ok(let response) = operation.outcome { data = response }
      for (index, rule) in rules.enumerated() where rule.cause == operation.action {
        guard let id = rule.identity(causedBy: data, variables: operation.variables) else { continue }
        let thing = Thing(rule: index, id: id)
        if operation.isOK, let earlier = indexByThing[thing] {
          causes[earlier].invoked = min(causes[earlier].invoked, operation.invoked)
          continue
        }
        if operation.isOK { indexByThing[thing] = causes.count }
        let values = { (path: [String]) in
          DeliveryRule.values(at: path, data: data, variables: operation.variables)
        }
        causes.append(
          Cause(
            rule: rule, id: id, operation: operation,
            invoked: min(operation.invoked, undecided[attempt] ?? operation.invoked),
            conditions: rule.when.map { values($0.path).first },
            recipients: rule.recipientIDs(causedBy: data, variables: operation.variables)))
      }
      if !operation.isOK, !operation.hasFailed, undecided[attempt] == nil { undecided[attempt] = operation.invoked }
    }
    return causes
  }

  private struct Thing: Hashable {
    let rule: Int
    let id: JSON
  }

  private struct Attempt: Hashable {
    let actor: String
    let action: String
    let variables: JSON
  }
}

/// Finds the subscriptions that a cause may concern without looking at each: by the value of the rule's first variable,
/// or by the recipients.
private struct Candidates {
  private let trace: Trace
  private let subscriptions: [Trace.Subscription]
  private var byVariable: [String: [JSON: [Int]]] = [:]
  private var byUser: [String: [Int]] = [:]

  init(_ trace: Trace, _ subscriptions: [Trace.Subscription]) {
    self.trace = trace
    self.subscriptions = subscriptions
    for (index, subscription) in subscriptions.enumerated() {
      if let user = trace.people[subscription.actor]?.user { byUser[user, default: []].append(index) }
    }
  }

  mutating func subscriptions(for rule: DeliveryRule, conditions: [JSON?], recipients: Set<JSON>?) -> [Int] {
    if let variable = rule.when.first?.variable {
      guard let value = conditions.first ?? nil else { return [] }
      if byVariable[variable] == nil {
        var index: [JSON: [Int]] = [:]
        for (position, subscription) in subscriptions.enumerated() {
          if let value = subscription.variables[variable] { index[value, default: []].append(position) }
        }
        byVariable[variable] = index
      }
      return byVariable[variable]?[value] ?? []
    }
    guard let recipients else { return Array(subscriptions.indices) }
    return recipients.compactMap(\.string).flatMap { byUser[$0] ?? [] }.sorted()
  }
}
