import Collaboration
import Database
import GraphQL
import JSON
import Testing
import World

/// A client that was cut off gets what it missed, once and in order, or is told that it cannot.
@Suite("Resume") struct ResumeTests {
  static let added =
    "subscription($thread: ID!, $after: String) { messageAdded(threadId: $thread, after: $after) { sequence } }"

  /// What somebody follows across cuts.
  struct Reader {
    let thread: String
    var cursor: JSON
    var sequences: [Int64] = []
    var recovered = 0

    mutating func take(_ inbox: Inbox) {
      inbox.handle.value?.cancel()
      for response in inbox.responses {
        sequences.append(response["data"]?["messageAdded"]?["sequence"]?.int ?? -1)
        if response["extensions"]?["recovered"] == true { recovered += 1 }
        cursor = response["extensions"]?["cursor"] ?? cursor
      }
    }

    func subscribe(_ person: Person) async throws -> Inbox {
      try await person.subscribe(ResumeTests.added, ["thread": .string(thread), "after": cursor])
    }
  }

  @Test("cut off again and again, on two servers of one database, a reader sees each message once and in order")
  func cuts() async throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/test.db"
    try await Self.checkCuts(on: SQLiteDatabase.open(.file(path)), and: SQLiteDatabase.open(.file(path)))
  }

  static func checkCuts(on first: any Database, and second: any Database) async throws {
    let here = try await TestServer(on: first)
    let there = try await TestServer(on: second, seed: 2, organizations: false)
    let ada = try await here.login("ada")
    let readers = [try await here.login("grace"), try await there.login("grace")]
    let writers = [ada, try await there.login("linus")]
    let (thread, _) = try await ada.makeThread()
    let (other, _) = try await ada.makeThread()
    let start = try await readers[1].run("{ eventCursor }")
    var reader = Reader(thread: thread, cursor: try #require(start["eventCursor"]))
    try await withThrowingTaskGroup(of: Void.self) { group in
      for writer in writers {
        group.addTask {
          for index in 0..<40 {
            try await writer.send([["text": "x"]], to: thread)
            if index.isMultiple(of: 3) { try await writer.send([["text": "x"]], to: other) }
          }
        }
      }
      var random = RandomStream(seed: 7, name: "cuts")
      for _ in 0..<25 {
        let person = readers[random.int(in: 0..<2)]
        let inbox = try await reader.subscribe(person)
        for _ in 0..<random.int(in: 0..<4) { await person.server.service.fence() }
        reader.take(inbox)
      }
      try await group.waitForAll()
    }
    for person in readers {
      let inbox = try await reader.subscribe(person)
      await person.server.service.fence()
      reader.take(inbox)
    }
    #expect(reader.sequences == Array(1...80))
    #expect(reader.recovered > 0)
    await there.stop()
    await here.stop()
  }

  @Test("events and keys are kept for their time only, and who was away longer must take a snapshot")
  func trimmed() async throws {
    let server = try await TestServer()
    let ada = try await server.login("ada")
    let (thread, _) = try await ada.makeThread()
    let start = try #require(try await ada.run("{ eventCursor }")["eventCursor"])
    _ = try await ada.send([["text": "a"]], to: thread, key: "k")
    server.clock.advance(by: .seconds(23 * 60 * 60))
    _ = try await ada.send([["text": "b"]], to: thread)
    server.clock.advance(by: .seconds(2 * 60 * 60))
    let again = try await server.login("ada")
    func resume(_ cursor: JSON) async throws -> Inbox {
      try await again.subscribe(Self.added, ["thread": .string(thread), "after": cursor])
    }
    #expect(try await resume(start).payloads.count == 2)
    try await server.service.sweep()
    #expect(try await server.count("outbox") == 1)
    #expect(try await server.count("idempotency_keys") == 0)
    let late = try await resume(start)
    let extensions = late.refusal.value?["errors"]?[0]?["extensions"]
    #expect(extensions == ["code": "SNAPSHOT_REQUIRED", "recovered": false, "reason": "TRIMMED"])
    let head = try #require(try await again.run("{ eventCursor }")["eventCursor"])
    server.clock.advance(by: .seconds(23 * 60 * 60))
    try await server.service.sweep()
    #expect(try await server.count("outbox") == 0)
    #expect(try await again.run("{ eventCursor }")["eventCursor"] == head)
    let inTime = try await resume(head)
    _ = try await again.send([["text": "c"]], to: thread)
    await server.service.fence()
    #expect(inTime.responses.map { $0["data"]?["messageAdded"]?["sequence"] } == [3])
    let (epoch, reasons) = (start.string?.split(separator: ":").first ?? "", ["OTHER_EPOCH", "AHEAD"])
    for (cursor, reason) in zip(["00000000-0000-7000-8000-000000000000:1", "\(epoch):999"], reasons) {
      #expect(
        try await resume(.string(cursor)).refusal.value?["errors"]?[0]?["extensions"]?["reason"] == .string(reason))
    }
    for nonsense in ["", "1", ":1", "\(epoch):", "\(epoch):-1", "\(epoch):x"] {
      #expect(try await resume(.string(nonsense)).refusalCode == "BAD_USER_INPUT")
    }
    await server.stop()
  }

  @Test("readers who resumed at different places share the bytes of what comes after")
  func groups() async throws {
    let server = try await TestServer()
    let ada = try await server.login("ada")
    let (thread, _) = try await ada.makeThread()
    _ = try await ada.send([["text": "a"]], to: thread)
    let cursor = try await ada.run("{ eventCursor }")["eventCursor"] ?? .null
    _ = try await ada.send([["text": "b"]], to: thread)
    let later = try await ada.run("{ eventCursor }")["eventCursor"] ?? .null
    var inboxes: [Inbox] = []
    for after in [cursor, later, .null] {
      inboxes.append(try await ada.subscribe(Self.added, ["thread": .string(thread), "after": after]))
    }
    _ = try await ada.send([["text": "c"]], to: thread)
    await server.service.fence()
    #expect(inboxes.map(\.payloads.count) == [2, 1, 1])
    #expect(inboxes.allSatisfy { $0.payloads.last === inboxes[0].payloads.last })
    await server.stop()
  }

  @Test("a server hears of what another process committed to the same file", .timeLimit(.minutes(1)))
  func poll() async throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/test.db"
    let here = try await TestServer(on: SQLiteDatabase.open(.file(path)))
    let ada = try await here.login("ada")
    let (thread, _) = try await ada.makeThread()
    let database = try SQLiteDatabase.open(.file(path))
    let there = try await Collaboration(
      database: database, world: World(clock: PresentClock(), seed: 2), build: "there")
    let inbox = Inbox()
    let request = GraphQLRequest(query: Self.added, variables: ["thread": .string(thread)])
    let prepared = try #require(try? there.prepare(request).get())
    let socket = SocketID(value: 1)
    _ = await there.subscribe(prepared, as: ada.identity, socket: socket, subscriber: inbox)
    _ = try await ada.send([["text": "a"]], to: thread)
    await inbox.arrivals.next()
    #expect(inbox.payloads.count == 1)
    await there.stop()
    await database.close()
    await here.stop()
  }
}

/// A live clock whose wall stands where ``ManualClock`` begins, so that sessions made there are valid here.
struct PresentClock: WorldClock {
  private let live = LiveClock()
  var now: Instant { live.now }
  var wall: WallTime { ManualClock().wall }
  func sleep(until deadline: Instant) async throws { try await live.sleep(until: deadline) }
}
