package import GraphQL
package import JSON
private import Synchronization
package import World

/// What makes the payloads of two subscriptions the same: the operation, its variables, and what the viewer may see.
package struct GroupKey: Hashable, Sendable {
  package let topic: Topic
  /// Identity of the operation's plan.
  package let plan: Int
  /// The coerced variables, canonical.
  package let variables: [UInt8]
  /// Names what permissions depend on: viewers with one audience see the same.
  package let audience: String

  package init(topic: Topic, plan: Int, variables: [UInt8], audience: String) {
    self.topic = topic
    self.plan = plan
    self.variables = variables
    self.audience = audience
  }
}

/// One running subscription.
package final class HubSubscription: Sendable {
  /// Resolves and encodes one event into a response map.
  package typealias Render = @Sendable (HubEvent, _ extensions: JSONObject) async -> SharedPayload

  package let key: GroupKey
  package let subscriber: any Subscriber
  /// When the session ends that the subscription was made with.
  package let expiry: WallTime
  /// Whose it is.
  package let user: ID?
  /// Asked once more when it becomes live, after everything committed before has been dispatched: whether it may still.
  let recheck: (@Sendable () async -> GraphQLFault?)?
  package let render: Render
  /// Which of the topic's events it gets; `nil`: all. The same for everybody of a group.
  package let kinds: Set<DurableEvent.Kind>?
  /// Where it continues; `nil`: it begins with what comes next.
  package let resume: Int64?
  private let ended = Atomic(false)
  private let catchUp: Mutex<CatchUp>

  /// What comes while missed events are still being sent.
  private struct CatchUp {
    /// `nil` once everything has been sent.
    var held: [SharedPayload]?
    var refusal: GraphQLFault?
  }

  package init(
    key: GroupKey, subscriber: any Subscriber, expiry: WallTime, user: ID? = nil,
    kinds: Set<DurableEvent.Kind>? = nil, resume: Int64? = nil,
    recheck: (@Sendable () async -> GraphQLFault?)? = nil, render: @escaping Render
  ) {
    self.key = key
    self.subscriber = subscriber
    self.expiry = expiry
    self.user = user
    self.recheck = recheck
    self.kinds = kinds
    self.resume = resume
    self.render = render
    catchUp = Mutex(CatchUp(held: resume == nil ? nil : []))
  }

  /// Why it never became live, when there is a reason of its own.
  var refusal: GraphQLFault? { catchUp.withLock { $0.refusal } }

  /// Ends it before it became live.
  func refuse(_ fault: GraphQLFault) {
    catchUp.withLock { $0 = CatchUp(held: nil, refusal: fault) }
    end()
  }

  func wants(_ event: HubEvent) -> Bool {
    guard case .durable(let event) = event, let kinds else { return true }
    return event.kind.map(kinds.contains) ?? false
  }

  /// Whether it is among those whom the event is for.
  func maySee(_ event: HubEvent) -> Bool {
    guard case .durable(let event) = event, let audience = event.audience else { return true }
    return user.map(audience.users.contains) ?? false
  }

  package var isLive: Bool { !ended.load(ordering: .acquiring) }

  /// - Returns: false when it had ended before.
  @discardableResult
  package func end() -> Bool { !ended.exchange(true, ordering: .acquiringAndReleasing) }

  package func deliver(_ payload: SharedPayload) {
    guard isLive else { return }
    guard resume != nil else { return subscriber.next(payload) }
    let isTooMuch = catchUp.withLock { state -> Bool in
      guard state.held != nil else {
        subscriber.next(payload)
        return false
      }
      state.held?.append(payload)
      return (state.held?.count ?? 0) > EventHub.replayLimit
    }
    if isTooMuch { refuse(LostPlace.tooMany.fault) }
  }

  /// Sends a missed event, ahead of everything that is held.
  func deliverMissed(_ payload: SharedPayload) {
    if isLive { subscriber.next(payload) }
  }

  /// Everything missed has been sent: what came meanwhile follows, and from now on what comes.
  func caughtUp() {
    catchUp.withLock { state in
      for payload in state.held ?? [] where isLive { subscriber.next(payload) }
      state.held = nil
    }
  }
}

/// Which subscriptions a topic has, grouped by what they get; in the order of their arrival.
package struct SubscriptionIndex: Sendable {
  private var topics: [Topic: [GroupKey]] = [:]
  private var groups: [GroupKey: [HubSubscription]] = [:]
  package private(set) var count = 0

  /// Every subscription, topic by topic in the order of the topics' names.
  package var all: [HubSubscription] {
    topics.sorted { $0.key.name < $1.key.name }.flatMap { $0.value.flatMap { groups[$0] ?? [] } }
  }

  package mutating func add(_ subscription: HubSubscription) {
    let key = subscription.key
    if groups[key] == nil { topics[key.topic, default: []].append(key) }
    groups[key, default: []].append(subscription)
    count += 1
  }

  package mutating func remove(_ subscription: HubSubscription) {
    let key = subscription.key
    guard let index = groups[key]?.firstIndex(where: { $0 === subscription }) else { return }
    groups[key]?.remove(at: index)
    count -= 1
    guard groups[key]?.isEmpty == true else { return }
    groups[key] = nil
    topics[key.topic]?.removeAll { $0 == key }
    if topics[key.topic]?.isEmpty == true { topics[key.topic] = nil }
  }

  func has(_ topic: Topic) -> Bool { topics[topic] != nil }

  /// The topic's groups, each with at least one member.
  package func groups(on topic: Topic) -> [[HubSubscription]] {
    (topics[topic] ?? []).compactMap { groups[$0] }
  }
}
