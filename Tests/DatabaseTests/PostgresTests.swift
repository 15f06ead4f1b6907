import Database
import Synchronization
import Testing
import World

@Suite(.enabled(if: EphemeralPostgres.obstacle == nil, "Postgres is not installed"), .timeLimit(.minutes(1)))
struct PostgresTests {
  @Test("what Postgres sends in binary is read")
  func types() async throws {
    try await withDatabase(.postgres) { database in
      let rows = try await database.read(
        Query(
          "types",
          """
          SELECT true AS b, 7::int2 AS i2, -7::int4 AS i4, 1.5::float4 AS f4, 'x'::varchar AS v, '{"a":1}'::jsonb AS j,
            sum(v.n) AS s, 12.25::numeric AS n, -0.0625::numeric AS m, ARRAY['a', NULL]::text[] AS l,
            '2026-01-01T00:00:00Z'::timestamptz AS t, NULL::bigint AS z, '{}'::bigint[] AS e, 1234567890123::numeric AS w
          FROM (VALUES (9007199254740993::bigint), (1)) AS v(n)
          """))
      let row = try #require(rows.first)
      #expect(try row.bool("b"))
      #expect(try row.int("i2") == 7)
      #expect(try row.int("i4") == -7)
      #expect(try row.double("f4") == 1.5)
      #expect(try row.text("v") == "x")
      #expect(try row.text("j") == "{\"a\": 1}")
      #expect(try row.int("s") == 9_007_199_254_740_994)
      #expect(try row.double("n") == 12.25)
      #expect(try row.double("m") == -0.0625)
      #expect(try row.value("l") == .list([.text("a"), .null]))
      #expect(try row.int("t") == 1_767_225_600_000)
      #expect(try row.intOrNil("z") == nil)
      #expect(try row.value("e") == .list([]))
      #expect(try row.int("w") == 1_234_567_890_123)
      #expect(throws: DatabaseError.self) { try row.text("i4") }
      #expect(throws: DatabaseError.self) { try row.text("missing") }
    }
  }

  @Test("among many reads in flight, one that fails takes no other with it")
  func pipelineIsolation() async throws {
    try await withDatabase(.postgres) { database in
      let failures = await withTaskGroup(of: Int?.self) { group in
        for number in 0..<300 {
          group.addTask {
            let sql = number % 10 == 3 ? "SELECT 1 / ($1::bigint - $1::bigint)" : "SELECT $1::bigint"
            let query = Query("number", number % 10 == 7 ? "SELECT nothing FROM \(number)" : sql, [.int(Int64(number))])
            do {
              let rows = try await database.read(query)
              let value = try rows[0].int(0)
              return value == Int64(number) ? nil : -1
            } catch { return number }
          }
        }
        return await group.reduce(into: [Int]()) { failures, failure in if let failure { failures.append(failure) } }
      }
      #expect(failures.sorted() == (0..<300).filter { $0 % 10 == 3 || $0 % 10 == 7 })
    }
  }

  @Test("many readers at once share a few connections")
  func pipelined() async throws {
    try await withDatabase(.postgres) { database in
      let backends = try await withThrowingTaskGroup(of: Int64.self) { group in
        for _ in 0..<200 {
          group.addTask { try await database.read(Query("who", "SELECT pg_backend_pid()"))[0].int(0) }
        }
        return try await group.reduce(into: Set<Int64>()) { $0.insert($1) }
      }
      #expect((1...3).contains(backends.count))
    }
  }

  @Test("a connection that breaks before the commit is no matter, one that breaks in it leaves the outcome unknown")
  func brokenConnections() async throws {
    try await withDatabase(.postgres) { database in
      let suicide = "pg_terminate_backend(pg_backend_pid())"
      let attempts = Mutex(0)
      try await database.write("dies once") { tx in
        try tx.insert(Person.sample(1))
        let attempt = attempts.withLock { count in
          count += 1
          return count
        }
        if attempt == 1 { _ = try tx.query(Query("die", "SELECT \(suicide)")) }
      }
      #expect(attempts.withLock { $0 } == 2)
      #expect(try await database.count(Person.all) == 1)
      try await database.write("trap") { tx in
        try tx.execute(
          Query(
            "function",
            "CREATE FUNCTION die() RETURNS trigger AS $$ BEGIN PERFORM \(suicide); RETURN NULL; END $$ "
              + "LANGUAGE plpgsql"))
        try tx.execute(
          Query(
            "trigger",
            "CREATE CONSTRAINT TRIGGER die AFTER INSERT ON people INITIALLY DEFERRED FOR EACH ROW "
              + "EXECUTE FUNCTION die()"))
      }
      do {
        try await database.write("dies in its commit") { try $0.insert(Person.sample(2)) }
        Issue.record("committed")
      } catch { #expect((error as? DatabaseError)?.kind == .unknownOutcome) }
    }
  }

  @Test("more statements than a connection keeps prepared are still answered")
  func manyStatements() async throws {
    try await withDatabase(.postgres) { database in
      for number in 0..<300 {
        #expect(try await database.read(Query("n", "SELECT \(number)"))[0].int(0) == Int64(number))
      }
      try await database.write("many") { tx in
        for number in 0..<300 {
          let value = try tx.query(Query("n", "SELECT \(number)"))[0].int(0)
          #expect(value == Int64(number))
        }
      }
    }
  }

  @Test("transactions that deadlock are run again")
  func deadlock() async throws {
    try await withDatabase(.postgres) { database in
      try await database.write("insert") { try $0.insert([Person.sample(1), Person.sample(2)]) }
      try await withThrowingTaskGroup(of: Void.self) { group in
        for number in 0..<4 {
          group.addTask {
            try await database.write("cross") { tx in
              let ids = [Person.sample(1).id, Person.sample(2).id]
              for id in number % 2 == 0 ? ids : ids.reversed() {
                try tx.update(Person.self, set: Person.team.plus(1), where: Person.id == id)
              }
            }
          }
        }
        try await group.waitForAll()
      }
      #expect(try await database.select(Person.all).map(\.team) == [4, 4])
    }
  }

  @Test("after a restart of the server reads, transactions and wake-ups go on")
  func restart() async throws {
    let cluster = try await EphemeralPostgres.start(world: .live(seed: 2))
    try await cluster.makeTemplate { database in
      try await database.write("schema") { tx in for query in Person.schema { try tx.execute(query) } }
    }
    let database = try await cluster.clone().open()
    let (wakes, continuation) = AsyncStream.makeStream(of: Void.self)
    let listening = try await database.listen("news") { continuation.yield() }
    try await database.write("before") { try $0.insert(Person.sample(1)) }
    try await cluster.restart(crash: false)
    // A pooled connection that died is replaced before anything was committed over it.
    try await database.write("after") { try $0.insert(Person.sample(2)) }
    var iterator = wakes.makeAsyncIterator()
    await iterator.next()
    var people: [Person] = []
    while people.isEmpty {
      do { people = try await database.select(Person.all) } catch {
        #expect(error.kind == .connection)
      }
    }
    #expect(people.count == 2)
    listening.cancel()
    await database.close()
    await cluster.stop()
  }

  @Test("a server that is not there is a connection error")
  func unreachable() async throws {
    do {
      _ = try await PostgresDatabase.connect("host=/nowhere user=x dbname=x")
      Issue.record("connected to nothing")
    } catch { #expect(error.kind == .connection) }
  }
}
