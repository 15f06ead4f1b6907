import Checks
import History
import JSON
import Testing

@Suite("Delivered exactly once")
struct DeliveryCheckTests {
  private let check = "delivered-exactly-once"

  /// Ada sends one message to a thread that grace is subscribed to.
  private func story(_ middle: (inout HistoryBuilder, _ subscription: Int) -> Void) throws -> CheckResult {
    var builder = HistoryBuilder()
    builder.logIn("ada")
    builder.logIn("grace")
    let subscription = builder.subscribe("grace", "added", ["thread": "t"])
    middle(&builder, subscription)
    builder.fence("grace")
    return try #require(judge(builder, check))
  }

  @Test("one event for one cause is right")
  func once() throws {
    let result = try story { builder, subscription in
      builder.operate("ada", "send", data: sent("m1"))
      builder.event("grace", subscription, added("m1"), cursor: 1)
    }
    #expect(result.findings.isEmpty)
    #expect(result.examined == 2)
  }

  @Test("an event that comes before its cause's response counts")
  func early() throws {
    let result = try story { builder, subscription in
      let id = builder.invoke("ada", "send")
      builder.event("grace", subscription, added("m1"))
      builder.add("ada", .ok(id: id, data: sent("m1")))
    }
    #expect(result.findings.isEmpty)
  }

  @Test("a lost event is found, with the events that prove it")
  func lost() throws {
    let result = try story { builder, _ in builder.operate("ada", "send", data: sent("m1")) }
    #expect(result.violations == 1)
    #expect(result.findings.first?.message.contains("grace never received added \"m1\"") == true)
    #expect(result.findings.first?.events == [4, 5, 6, 7, 8])
  }

  @Test("an event that comes twice, and a cursor that comes twice, are found")
  func twice() throws {
    let result = try story { builder, subscription in
      builder.operate("ada", "send", data: sent("m1"))
      builder.event("grace", subscription, added("m1"), cursor: 1)
      builder.event("grace", subscription, added("m1"), cursor: 1)
    }
    #expect(result.violations == 2)
  }

  @Test("an event of another thread does not belong here")
  func elsewhere() throws {
    let result = try story { builder, subscription in
      builder.operate("ada", "send", data: sent("m1", thread: "other"))
      builder.event("grace", subscription, added("m1", thread: "other"))
    }
    #expect(result.findings.first?.message.contains("does not concern") == true)
  }

  @Test("what nobody can say to have happened may be seen once or not at all")
  func unknown() throws {
    for shows in [true, false] {
      let result = try story { builder, subscription in
        let id = builder.invoke("ada", "send")
        builder.add("ada", .unknown(id: id, reason: "cut"))
        if shows { builder.event("grace", subscription, added("m1")) }
      }
      #expect(result.findings.isEmpty)
    }
  }

  @Test("a retry that is answered with the first attempt's message is one cause")
  func retry() throws {
    var builder = HistoryBuilder()
    builder.logIn("ada")
    builder.logIn("grace")
    let first = builder.invoke("ada", "send", ["key": "k"])
    builder.add("ada", .unknown(id: first, reason: "cut"))
    // The message was committed before grace came: she need not see it, though the retry succeeds after.
    _ = builder.subscribe("grace", "added", ["thread": "t"])
    builder.operate("ada", "send", ["key": "k"], data: sent("m1"))
    builder.fence("grace")
    let result = try #require(judge(builder, check))
    #expect(result.findings.isEmpty)
  }

  @Test("a subscription that is not confirmed before, or ends before a fence, owes nothing", arguments: 0..<4)
  func notDue(variant: Int) throws {
    var builder = HistoryBuilder()
    builder.logIn("ada")
    builder.logIn("grace")
    let subscription = builder.subscribe("grace", "added", ["thread": "t"], confirmed: variant != 0)
    builder.operate("ada", "send", data: sent("m1"))
    switch variant {
    case 1: builder.add("grace", .closed(code: 1006, reason: "", initiated: false))
    case 2: builder.add("grace", .silenced)
    case 3: builder.add("grace", .unsubscribed(id: subscription, errors: nil))
    default: break
    }
    builder.fence("grace")
    let result = try #require(judge(builder, check))
    #expect(result.findings.isEmpty)
    #expect(result.examined == 0)
  }

  @Test("a recipient who is not told, and somebody who is told of what is not theirs, are found")
  func recipients() throws {
    var builder = HistoryBuilder()
    for actor in ["ada", "grace", "linus"] { builder.logIn(actor) }
    _ = builder.subscribe("grace", "notified", [:])
    let linus = builder.subscribe("linus", "notified", [:])
    builder.operate("ada", "send", data: sent("m1", mentions: ["grace"]))
    builder.event("linus", linus, ["notified": ["id": "m1"]])
    builder.fence("grace")
    builder.fence("linus")
    let messages = try #require(judge(builder, check)).findings.map(\.message)
    #expect(messages.count == 2)
    #expect(messages.contains { $0.hasPrefix("linus received notified") })
    #expect(messages.contains { $0.hasPrefix("grace never received notified") })
  }
}
