import Database
import Testing
import World

private let first = Migration(
  1, "notes",
  up: .each(
    postgres: """
      CREATE TABLE notes (id uuid PRIMARY KEY, body text NOT NULL, size bigint, created bigint NOT NULL); -- one; two
      CREATE INDEX notes_by_age ON notes (created DESC, id);
      """,
    sqlite: """
      CREATE TABLE notes (id TEXT PRIMARY KEY, body TEXT NOT NULL, size INTEGER, created INTEGER NOT NULL); -- one; two
      CREATE INDEX notes_by_age ON notes (created DESC, id);
      """),
  down: .both("DROP TABLE notes;"))

private let second = Migration(
  2, "tags",
  up: .each(
    postgres: """
      CREATE TABLE tags (note uuid NOT NULL REFERENCES notes ON DELETE CASCADE, name text NOT NULL DEFAULT 'a;b',
        PRIMARY KEY (note, name));
      CREATE UNIQUE INDEX tags_lower ON tags (lower(name)) WHERE name <> 'x';
      CREATE FUNCTION refuse() RETURNS trigger AS $body$ BEGIN RAISE EXCEPTION 'no; never'; END; $body$ LANGUAGE plpgsql;
      CREATE TRIGGER tags_fixed BEFORE UPDATE ON tags FOR EACH ROW EXECUTE FUNCTION refuse();
      """,
    sqlite: """
      CREATE TABLE tags (note TEXT NOT NULL REFERENCES notes ON DELETE CASCADE, name TEXT NOT NULL DEFAULT 'a;b',
        PRIMARY KEY (note, name));
      CREATE UNIQUE INDEX tags_lower ON tags (lower(name)) WHERE name <> 'x';
      CREATE TRIGGER tags_fixed BEFORE UPDATE ON tags BEGIN SELECT raise(ABORT, 'no; never'); END;
      """),
  down: .each(postgres: "DROP TABLE tags; DROP FUNCTION refuse", sqlite: "DROP TABLE tags"))

@Suite(.timeLimit(.minutes(1))) struct MigrationTests {
  private let world = World.live(seed: 1)

  @Test("all up, all down, and up again give the same schema", arguments: Kind.allCases)
  func upDownUp(_ kind: Kind) async throws {
    try await withDatabase(kind) { database in
      let migrator = try Migrator(database: database, migrations: [first, second], world: world)
      let empty = try await database.schemaDump()
      #expect(try await migrator.status().pending.map(\.number) == [1, 2])
      #expect(try await migrator.up().map(\.number) == [1, 2])
      #expect(try await migrator.up().isEmpty)
      let dump = try await database.schemaDump()
      #expect(dump.contains("tags_lower"))
      let status = try await migrator.status()
      #expect(status.head == 2)
      #expect(status.applied.map(\.checksum) == [first, second].map { $0.checksum(database.dialect) })
      #expect(try await migrator.down(to: 1).map(\.number) == [2])
      #expect(try await migrator.down(to: 0).map(\.number) == [1])
      let left = try await database.schemaDump()
      #expect(left.hasPrefix(empty.split(separator: "\n").first ?? "") && !left.contains("notes"))
      try await migrator.up()
      #expect(try await database.schemaDump() == dump)
    }
  }

  @Test("both dialects have the same schema, told apart only by what differs", arguments: Kind.allCases)
  func summary(_ kind: Kind) async throws {
    try await withDatabase(kind) { database in
      try await Migrator(database: database, migrations: [first, second], world: world).up()
      let text = try await database.schemaSummary().description
      let notes = """
        table notes
          id text not null
          body text not null
          size integer
          created integer not null
          primary key (id)
          index (created DESC, id)

        """
      let tags = """
        table tags
          note text not null
          name text not null
          primary key (note, name)
          unique partial index ((expression))
          foreign key (note) references notes (id) on delete cascade

        """
      #expect(text.contains(notes) && text.contains(tags))
    }
  }

  @Test("what does not fit is refused, and the error says how to go on", arguments: Kind.allCases)
  func refusals(_ kind: Kind) async throws {
    try await withDatabase(kind) { database in
      func failure(_ migrations: [Migration], to target: Int? = nil) async throws -> MigrationError? {
        do {
          try await Migrator(database: database, migrations: migrations, world: world).up(to: target)
          return nil
        } catch { return try #require(error as? MigrationError, "\(error)") }
      }
      #expect(try await failure([second, first])?.kind == .invalidSteps)
      #expect(try await failure([first], to: 2)?.kind == .noSuchStep(2))
      let far = Migration(9, "far", up: .both("SELECT 1"), down: .both(""))
      #expect(try await failure([first, far], to: 5)?.kind == .noSuchStep(5))
      let broken = Migration(
        2, "broken", up: .both("CREATE TABLE half (id bigint); CREATE TABLE half (id bigint)"), down: .both(""))
      let failed = try await failure([first, broken])
      #expect(failed?.kind == .failed(2))
      #expect(failed?.message.contains("statement 2 of 2") == true)
      #expect(try await database.schemaDump().contains("half") == false)
      #expect(try await failure([first, second]) == nil)
      #expect(try await failure([first])?.kind == .unknown(2))
      let between = Migration(3, "between", up: .both("SELECT 1"), down: .both(""))
      #expect(try await failure([first, second, far]) == nil)
      #expect(try await failure([first, second, between, far])?.kind == .missing(3))
      let changed = Migration(1, "notes", up: .both("SELECT 1"), down: .both(""))
      #expect(try await failure([changed, second])?.kind == .changed(1))
    }
  }

  @Test("two runners share the work", arguments: Kind.allCases)
  func twoRunners(_ kind: Kind) async throws {
    try await withDatabase(kind) { database in
      let migrator = try Migrator(database: database, migrations: [first, second], world: world)
      async let one = migrator.up()
      async let other = migrator.up()
      #expect(try await (one + other).map(\.number).sorted() == [1, 2])
    }
  }
}
