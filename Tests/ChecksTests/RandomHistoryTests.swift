import Checks
import History
import JSON
import Testing
import World

/// Histories of a product that keeps its promises, and the same with one event broken.
@Suite("Random histories")
struct RandomHistoryTests {
  @Test("an unbroken history gives no finding", arguments: 0..<60)
  func unbroken(seed: Int) {
    let (history, _) = Self.make(seed: UInt64(seed))
    let results = runChecks(history, catalog: testCatalog())
    #expect(results.flatMap(\.findings).map(\.message) == [])
    #expect(results.first { $0.name == "delivered-exactly-once" }.map { $0.examined > 0 } == true)
  }

  @Test("any beginning of an unbroken history gives no finding", arguments: 0..<20)
  func cutOff(seed: Int) {
    let (history, _) = Self.make(seed: UInt64(seed))
    var random = RandomStream(seed: UInt64(seed), name: "cut")
    let beginning = History(events: Array(history.events.prefix(random.int(in: 0..<history.events.count))))
    #expect(runChecks(beginning, catalog: testCatalog()).flatMap(\.findings).map(\.message) == [])
  }

  @Test("a dropped, doubled, reordered or leaked event is found", arguments: 0..<40, Breakage.allCases)
  func broken(seed: Int, breakage: Breakage) {
    var (history, deliveries) = Self.make(seed: UInt64(seed))
    var random = RandomStream(seed: UInt64(seed), name: "break")
    guard !deliveries.isEmpty else { return }
    let position = deliveries[random.int(in: 0..<deliveries.count)]
    let event = history.events[position]
    let check: String
    switch breakage {
    case .dropped:
      history.events.remove(at: position)
      check = "delivered-exactly-once"
    case .doubled:
      history.events.insert(event, at: position + 1)
      check = "delivered-exactly-once"
    case .reordered:
      guard case .event(let subscription, let data, _) = event.what,
        let other = deliveries.first(where: {
          guard $0 > position, case .event(subscription, let later, _) = history.events[$0].what else { return false }
          return later["added"]?["thread"] == data["added"]?["thread"]
        })
      else { return }
      let later = history.events[other].what
      history.events[other].what = event.what
      history.events[position].what = later
      check = "order-per-thread"
    case .leaked:
      guard case .event(_, let data, let extensions) = event.what,
        let stranger = history.events.compactMap({ event -> (String, Int)? in
          guard event.actor.hasPrefix("globex"), case .subscribe(let id, _, _) = event.what else { return nil }
          return (event.actor, id)
        }).first, event.actor.hasPrefix("acme")
      else { return }
      history.events.insert(
        HistoryEvent(
          time: event.time, actor: stranger.0,
          what: .event(subscription: stranger.1, data: data, extensions: extensions)),
        at: position + 1)
      check = "no-leak-across-organizations"
    }
    let found = runChecks(history, catalog: testCatalog()).first { $0.name == check }
    #expect(found.map { $0.violations > 0 } == true)
  }

  enum Breakage: CaseIterable { case dropped, doubled, reordered, leaked }

  /// A product in small: threads of two organizations, subscribers who come and go, messages delivered late but in order.
  /// - Returns: the history, and where in it the events are that were due.
  private static func make(seed: UInt64) -> (History, [Int]) {
    var random = RandomStream(seed: seed, name: "history")
    let ids = IDSource(clock: LiveClock(), random: RandomStream(seed: seed, name: "ids"))
    var builder = HistoryBuilder()
    var subscriptions: [(actor: String, id: Int, thread: String, queue: [JSON], open: Bool)] = []
    var threads: [(name: String, organization: String, count: Int)] = []
    for organization in ["acme", "globex"] {
      for index in 0..<3 {
        builder.logIn("\(organization)-\(index)", user: ids.next().description, organization: organization)
      }
      for _ in 0..<2 { threads.append((ids.next().description, organization, 0)) }
    }
    var cursor = 0
    func deliver(_ index: Int) {
      guard !subscriptions[index].queue.isEmpty else { return }
      cursor += 1
      builder.event(
        subscriptions[index].actor, subscriptions[index].id, subscriptions[index].queue.removeFirst(), cursor: cursor)
    }
    for step in 0..<80 {
      switch random.int(in: 0..<10) {
      case 0, 1:
        let thread = threads[random.int(in: 0..<threads.count)]
        let actor = "\(thread.organization)-\(random.int(in: 0..<3))"
        let id = builder.subscribe(actor, "added", ["thread": .string(thread.name)])
        subscriptions.append((actor, id, thread.name, [], true))
      case 2:
        guard !subscriptions.isEmpty else { continue }
        let index = random.int(in: 0..<subscriptions.count)
        guard subscriptions[index].open else { continue }
        subscriptions[index].open = false
        builder.add(subscriptions[index].actor, .unsubscribed(id: subscriptions[index].id, errors: nil))
      case 3..<7:
        let thread = random.int(in: 0..<threads.count)
        let actor = "\(threads[thread].organization)-\(random.int(in: 0..<3))"
        let fate = random.int(in: 0..<10)
        let operation = builder.invoke(actor, "send", ["n": .int(Int64(step))])
        if fate == 0 {
          builder.add(actor, .fail(id: operation, errors: [["message": "no"]]))
          continue
        }
        threads[thread].count += 1
        let message = ids.next().description
        let event = added(message, thread: threads[thread].name, sequence: threads[thread].count)
        for index in subscriptions.indices
        where subscriptions[index].open && subscriptions[index].thread == threads[thread].name {
          subscriptions[index].queue.append(event)
        }
        if fate == 1 {
          builder.add(actor, .unknown(id: operation, reason: "cut"))
        } else {
          builder.add(actor, .ok(id: operation, data: sent(message, thread: threads[thread].name)))
        }
      default:
        guard !subscriptions.isEmpty else { continue }
        let index = random.int(in: 0..<subscriptions.count)
        if subscriptions[index].open { deliver(index) }
      }
    }
    for index in subscriptions.indices where subscriptions[index].open {
      while !subscriptions[index].queue.isEmpty { deliver(index) }
    }
    for organization in ["acme", "globex"] { for index in 0..<3 { builder.fence("\(organization)-\(index)") } }
    return (builder.history, due(builder.history))
  }

  /// Where the events are whose loss would break the promise: their subscription lived to the end, and their cause is known.
  private static func due(_ history: History) -> [Int] {
    var ended: Set<Int> = []
    var certain: Set<JSON> = []
    for event in history.events {
      switch event.what {
      case .unsubscribed(let id, _): ended.insert(id)
      case .ok(_, let data): if let id = data["send"]?["id"] { certain.insert(id) }
      default: break
      }
    }
    return history.events.indices.filter { position in
      guard case .event(let id, let data, _) = history.events[position].what, !ended.contains(id) else { return false }
      return data["added"]?["id"].map { certain.contains($0) } ?? false
    }
  }
}
