import Database
import Glibc
import Synchronization
import Testing
import World

private struct Refused: Error {}

private final class Tally: Sendable {
  private let value = Atomic<Int>(0)
  var count: Int { value.load(ordering: .relaxed) }
  func add() { value.add(1, ordering: .relaxed) }
}

@Suite(.timeLimit(.minutes(1))) struct TransactionTests {
  @Test("a transaction that throws leaves nothing, and its neighbours stay whole", arguments: Kind.allCases)
  func isolation(_ kind: Kind) async throws {
    try await withDatabase(kind) { database in
      let outcomes = await withTaskGroup(of: (Int, Bool).self) { group in
        for number in 0..<60 {
          group.addTask {
            do {
              try await database.write("unit") { tx in
                try tx.insert(Person.sample(number))
                if number % 4 == 0 { throw Refused() }
                // Fails within the statement: the row is there already.
                if number % 4 == 1 { try tx.insert(Person.sample(number)) }
              }
              return (number, true)
            } catch { return (number, false) }
          }
        }
        return await group.reduce(into: [Int: Bool]()) { $0[$1.0] = $1.1 }
      }
      for number in 0..<60 { #expect(outcomes[number] == (number % 4 > 1)) }
      let kept = try await database.select(Person.all.order(by: Person.id.ascending)).map(\.id.low)
      #expect(kept == (0..<60).filter { $0 % 4 > 1 }.map(UInt64.init))
    }
  }

  @Test("errors say which constraint was violated", arguments: Kind.allCases)
  func errors(_ kind: Kind) async throws {
    try await withDatabase(kind) { database in
      let person = Person.sample(1)
      try await database.write("insert") { try $0.insert(person) }
      func failure(_ body: @escaping @Sendable (any Transaction) throws -> Void) async -> DatabaseError.Kind? {
        do {
          try await database.write("failing", body)
          return nil
        } catch { return (error as? DatabaseError)?.kind }
      }
      var twin = Person.sample(2)
      twin.email = person.email
      let unique = await failure { [twin] in try $0.insert(twin) }
      #expect(unique == .unique(database.dialect == .postgres ? "people_email_key" : "people.email"))
      twin.email = nil
      twin.score = -1
      let check = await failure { [twin] in try $0.insert(twin) }
      #expect(check == .check)
      #expect(await failure { try $0.execute(Query("null", "UPDATE people SET name = NULL")) } == .notNull)
      #expect(await failure { try $0.execute(Query("bad", "SELEKT 1")) } == .syntax)
      // A statement that could not be prepared is not taken for prepared the next time.
      for _ in 0..<2 {
        #expect(await failure { try $0.execute(Query("column", "SELECT nothing FROM people")) } == .syntax)
        let read = await #expect(throws: DatabaseError.self) {
          try await database.read(Query("column", "SELECT nothing FROM people"))
        }
        #expect(read?.kind == .syntax)
      }
      // Deferred to the commit: it must fail this transaction and no other.
      let badge = Query("badge", "INSERT INTO badges VALUES ($1)", [.id(ID(high: 4, low: 4))])
      async let neighbour: Void = database.write("neighbour") { try $0.insert(Person.sample(7)) }
      #expect(await failure { try $0.execute(badge) } == .foreignKey)
      try await neighbour
      #expect(try await database.count(Person.all) == 2)
    }
  }

  @Test("a read cannot change the database", arguments: Kind.allCases)
  func readOnly(_ kind: Kind) async throws {
    try await withDatabase(kind) { database in
      await #expect(throws: DatabaseError.self) {
        try await database.read(Query("sneaky", "INSERT INTO people SELECT * FROM people RETURNING id"))
      }
    }
  }

  @Test("listeners wake once for each commit that notified them, and not for a rollback", arguments: Kind.allCases)
  func listening(_ kind: Kind) async throws {
    try await withDatabase(kind) { database in
      let woken = Mutex(0)
      let (wakes, continuation) = AsyncStream.makeStream(of: Void.self)
      let listening = try await database.listen("news") {
        woken.withLock { $0 += 1 }
        continuation.yield()
      }
      await #expect(throws: Refused.self) {
        try await database.write("rolled back") { tx -> Void in
          try tx.notify("news")
          throw Refused()
        }
      }
      try await database.write("other") { try $0.notify("other") }
      try await database.write("committed") { tx in
        try tx.notify("news")
        try tx.notify("news")
      }
      var iterator = wakes.makeAsyncIterator()
      await iterator.next()
      #expect(woken.withLock { $0 } == 1)
      listening.cancel()
      try await database.write("after") { try $0.notify("news") }
      #expect(woken.withLock { $0 } == 1)
    }
  }

  @Test("a commit through another connection wakes too", arguments: Kind.allCases.filter { $0 != .memory })
  func foreignCommits(_ kind: Kind) async throws {
    try await withDatabase(kind) { database, location in
      let other = try await openDatabase(location)
      let (wakes, continuation) = AsyncStream.makeStream(of: Void.self)
      let listening = try await database.listen("news") { continuation.yield() }
      try await other.write("insert") { tx in
        try tx.insert(Person.sample(1))
        try tx.notify("news")
      }
      var iterator = wakes.makeAsyncIterator()
      await iterator.next()
      let count = try await database.count(Person.all)
      #expect(count == 1)
      listening.cancel()
      await other.close()
    }
  }

  @Test("what gathers while the writer is busy is committed together")
  func batching() async throws {
    try await withDatabase(.sqlite) { database in
      let (asked, wakes) = (Tally(), Tally())
      let listening = try await database.listen("batch") { wakes.add() }
      try await withThrowingTaskGroup(of: Void.self) { group in
        // Holds the writer until all others have asked.
        group.addTask {
          try await database.write("first") { _ in while asked.count < 100 { sched_yield() } }
        }
        for number in 0..<100 {
          group.addTask {
            asked.add()
            try await database.write("unit") { tx in
              try tx.insert(Person.sample(number))
              try tx.notify("batch")
            }
          }
        }
        try await group.waitForAll()
      }
      #expect(try await database.count(Person.all) == 100)
      #expect((1..<50).contains(wakes.count))
      listening.cancel()
    }
  }

  @Test("a statement that fails dooms its transaction, even if the body goes on", arguments: Kind.allCases)
  func doomed(_ kind: Kind) async throws {
    try await withDatabase(kind) { database in
      await #expect(throws: DatabaseError.self) {
        try await database.write("goes on") { tx in
          try tx.insert(Person.sample(1))
          _ = try? tx.insert(Person.sample(1))
        }
      }
      let kept = try await database.count(Person.all)
      #expect(kept == 0)
    }
  }

  @Test("the plan of a query tells whether it uses an index", arguments: Kind.allCases)
  func plans(_ kind: Kind) async throws {
    try await withDatabase(kind) { database in
      let indexed = try await database.plan(of: Query("a", "SELECT name FROM people WHERE email = $1", [.text("x")]))
      #expect(!indexed.contains { $0.contains("Seq Scan") || $0.contains("SCAN") })
      let whole = try await database.plan(of: Query("b", "SELECT name FROM people WHERE name = $1", [.text("x")]))
      #expect(whole.contains { $0.contains("Seq Scan") || $0.contains("SCAN") })
    }
  }

  @Test("a closed database refuses", arguments: Kind.allCases)
  func closing(_ kind: Kind) async throws {
    try await withDatabase(kind) { database in
      await database.close()
      await #expect(throws: DatabaseError.self) { try await database.read(Query("read", "SELECT 1")) }
      await #expect(throws: DatabaseError.self) { try await database.write("write") { _ in } }
    }
  }
}
