import Database
import Testing
import World

private let notes = Migration(
  1, "notes", up: .both("CREATE TABLE notes (id bigint PRIMARY KEY, body text);"), down: .both("DROP TABLE notes;"))
private let sizes = Migration(
  2, "sizes", up: .both("CREATE TABLE first (id bigint); ALTER TABLE notes ADD COLUMN size bigint;"),
  down: .both("ALTER TABLE notes DROP COLUMN size; DROP TABLE first;"))
private let bodies = Migration(
  2, "bodies", concurrently: [ConcurrentIndex("notes_by_body", on: "notes (body)", isUnique: true)])

/// A clock on which something happens while somebody pauses.
private struct PausingClock: WorldClock {
  private let live = LiveClock()
  let onPause: @Sendable () async throws -> Void
  init(_ onPause: @escaping @Sendable () async throws -> Void) { self.onPause = onPause }
  var now: Instant { live.now }
  var wall: WallTime { live.wall }
  func sleep(until deadline: Instant) async throws { try await onPause() }
}

/// Somebody else, who has run a statement and keeps what it locked until they are released.
private struct Holder: Sendable {
  private let gate = Gate()
  private let task: Task<Void, any Error>

  init(_ database: any Database, _ sql: String, inTransaction: Bool = true) async {
    let held = Mailbox<Void>(limit: 1)
    let body: @Sendable (any StatementRunner) throws -> Void = { [gate] runner in
      _ = try runner.query(Query("hold", sql))
      held.send(())
      gate.pass()
    }
    task = Task {
      if inTransaction {
        try await database.write("hold") { try body($0) }
      } else {
        try await database.alone("hold", body)
      }
    }
    await held.next()
  }

  func release() async throws {
    gate.open()
    try await task.value
  }
}

@Suite("Migrations beside others", .timeLimit(.minutes(1))) struct MigrationLockTests {
  private static var postgres: [Kind] { Kind.allCases.filter { $0 == .postgres } }

  private func migrator(
    _ database: any Database, _ migrations: [Migration], onPause: @escaping @Sendable () async throws -> Void = {}
  ) throws -> Migrator {
    var limits = Migrator.Limits()
    limits.lockTimeout = .milliseconds(20)
    limits.lockAttempts = 2
    let world = World(clock: PausingClock(onPause), seed: 1)
    return try Migrator(database: database, migrations: migrations, world: world, limits: limits)
  }

  private func failure(_ body: () async throws -> Void) async -> MigrationError? {
    do {
      try await body()
      return nil
    } catch { return error as? MigrationError }
  }

  @Test(
    "a step that others are in the way of gives up in time, keeps nothing, and succeeds once they are gone",
    arguments: postgres)
  func lockTimeout(_ kind: Kind) async throws {
    try await withDatabase(kind) { database in
      try await migrator(database, [notes]).up()
      let holder = await Holder(database, "SELECT * FROM notes")
      let error = await failure { try await migrator(database, [notes, sizes]).up() }
      #expect(error?.kind == .busy(2))
      #expect(
        error?.message.contains("statement 2 of 2") == true && error?.message.contains("pg_stat_activity") == true)
      #expect(try await database.schemaDump().contains("first") == false)
      #expect(try await migrator(database, [notes, sizes]).status().head == 1)
      let patient = try migrator(database, [notes, sizes]) { try await holder.release() }
      #expect(try await patient.up().map(\.number) == [2])
    }
  }

  @Test("a second runner waits for the first, and says so when that takes too long", arguments: postgres)
  func secondRunner(_ kind: Kind) async throws {
    try await withDatabase(kind) { database in
      let lock = "SELECT pg_advisory_lock(hashtextextended('schema_migrations', 0))"
      let holder = await Holder(database, lock, inTransaction: false)
      var limits = Migrator.Limits()
      limits.runnerWait = .zero
      let impatient = try Migrator(
        database: database, migrations: [notes], world: World.live(seed: 1), limits: limits)
      #expect(await failure { try await impatient.up() }?.kind == .locked)
      let patient = try migrator(database, [notes]) { try await holder.release() }
      #expect(try await patient.up().map(\.number) == [1])
    }
  }

  @Test("indexes are built beside those who write, and taken back", arguments: Kind.allCases)
  func concurrent(_ kind: Kind) async throws {
    try await withDatabase(kind) { database in
      let migrator = try migrator(database, [notes, bodies])
      try await migrator.up(to: 1)
      let without = try await database.schemaDump()
      #expect(try await migrator.up().map(\.number) == [2])
      #expect(try await database.schemaDump().contains("notes_by_body"))
      #expect(try await migrator.down(to: 1).map(\.number) == [2])
      #expect(try await database.schemaDump() == without)
      guard kind == .postgres else { return }
      // Whoever only holds the table for writing is waited for, but keeps nobody from writing meanwhile.
      let holder = await Holder(database, "INSERT INTO notes VALUES (1, 'one')")
      let wrote = Mailbox<Void>(limit: 1)
      async let built = migrator.up()
      try await waitUntil(database, "SELECT count(*) \(Self.building)")
      try await database.write("beside") { tx in
        try tx.execute(Query("insert", "INSERT INTO notes VALUES (2, 'two')"))
        wrote.send(())
      }
      try await holder.release()
      #expect(try await built.map(\.number) == [2])
    }
  }

  @Test("an index that a killed or failed runner left is replaced, or taken over when it is whole", arguments: postgres)
  func recovery(_ kind: Kind) async throws {
    try await withDatabase(kind) { database in
      let migrator = try migrator(database, [notes, bodies])
      let isValid = Query("valid", "SELECT indisvalid FROM pg_index WHERE indexrelid = to_regclass('notes_by_body')")
      func validity() async throws -> Bool? { try await database.read(isValid).first?.bool(0) }
      try await migrator.up(to: 1)
      let holder = await Holder(database, "INSERT INTO notes VALUES (1, 'same')")
      async let killed = failure { try await migrator.up() }
      try await waitUntil(database, "SELECT count(pg_terminate_backend(pid)) \(Self.building)")
      #expect(await killed?.kind == .failed(2))
      try await holder.release()
      #expect(try await validity() == false)
      #expect(try await migrator.status().head == 1)
      _ = try await database.write("same") { try $0.execute(Query("insert", "INSERT INTO notes VALUES (2, 'same')")) }
      let refused = await failure { try await migrator.up() }
      #expect(refused?.kind == .failed(2))
      #expect(refused?.message.contains("the next run replaces it") == true)
      #expect(try await validity() == false)
      _ = try await database.write("mend") { try $0.execute(Query("delete", "DELETE FROM notes WHERE id = 2")) }
      #expect(try await migrator.up().map(\.number) == [2])
      #expect(try await validity() == true)
      try await migrator.down(to: 1)
      _ = try await database.alone("by hand") {
        try $0.query(Query("index", "CREATE UNIQUE INDEX notes_by_body ON notes (body)"))
      }
      #expect(try await migrator.up().map(\.number) == [2])
    }
  }

  /// Who builds an index in this database and waits for others; the cluster has databases of other tests too.
  private static let building = """
    FROM pg_stat_activity WHERE datname = current_database()
      AND query LIKE 'CREATE%CONCURRENTLY%' AND wait_event = 'virtualxid'
    """

  /// Asks until the count is not 0.
  private func waitUntil(_ database: any Database, _ sql: String) async throws {
    while try await database.read(Query("wait", sql)).first?.int(0) == 0 {}
  }
}
