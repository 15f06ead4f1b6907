internal import History
internal import JSON

/// A history, indexed: who is who, which operation ended how, what arrived on which subscription. Positions are those of
/// the events in the history.
struct Trace {
  struct Operation {
    enum Outcome {
      /// Nothing more is known of it: still under way, or nobody can say.
      case open
      case ok(JSON)
      case failed(JSON)
    }

    let id: Int
    let actor: String
    let action: String
    let isMutation: Bool
    let variables: JSON
    let invoked: Int
    let mark: String?
    var outcome = Outcome.open
    var completed: Int?

    var isOK: Bool { if case .ok = outcome { true } else { false } }
    var hasFailed: Bool { if case .failed = outcome { true } else { false } }
  }

  struct Subscription {
    let id: Int
    let actor: String
    let action: String
    let variables: JSON
    let opened: Int
    var confirmed: Int?
    /// The first event after which nothing more need arrive: unsubscribed, the socket's end, or silence.
    var ended: Int?
    var arrivals: [Int] = []
  }

  struct Person {
    let user: String
    let organization: String
  }

  let events: [HistoryEvent]
  private(set) var operations: [Operation] = []
  private(set) var subscriptions: [Subscription] = []
  private(set) var people: [String: Person] = [:]
  /// Organizations in the order they first appear.
  private(set) var organizations: [String] = []
  /// Actors in the order they first appear.
  private(set) var actors: [String] = []
  private(set) var fences: [String: [Int]] = [:]
  private(set) var connectionEvents: [String: [Int]] = [:]

  init(_ history: History) {
    events = history.events
    var operationByID: [Int: Int] = [:]
    var subscriptionByID: [Int: Int] = [:]
    var openSubscriptions: [String: [Int]] = [:]
    var marks: [String: String] = [:]
    var known: Set<String> = []
    for (position, event) in events.enumerated() {
      if case .scenario = event.what { continue }
      if known.insert(event.actor).inserted { actors.append(event.actor) }
      switch event.what {
      case .login(let user, let organization):
        people[event.actor] = Person(user: user, organization: organization)
        if !organizations.contains(organization) { organizations.append(organization) }
      case .connected: connectionEvents[event.actor, default: []].append(position)
      case .closed, .silenced:
        connectionEvents[event.actor, default: []].append(position)
        for index in openSubscriptions.removeValue(forKey: event.actor) ?? [] where subscriptions[index].ended == nil {
          subscriptions[index].ended = position
        }
      case .subscribe(let id, let action, let variables):
        subscriptionByID[id] = subscriptions.count
        openSubscriptions[event.actor, default: []].append(subscriptions.count)
        subscriptions.append(
          Subscription(id: id, actor: event.actor, action: action, variables: variables, opened: position))
      case .subscribed(let id):
        if let index = subscriptionByID[id] { subscriptions[index].confirmed = position }
      case .unsubscribed(let id, _):
        if let index = subscriptionByID[id], subscriptions[index].ended == nil { subscriptions[index].ended = position }
      case .invoke(let id, let action, let kind, let variables, _):
        operationByID[id] = operations.count
        operations.append(
          Operation(
            id: id, actor: event.actor, action: action, isMutation: kind == "mutation", variables: variables,
            invoked: position, mark: marks[event.actor]))
      case .ok(let id, let data):
        if let index = operationByID[id] {
          operations[index].outcome = .ok(data)
          operations[index].completed = position
        }
      case .fail(let id, let errors):
        if let index = operationByID[id] {
          operations[index].outcome = .failed(errors)
          operations[index].completed = position
        }
      case .unknown(let id, _):
        if let index = operationByID[id] { operations[index].completed = position }
      case .event(let id, _, _):
        if let index = subscriptionByID[id] { subscriptions[index].arrivals.append(position) }
      case .fence: fences[event.actor, default: []].append(position)
      case .step(let mark, _): marks[event.actor] = mark
      case .scenario: break
      }
    }
  }

  /// The last fence of the subscription's actor while the subscription lived, and when it was asked for.
  func finalFence(of subscription: Subscription) -> (position: Int, asked: Int64)? {
    let end = subscription.ended ?? events.count
    guard let position = fences[subscription.actor]?.last(where: { $0 < end && $0 > subscription.opened }),
      case .fence(_, let asked) = events[position].what
    else { return nil }
    return (position, asked)
  }

  /// Data and extensions of an arrival.
  func arrival(_ position: Int) -> (data: JSON, extensions: JSON) {
    guard case .event(_, let data, let extensions) = events[position].what else { return (.null, .null) }
    return (data, extensions)
  }
}
