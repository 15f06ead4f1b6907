import History
import JSON
import Testing
import World

@Suite("A history's file")
struct HistoryFileTests {
  private static let events: [HistoryEvent.What] = [
    .scenario(name: "a", file: "a.yaml", seed: .max),
    .login(user: "0198c0de-0000-7000-8000-000000000001", organization: "acme"),
    .connected,
    .subscribe(id: 1, action: "messageAdded", variables: ["threadId": "t"]),
    .subscribed(id: 1),
    .step(mark: "a.yaml:3:5", text: "do sendMessage"),
    .invoke(id: 2, action: "sendMessage", kind: "mutation", variables: ["text": "\"hi\"\n"], intended: -5),
    .ok(id: 2, data: ["sendMessage": ["message": ["id": 1.5, "list": [nil, true, "é"]]]]),
    .event(subscription: 1, data: ["messageAdded": nil], extensions: ["cursor": "9"]),
    .fail(id: 3, errors: [["message": "no", "extensions": ["code": "NOT_FOUND"]]]),
    .unknown(id: 4, reason: "the connection ended"),
    .fence(name: "f", asked: 17),
    .unsubscribed(id: 1, errors: nil),
    .silenced,
    .closed(code: 4403, reason: "Forbidden", initiated: false),
  ]

  @Test("every kind of event reads back as it was written")
  func roundTrip() throws {
    let events = Self.events.enumerated().map { HistoryEvent(time: Int64($0.offset), actor: "ada", what: $0.element) }
    let bytes = History(events: events).jsonLines
    let read = try History(jsonLines: bytes)
    #expect(read.events == events)
    #expect(read.jsonLines == bytes)
    #expect(bytes.count { $0 == UInt8(ascii: "\n") } == events.count)
  }

  @Test(
    "a line that is not an event is named",
    arguments: [#"{"t":1,"actor":"a","kind":"nonsense"}"#, #"{"t":1,"actor":"a","kind":"ok"}"#, "[]", "{"])
  func badLine(line: String) {
    let text = #"{"t":0,"actor":"a","kind":"connected"}"# + "\n\n" + line + "\n"
    #expect { try History(jsonLines: Array(text.utf8)) } throws: { ($0 as? HistoryFileError)?.line == 3 }
  }

  @Test("a recorder keeps the order of appends and never lets time descend")
  func recorder() async {
    let recorder = HistoryRecorder(clock: LiveClock())
    await withTaskGroup { group in
      for actor in ["a", "b", "c"] {
        group.addTask { for index in 0..<200 { recorder.record(actor, .subscribed(id: index)) } }
      }
    }
    let events = recorder.snapshot.events
    #expect(events.count == 600)
    #expect(zip(events, events.dropFirst()).allSatisfy { $0.time <= $1.time })
    for actor in ["a", "b", "c"] {
      let own = events.filter { $0.actor == actor }.map(\.what)
      #expect(own == (0..<200).map { .subscribed(id: $0) })
    }
  }
}
