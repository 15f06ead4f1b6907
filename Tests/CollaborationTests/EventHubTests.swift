import Collaboration
import GraphQL
import JSON
import Synchronization
import Testing
import World

/// Committed events in memory.
private final class Log: CommittedEvents {
  struct Unavailable: Error {}
  let epoch = "epoch"
  /// Events up to it are not kept.
  let trimmedThrough = Mutexed<Int64>(0)
  /// Told of every reading of one topic, which then waits for the other.
  let replayBegan = Mailbox<Void>(limit: 10)
  let replayMayGo = Mailbox<Void>(limit: 10)
  private let state = Mutex<(events: [DurableEvent], failures: Int)>(([], 0))

  func commit(_ topic: Topic, subject: UInt64 = 0) {
    state.withLock { state in
      let offset = Int64(state.events.count + 1)
      state.events.append(
        DurableEvent(
          offset: offset, organization: ID(high: 0, low: 0), topic: topic, kind: .messageAdded,
          subject: ID(high: 0, low: subject)))
    }
  }

  func fail(times: Int) { state.withLock { $0.failures = times } }

  func events(after offset: Int64, limit: Int) async throws -> [DurableEvent] {
    try state.withLock { state in
      if state.failures > 0 {
        state.failures -= 1
        throw Unavailable()
      }
      return Array(state.events.filter { $0.offset > offset }.prefix(limit))
    }
  }
}

extension Log {
  func events(on topic: Topic, after offset: Int64, through last: Int64, limit: Int) async throws -> [DurableEvent]? {
    replayBegan.send(())
    _ = await replayMayGo.next()
    guard trimmedThrough.value <= offset else { return nil }
    let all = try await events(after: offset, limit: .max)
    return Array(all.filter { $0.topic == topic && $0.offset <= last }.prefix(limit))
  }
}

private final class Sink: Subscriber {
  private let state = Mutex<(payloads: [SharedPayload], failed: Bool)>(([], false))
  var payloads: [SharedPayload] { state.withLock { $0.payloads } }
  var texts: [String] { payloads.map { String(decoding: $0.bytes, as: UTF8.self) } }
  var failed: Bool { state.withLock { $0.failed } }
  func next(_ payload: SharedPayload) { state.withLock { $0.payloads.append(payload) } }
  func complete() {}
  func fail(_ errors: [UInt8]) { state.withLock { $0.failed = true } }
}

@Suite("Event hub") struct EventHubTests {
  private let log = Log()
  private let observed = Mutexed<[Int64]>([])
  private let rendered = Mutexed(0)
  private let topic = Topic(name: "thread:1")
  private let hub: EventHub

  init() {
    let observed = observed
    hub = EventHub(
      world: .live(seed: 1), source: log, startingAfter: 0,
      observe: { event in observed.update { $0.append(event.offset) } },
      reportFailure: { _ in })
    hub.start()
  }

  private func subscription(
    _ sink: Sink, topic: Topic? = nil, audience: String = "a", variables: [UInt8] = [],
    expiry: WallTime = WallTime(milliseconds: .max), resume: Int64? = nil
  ) -> HubSubscription {
    let key = GroupKey(topic: topic ?? self.topic, plan: 1, variables: variables, audience: audience)
    let rendered = rendered
    return HubSubscription(key: key, subscriber: sink, expiry: expiry, resume: resume) { event, extensions in
      rendered.update { $0 += 1 }
      switch event {
      case .durable(let event):
        return SharedPayload(bytes: Array("\(event.offset) \(extensions["cursor"]?.string ?? "")".utf8))
      case .presence(let event):
        if case .snapshot(let present) = event.kind {
          return SharedPayload(bytes: Array("snapshot \(present.count)".utf8))
        }
        return SharedPayload(bytes: Array("change".utf8))
      case .typing, .preview: return SharedPayload(bytes: Array("other".utf8))
      }
    }
  }

  private func attach(_ subscription: HubSubscription) async {
    await withCheckedContinuation { hub.attach(subscription, arrived: $0) }
  }

  @Test("a fence returns after everything committed before it, in order, with its cursor")
  func fence() async {
    let sink = Sink()
    await attach(subscription(sink))
    for _ in 0..<1200 { log.commit(topic) }
    await hub.fence()
    #expect(sink.texts == (1...1200).map { "\($0) epoch:\($0)" })
    #expect(observed.value == Array(1...1200))
    await hub.stop()
  }

  @Test("a permission that was lost while the subscription arrived is noticed when it becomes live")
  func recheck() async {
    let (lost, kept) = (Sink(), Sink())
    var subscriptions: [HubSubscription] = []
    for (sink, fault) in [(lost, GraphQLFault("lost", code: "ACCESS_LOST")), (kept, nil)] {
      let key = GroupKey(topic: topic, plan: 1, variables: [], audience: "a")
      let subscription = HubSubscription(
        key: key, subscriber: sink, expiry: WallTime(milliseconds: .max), recheck: { fault }
      ) { _, _ in SharedPayload(bytes: []) }
      subscriptions.append(subscription)
      await attach(subscription)
    }
    #expect(subscriptions.map(\.isLive) == [false, true])
    log.commit(topic)
    await hub.fence()
    #expect(lost.payloads.isEmpty && kept.payloads.count == 1)
    await hub.stop()
  }

  @Test("a subscription gets nothing from before it, and everything after")
  func registration() async {
    log.commit(topic)
    let sink = Sink()
    await attach(subscription(sink))
    log.commit(topic)
    hub.wake()
    await hub.fence()
    #expect(sink.texts == ["2 epoch:2"])
    await hub.stop()
  }

  @Test("an event is encoded once for a group, and the bytes are shared")
  func groups() async {
    let sinks = (0..<10).map { _ in Sink() }
    for sink in sinks.prefix(8) { await attach(subscription(sink)) }
    await attach(subscription(sinks[8], audience: "b"))
    await attach(subscription(sinks[9], variables: [1]))
    log.commit(topic)
    await hub.fence()
    #expect(rendered.value == 3)
    #expect(sinks.allSatisfy { $0.payloads.count == 1 })
    #expect(sinks[0].payloads.first === sinks[7].payloads.first)
    #expect(sinks[0].payloads.first !== sinks[8].payloads.first)
    await hub.stop()
  }

  @Test("other topics and ended subscriptions get nothing and cost nothing")
  func others() async {
    let (elsewhere, ended) = (Sink(), Sink())
    await attach(subscription(elsewhere, topic: Topic(name: "thread:2")))
    let subscription = subscription(ended)
    await attach(subscription)
    hub.detach(subscription)
    log.commit(topic)
    await hub.fence()
    #expect(elsewhere.texts.isEmpty && ended.texts.isEmpty && rendered.value == 0)
    await hub.stop()
  }

  @Test("a snapshot comes first and exactly the later changes follow")
  func snapshot() async {
    let page = ID(high: 1, low: 1)
    let change = PresenceEvent(
      page: page, kind: .change(.init(page: page, user: ID(high: 2, low: 2), kind: .joined(region: nil))))
    let sink = Sink()
    let subscription = subscription(sink, topic: .presence(onPage: page))
    hub.publish(.presence(change))
    await withCheckedContinuation { arrived in
      hub.attach(subscription, snapshot: .presence(.init(page: page, kind: .snapshot([]))), arrived: arrived)
    }
    hub.publish(.presence(change))
    await hub.fence()
    #expect(sink.texts == ["snapshot 0", "change"])
    await hub.stop()
  }

  @Test("many topics at once keep the order of each")
  func topics() async {
    let topics = (0..<40).map { Topic(name: "thread:\($0)") }
    let sinks = topics.map { _ in Sink() }
    for (topic, sink) in zip(topics, sinks) { await attach(subscription(sink, topic: topic)) }
    for _ in 0..<5 { for topic in topics { log.commit(topic) } }
    await hub.fence()
    for (index, sink) in sinks.enumerated() {
      let offsets = sink.texts.compactMap { $0.split(separator: " ").first.flatMap { Int($0) } }
      #expect(offsets == (0..<5).map { $0 * 40 + index + 1 })
    }
    await hub.stop()
  }

  @Test("a session that ends takes its subscriptions with it, and no others of the group")
  func expiry() async {
    let (over, live) = (Sink(), Sink())
    await attach(subscription(over, expiry: WallTime(milliseconds: 0)))
    await attach(subscription(live))
    log.commit(topic)
    await hub.fence()
    #expect(over.texts.isEmpty && over.failed)
    #expect(live.texts == ["1 epoch:1"])
    await hub.stop()
  }

  @Test("a database that does not answer for a while loses no event")
  func retry() async {
    let sink = Sink()
    await attach(subscription(sink))
    log.fail(times: 2)
    log.commit(topic)
    hub.wake()
    await hub.fence()
    #expect(sink.texts == ["1 epoch:1"])
    await hub.stop()
  }

  @Test("what is committed while missed events are sent again comes after them, and others do not wait")
  func resume() async {
    let (resumed, other) = (Sink(), Sink())
    for _ in 0..<3 { log.commit(topic) }
    await attach(subscription(other))
    async let arrival: Void = attach(subscription(resumed, resume: 1))
    await log.replayBegan.next()
    log.commit(topic)
    log.commit(Topic(name: "thread:2"))
    await hub.fence()
    #expect(other.texts == ["4 epoch:4"] && resumed.texts.isEmpty)
    log.replayMayGo.send(())
    await arrival
    log.commit(topic)
    await hub.fence()
    #expect(resumed.texts == ["2 epoch:2", "3 epoch:3", "4 epoch:4", "6 epoch:6"])
    await hub.stop()
  }

  @Test("a place that is not kept, or that never was, is refused, and so is too much to send again")
  func lostPlace() async {
    for _ in 0...EventHub.replayLimit { log.commit(topic) }
    for _ in 0..<2 { log.replayMayGo.send(()) }
    log.trimmedThrough.update { $0 = 1 }
    for place in [0, 5000] as [Int64] {
      let lost = subscription(Sink(), resume: place)
      await attach(lost)
      #expect(!lost.isLive)
    }
    log.trimmedThrough.update { $0 = 0 }
    let (late, sink) = (Sink(), Sink())
    let tooLate = subscription(late, resume: 0)
    await attach(tooLate)
    #expect(!tooLate.isLive && late.texts.isEmpty)
    log.replayMayGo.send(())
    await attach(subscription(sink, resume: 1))
    #expect(sink.payloads.count == EventHub.replayLimit)
    await hub.stop()
  }

  @Test("fences and arrivals return when the hub has stopped")
  func stopped() async {
    await hub.stop()
    await hub.fence()
    let subscription = subscription(Sink())
    await attach(subscription)
    #expect(!subscription.isLive)
  }
}

/// A value that several tasks change.
final class Mutexed<Value: Sendable>: Sendable {
  private let state: Mutex<Value>
  init(_ value: Value) { state = Mutex(value) }
  var value: Value { state.withLock { $0 } }
  func update(_ change: (inout Value) -> Void) { state.withLock { change(&$0) } }
}
