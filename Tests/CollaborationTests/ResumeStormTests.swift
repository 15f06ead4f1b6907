import Collaboration
import Database
import GraphQL
import JSON
import Testing
import World

/// A reader that is cut off 500 times, between any two events, while others write on every node and old events are deleted.
@Suite("Resume storm") struct ResumeStormTests {
  static let cuts = 500
  /// So many writers, and so many messages of each.
  static let (writers, messages) = (3, 120)

  @Test(
    "a reader who is cut off 500 times sees each message once and in order, or is told to take a snapshot",
    arguments: [1, 2])
  func storm(nodes: Int) async throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/test.db"
    try await Self.checkStorm(on: (0..<nodes).map { _ in try SQLiteDatabase.open(.file(path)) })
  }

  /// What somebody shows of a thread, across cuts.
  private struct Reader {
    let thread: String
    var cursor: JSON
    var shown: [Int64] = []
    var recovered = 0
    var snapshots = 0

    /// Takes some of what came: the rest was on its way when the socket broke.
    mutating func take(_ inbox: Inbox, _ random: inout RandomStream, all: Bool = false) {
      inbox.handle.value?.cancel()
      let responses = inbox.responses
      for response in responses.prefix(all ? responses.count : random.int(in: 0..<responses.count + 1)) {
        shown.append(response["data"]?["messageAdded"]?["sequence"]?.int ?? -1)
        if response["extensions"]?["recovered"] == true { recovered += 1 }
        cursor = response["extensions"]?["cursor"] ?? cursor
      }
    }

    /// Reads everything anew. What is read after the cursor was taken comes as events too, and is left out here.
    mutating func takeSnapshot(_ person: Person) async throws {
      snapshots += 1
      cursor = try #require(try await person.run("{ eventCursor }")["eventCursor"])
      await person.server.service.fence()
      let inbox = try await person.subscribe(ResumeTests.added, ["thread": .string(thread), "after": cursor])
      let query = "query($id: ID!) { thread(id: $id) { messages(last: 1) { nodes { sequence } } } }"
      let found = try await person.run(query, ["id": .string(thread)])["thread"]?["messages"]?["nodes"]
      let last = try #require(found?[0]?["sequence"]?.int)
      await person.server.service.fence()
      inbox.handle.value?.cancel()
      let later = inbox.responses
      cursor = later.last?["extensions"]?["cursor"] ?? cursor
      let seen = later.compactMap { $0["data"]?["messageAdded"]?["sequence"]?.int }
      let start = (shown.last ?? 0) + 1
      #expect(seen == seen.sorted() && Set(seen).count == seen.count)
      shown += start <= last ? Array(start...last) : []
      shown += seen.filter { $0 > last }
    }
  }

  static func checkStorm(on databases: [any Database]) async throws {
    var settings = Collaboration.Settings()
    settings.eventRetention = .seconds(600)
    var nodes: [TestServer] = []
    for (index, database) in databases.enumerated() {
      nodes.append(
        try await TestServer(on: database, settings: settings, seed: UInt64(index) + 1, organizations: index == 0))
    }
    var random = RandomStream(seed: 11, name: "storm")
    let ada = try await nodes[0].login("ada")
    let (thread, _) = try await ada.makeThread()
    let readers = try await nodes.asyncMap { try await $0.login("grace") }
    var reader = Reader(
      thread: thread, cursor: try #require(try await readers[0].run("{ eventCursor }")["eventCursor"]))
    let turns = (0..<writers).map { _ in Mailbox<Void>(limit: messages) }
    var given = [Int](repeating: 0, count: writers)
    try await withThrowingTaskGroup(of: Void.self) { group in
      for (index, turn) in turns.enumerated() {
        let writer = try await nodes[index % nodes.count].login("writer\(index)")
        group.addTask {
          for _ in 0..<messages {
            await turn.next()
            try await writer.send([["text": "x"]], to: thread)
          }
        }
      }
      for cut in 0..<cuts {
        for (index, turn) in turns.enumerated() where given[index] < messages && random.int(in: 0..<10) < 4 {
          turn.send(())
          given[index] += 1
        }
        let person = readers[random.int(in: 0..<readers.count)]
        let inbox = try await person.subscribe(ResumeTests.added, ["thread": .string(thread), "after": reader.cursor])
        if inbox.refusalCode == "SNAPSHOT_REQUIRED" {
          try await reader.takeSnapshot(person)
          continue
        }
        #expect(inbox.refusal.value == nil)
        if random.int(in: 0..<2) == 0 { await person.server.service.fence() }
        reader.take(inbox, &random)
        if cut % 40 == 39 { try await forget(nodes) }
      }
      for (index, turn) in turns.enumerated() { for _ in given[index]..<messages { turn.send(()) } }
      try await group.waitForAll()
    }
    for person in readers {
      await person.server.service.fence()
      let inbox = try await person.subscribe(ResumeTests.added, ["thread": .string(thread), "after": reader.cursor])
      if inbox.refusalCode == "SNAPSHOT_REQUIRED" {
        try await reader.takeSnapshot(person)
      } else {
        await person.server.service.fence()
        reader.take(inbox, &random, all: true)
      }
    }
    #expect(reader.shown == Array(1...Int64(writers * messages)))
    #expect(reader.recovered > 50)
    #expect(reader.snapshots > 0)
    for node in nodes.reversed() { await node.stop() }
  }

  /// Time goes by, and old events are deleted that every node has published.
  private static func forget(_ nodes: [TestServer]) async throws {
    for _ in 0..<2 {
      for node in nodes { await node.service.fence() }
      for node in nodes { node.clock.advance(by: .seconds(400)) }
      try await nodes[0].service.sweep()
    }
  }
}
