internal import GraphQL
internal import JSON
private import Synchronization
package import World

/// Where the hub reads what was committed.
package protocol CommittedEvents: Sendable {
  /// Names this database's sequence of offsets; cursors from another one mean nothing here.
  var epoch: String { get }
  /// Events after an offset, in the order of commits; fewer than `limit` means that there are no more.
  func events(after offset: Int64, limit: Int) async throws -> [DurableEvent]
  /// A topic's events after an offset and up to another.
  /// - Returns: at most `limit`; `nil` when some after `offset` are not kept any more.
  func events(on topic: Topic, after offset: Int64, through last: Int64, limit: Int) async throws -> [DurableEvent]?
}

/// Hands events to subscribers: one dispatcher for the whole node, and one event of a topic at a time, so that order holds
/// by construction.
///
/// Everything goes through one mailbox: wake-ups that stand for committed events, ephemeral events, arrivals and
/// departures of subscribers, and fences. Arrivals and fences first dispatch what was committed before them, which is why
/// a subscription gets no event from before it and a fence waits for all.
package final class EventHub: Sendable {
  /// Most items that may wait for the dispatcher.
  package static let mailboxLimit = 1 << 18
  /// Most subscriptions of one node.
  package static let subscriptionLimit = 500_000
  /// Most committed events read at once.
  package static let readLimit = 500
  /// Most events that a subscription is sent again; who missed more takes a snapshot.
  package static let replayLimit = 1_000
  /// Most subscriptions that are sent what they missed at the same time; others wait for their turn.
  package static let replayConcurrency = 16
  /// Most topics whose events are resolved at the same time.
  package static let concurrencyLimit = 16
  /// Pauses between attempts to read from a database that does not answer.
  package static let retryPauses: (first: Duration, longest: Duration) = (.milliseconds(50), .seconds(2))

  private enum Item: Sendable {
    case wake
    case ephemeral(HubEvent)
    case attach(HubSubscription, snapshot: HubEvent?, CheckedContinuation<Void, Never>)
    case detach(HubSubscription)
    case fence(CheckedContinuation<Void, Never>)

    var needsCommitted: Bool {
      switch self {
      case .wake, .fence: true
      case .attach(_, let snapshot, _): snapshot == nil
      case .ephemeral, .detach: false
      }
    }
  }

  private let world: World
  private let source: any CommittedEvents
  private let mailbox = Mailbox<Item>(limit: EventHub.mailboxLimit)
  private let wakeWaits = Atomic(false)
  private let stopping = Atomic(false)
  private let overflowed = Atomic(false)
  private let position: Atomic<Int64>
  private let published = Atomic(0)
  private let observe: @Sendable (DurableEvent) -> Void
  private let reportFailure: @Sendable (any Error) -> Void
  private let task = Mutex<Task<Void, Never>?>(nil)
  private let replays = Mutex(Replays())

  private struct Replay: Sendable {
    let subscription: HubSubscription
    let after: Int64
    let through: Int64
    let arrived: CheckedContinuation<Void, Never>
  }

  /// Replays that run, and those that wait.
  private struct Replays {
    var running = 0
    var waiting: [Replay] = []
  }

  /// - Parameters:
  ///   - offset: dispatching starts after it.
  ///   - observe: called with every committed event before its subscribers get it.
  ///   - reportFailure: called when committed events cannot be read; the hub tries again.
  package init(
    world: World, source: any CommittedEvents, startingAfter offset: Int64,
    observe: @escaping @Sendable (DurableEvent) -> Void,
    reportFailure: @escaping @Sendable (any Error) -> Void
  ) {
    self.world = world
    self.source = source
    self.position = Atomic(offset)
    self.observe = observe
    self.reportFailure = reportFailure
  }

  /// Starts the dispatcher.
  package func start() {
    task.withLock { task in
      guard task == nil else { return }
      task = world.spawn { await self.run() }
    }
  }

  /// Ends the dispatcher; fences and arrivals that wait are let go.
  package func stop() async {
    stopping.store(true, ordering: .releasing)
    mailbox.finish()
    let running = task.withLock { $0 }
    running?.cancel()
    await running?.value
  }

  /// Names the sequence of offsets that cursors belong to.
  package var epoch: String { source.epoch }

  /// The offset of the last event that was dispatched.
  package var lastOffset: Int64 { position.load(ordering: .acquiring) }

  /// Events that have come to be handed out, durable and ephemeral.
  package var publishedCount: Int { published.load(ordering: .relaxed) }
  /// What waits for the dispatcher.
  package var waitingCount: Int { mailbox.count }

  /// Something was committed. Cheap; wake-ups that wait already stand for later ones too.
  package func wake() {
    if !wakeWaits.exchange(true, ordering: .acquiringAndReleasing) { mailbox.send(.wake) }
  }

  /// Hands an ephemeral event to its topic after everything that was published before it.
  package func publish(_ event: HubEvent) {
    published.wrappingAdd(1, ordering: .relaxed)
    if !mailbox.send(.ephemeral(event)) { overflowed.store(true, ordering: .releasing) }
  }

  /// Queues a subscription's arrival, at this place in the order of ephemeral events.
  /// - Parameters:
  ///   - snapshot: the subscription's first event, as of this place.
  ///   - arrived: resumed when the subscription is live, or when the hub has stopped.
  package func attach(
    _ subscription: HubSubscription, snapshot: HubEvent? = nil, arrived: CheckedContinuation<Void, Never>
  ) {
    if !mailbox.send(.attach(subscription, snapshot: snapshot, arrived)) {
      subscription.end()
      arrived.resume()
    }
  }

  /// Ends a subscription; it gets nothing after this returns.
  package func detach(_ subscription: HubSubscription) {
    if subscription.end() { mailbox.send(.detach(subscription)) }
  }

  /// Returns when everything that was committed or published before the call has been handed over.
  package func fence() async {
    await withCheckedContinuation { continuation in
      if !mailbox.send(.fence(continuation)) { continuation.resume() }
    }
  }

  /// Renders an event, again and again while the database cannot answer: what was committed is not lost because of that.
  func persistently(_ render: () async -> GraphQLResult) async -> GraphQLResult {
    var pause = Self.retryPauses.first
    while true {
      let result = await render()
      guard result.isUnavailable, !stopping.load(ordering: .acquiring) else { return result }
      do { try await world.sleep(for: pause) } catch { return result }
      pause = min(pause * 2, Self.retryPauses.longest)
    }
  }

  private func run() async {
    var index = SubscriptionIndex()
    while true {
      let batch = await mailbox.nextBatch()
      if batch.isEmpty { return }
      // Cleared before reading: a commit after this point makes a wake-up of its own.
      let isWoken = wakeWaits.exchange(false, ordering: .acquiringAndReleasing)
      if overflowed.exchange(false, ordering: .acquiringAndReleasing) { failEphemeral(&index) }
      // The items of a batch were sent before it was taken, so one reading serves all of them.
      var mustRead = true
      for item in batch {
        if item.needsCommitted, mustRead {
          mustRead = false
          await dispatchCommitted(index)
        }
        await handle(item, &index)
      }
      // The wake-up itself may have found the mailbox full.
      if isWoken, mustRead { await dispatchCommitted(index) }
    }
  }

  private func handle(_ item: Item, _ index: inout SubscriptionIndex) async {
    switch item {
    case .wake: break
    case .ephemeral(let event): await dispatch(event, extensions: [:], index)
    case .attach(let subscription, let snapshot, let arrived):
      if subscription.isLive, let fault = await subscription.recheck?() { subscription.refuse(fault) }
      if index.count >= Self.subscriptionLimit {
        subscription.end()
      } else if let after = subscription.resume, subscription.isLive {
        if after > lastOffset {
          subscription.refuse(LostPlace.ahead.fault)
        } else {
          // From here on it holds what comes, so that nothing is missing between what it missed and that.
          index.add(subscription)
          return replay(Replay(subscription: subscription, after: after, through: lastOffset, arrived: arrived))
        }
      } else if subscription.isLive {
        if let snapshot { subscription.deliver(await subscription.render(snapshot, [:])) }
        index.add(subscription)
      }
      arrived.resume()
    case .detach(let subscription): index.remove(subscription)
    case .fence(let continuation): continuation.resume()
    }
  }

  private func dispatchCommitted(_ index: SubscriptionIndex) async {
    var pause = Self.retryPauses.first
    while !stopping.load(ordering: .acquiring) {
      do {
        let events = try await source.events(after: lastOffset, limit: Self.readLimit)
        pause = Self.retryPauses.first
        published.wrappingAdd(events.count, ordering: .relaxed)
        for event in events { observe(event) }
        await dispatch(events, index)
        if let last = events.last { position.store(last.offset, ordering: .releasing) }
        if events.count < Self.readLimit { return }
      } catch {
        reportFailure(error)
        do { try await world.sleep(for: pause) } catch { return }
        pause = min(pause * 2, Self.retryPauses.longest)
      }
    }
  }

  /// Dispatches committed events: each topic's in their order, several topics at once, because most of the time goes by
  /// waiting for the database.
  private func dispatch(_ events: [DurableEvent], _ index: SubscriptionIndex) async {
    var topics: [Topic] = []
    var byTopic: [Topic: [DurableEvent]] = [:]
    for event in events where event.kind == .participantRemoved {
      for topic in event.topic.companions { endAccess(of: event.subject, to: topic, index) }
    }
    for event in events where index.has(event.topic) {
      if byTopic[event.topic] == nil { topics.append(event.topic) }
      byTopic[event.topic, default: []].append(event)
    }
    guard topics.count > 1 else {
      return await dispatch(inOrder: topics.first.flatMap { byTopic[$0] } ?? [], index)
    }
    await withTaskGroup(of: Void.self) { group in
      for (number, topic) in topics.enumerated() {
        if number >= Self.concurrencyLimit { await group.next() }
        let events = byTopic[topic] ?? []
        group.addTask { await self.dispatch(inOrder: events, index) }
      }
    }
  }

  private func dispatch(inOrder events: [DurableEvent], _ index: SubscriptionIndex) async {
    for event in events {
      if event.kind == .participantRemoved { endAccess(of: event.subject, to: event.topic, index) }
      await dispatch(.durable(event), extensions: extensions(of: event), index)
    }
  }

  private func extensions(of event: DurableEvent) -> JSONObject {
    let cursor = EventCursor(epoch: source.epoch, offset: event.offset)
    return ["cursor": .string(cursor.text), "stream": .string(event.topic.name)]
  }

  /// Sends what a subscription missed, beside the dispatcher: one who was away for long holds up nobody else.
  private func replay(_ replay: Replay) {
    let mayRun = replays.withLock { replays in
      guard replays.running < Self.replayConcurrency else {
        replays.waiting.append(replay)
        return false
      }
      replays.running += 1
      return true
    }
    guard mayRun else { return }
    world.spawn {
      var next: Replay? = replay
      while let replay = next {
        await self.run(replay)
        next = self.replays.withLock { replays in
          if replays.waiting.isEmpty {
            replays.running -= 1
            return nil
          }
          return replays.waiting.removeFirst()
        }
      }
    }
  }

  private func run(_ replay: Replay) async {
    let subscription = replay.subscription
    defer { replay.arrived.resume() }
    guard !stopping.load(ordering: .acquiring) else {
      subscription.end()
      return
    }
    do {
      let missed = try await source.events(
        on: subscription.key.topic, after: replay.after, through: replay.through, limit: Self.replayLimit + 1)
      guard let missed else { return abandon(subscription, LostPlace.trimmed.fault) }
      guard missed.count <= Self.replayLimit else { return abandon(subscription, LostPlace.tooMany.fault) }
      for event in missed {
        guard subscription.isLive, !stopping.load(ordering: .acquiring) else { break }
        if event.kind == .participantRemoved, event.subject == subscription.user {
          return abandon(subscription, LostPlace.accessLost.fault)
        }
        guard subscription.wants(.durable(event)), subscription.maySee(.durable(event)) else { continue }
        var extensions = extensions(of: event)
        extensions["recovered"] = true
        subscription.deliverMissed(await subscription.render(.durable(event), extensions))
      }
      if stopping.load(ordering: .acquiring) { subscription.end() }
      subscription.caughtUp()
      if !subscription.isLive { mailbox.send(.detach(subscription)) }
    } catch {
      reportFailure(error)
      abandon(
        subscription,
        GraphQLFault("The database cannot answer at the moment; try again.", code: "UNAVAILABLE"))
    }
  }

  private func abandon(_ subscription: HubSubscription, _ fault: GraphQLFault) {
    subscription.refuse(fault)
    mailbox.send(.detach(subscription))
  }

  private func dispatch(_ event: HubEvent, extensions: JSONObject, _ index: SubscriptionIndex) async {
    let now = world.clock.wall
    for members in index.groups(on: event.topic) {
      for member in members where member.expiry <= now { expire(member) }
      let concerned = members.filter { $0.isLive && $0.maySee(event) }
      guard let first = concerned.first, first.wants(event) else { continue }
      let payload = await first.render(event, extensions)
      for member in concerned { member.deliver(payload) }
    }
  }

  private func expire(_ subscription: HubSubscription) {
    fail(subscription, "The session has expired.", code: "UNAUTHENTICATED")
  }

  /// Somebody was taken out of a private thread: what they subscribed to of it gets nothing that was committed later.
  private func endAccess(of user: ID, to topic: Topic, _ index: SubscriptionIndex) {
    for members in index.groups(on: topic) {
      for member in members where member.user == user {
        fail(member, AccessLost.message, code: AccessLost.code)
      }
    }
  }

  private func fail(_ subscription: HubSubscription, _ message: String, code: String) {
    guard subscription.end() else { return }
    let error: JSON = ["message": .string(message), "extensions": ["code": .string(code)]]
    subscription.subscriber.fail(JSON.array([error]).bytes)
    mailbox.send(.detach(subscription))
  }

  /// An ephemeral event was lost, and a subscriber who does not know would be wrong for ever.
  private func failEphemeral(_ index: inout SubscriptionIndex) {
    let error: JSON = [
      "message": "Events were lost; subscribe again.", "extensions": ["code": "OVERLOADED"],
    ]
    for subscription in index.all where subscription.key.topic.isEphemeral && subscription.end() {
      subscription.subscriber.fail(JSON.array([error]).bytes)
      index.remove(subscription)
    }
  }
}
