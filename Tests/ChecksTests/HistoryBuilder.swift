import Checks
import History
import JSON
import Scenario

/// Writes a history as a test needs it: each call a millisecond after the one before, unless told otherwise.
struct HistoryBuilder {
  private(set) var events: [HistoryEvent] = []
  private var nextID = 1
  private var time: Int64 = 0

  var history: History { History(events: events) }

  mutating func add(_ actor: String, _ what: HistoryEvent.What, after milliseconds: Int64 = 1) {
    time += milliseconds * 1_000_000
    events.append(HistoryEvent(time: time, actor: actor, what: what))
  }

  mutating func logIn(_ actor: String, user: String? = nil, organization: String = "acme") {
    add(actor, .login(user: user ?? actor, organization: organization))
    add(actor, .connected)
  }

  mutating func subscribe(_ actor: String, _ action: String, _ variables: JSON, confirmed: Bool = true) -> Int {
    let id = takeID()
    add(actor, .subscribe(id: id, action: action, variables: variables))
    if confirmed { add(actor, .subscribed(id: id)) }
    return id
  }

  mutating func invoke(_ actor: String, _ action: String, _ variables: JSON = [:]) -> Int {
    let id = takeID()
    add(actor, .invoke(id: id, action: action, kind: "mutation", variables: variables, intended: time))
    return id
  }

  @discardableResult
  mutating func operate(_ actor: String, _ action: String, _ variables: JSON = [:], data: JSON) -> Int {
    let id = invoke(actor, action, variables)
    add(actor, .ok(id: id, data: data))
    return id
  }

  mutating func event(_ actor: String, _ subscription: Int, _ data: JSON, cursor: Int? = nil) {
    let extensions: JSON = cursor.map { ["cursor": .string(String($0))] } ?? [:]
    add(actor, .event(subscription: subscription, data: data, extensions: extensions))
  }

  mutating func fence(_ actor: String) {
    time += 1_000_000
    let asked = time
    add(actor, .fence(name: "f", asked: asked))
  }

  mutating func wait(_ milliseconds: Int64) { time += milliseconds * 1_000_000 }

  private mutating func takeID() -> Int {
    defer { nextID += 1 }
    return nextID
  }
}

/// The rules of a small product, as the tests know it.
func testCatalog() -> ActionCatalog {
  var catalog = ActionCatalog()
  catalog.deliveries = [
    DeliveryRule(
      cause: "send", event: "added", when: [.init(variable: "thread", path: ["send", "thread"])], recipients: nil,
      causeID: ["send", "id"], eventID: ["added", "id"]),
    DeliveryRule(
      cause: "send", event: "notified", when: [], recipients: ["send", "mentions", "id"], causeID: ["send", "id"],
      eventID: ["notified", "id"]),
  ]
  catalog.orders = [StreamOrderRule(event: "added", key: ["added", "thread"], ascending: ["added", "sequence"])]
  catalog.presence = PresenceRule(
    enter: "enter", leave: "leave", event: "presence", enteredPage: ["enter", "page"], leftPage: ["leave", "page"],
    pageVariable: "page", kind: ["presence", "kind"], snapshotKind: "SNAPSHOT", joinedKind: "JOINED",
    leftKind: "LEFT", user: ["presence", "user", "id"], snapshotList: ["presence", "present"],
    snapshotUser: ["user", "id"])
  return catalog
}

func judge(_ builder: HistoryBuilder, _ name: String) -> CheckResult? {
  runChecks(builder.history, catalog: testCatalog()).first { $0.name == name }
}

func sent(_ id: String, thread: String = "t", mentions: [String] = []) -> JSON {
  ["send": ["id": .string(id), "thread": .string(thread), "mentions": .array(mentions.map { ["id": .string($0)] })]]
}

func added(_ id: String, thread: String = "t", sequence: Int = 1) -> JSON {
  ["added": ["id": .string(id), "thread": .string(thread), "sequence": .int(Int64(sequence))]]
}
