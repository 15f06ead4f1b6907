package import Database

extension Migration {
  /// Offsets are given under a lock that is held until the commit, so that their order is the order of commits.
  package static let outbox = Migration(
    5, "outbox",
    up: .each(
      postgres: """
        CREATE TABLE outbox (
          event_offset bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
          id uuid NOT NULL UNIQUE,
          organization_id uuid NOT NULL REFERENCES organizations (id),
          topic text NOT NULL,
          kind text NOT NULL,
          subject_id uuid NOT NULL,
          created_at bigint NOT NULL
        );
        CREATE TABLE outbox_epoch (
          one bigint PRIMARY KEY CHECK (one = 1),
          epoch uuid NOT NULL
        );
        """,
      sqlite: """
        CREATE TABLE outbox (
          event_offset INTEGER PRIMARY KEY AUTOINCREMENT,
          id TEXT NOT NULL UNIQUE,
          organization_id TEXT NOT NULL REFERENCES organizations (id),
          topic TEXT NOT NULL,
          kind TEXT NOT NULL,
          subject_id TEXT NOT NULL,
          created_at INTEGER NOT NULL
        ) STRICT;
        CREATE TABLE outbox_epoch (
          one INTEGER PRIMARY KEY CHECK (one = 1),
          epoch TEXT NOT NULL
        ) STRICT;
        """),
    down: .both(
      """
      DROP TABLE outbox_epoch;
      DROP TABLE outbox;
      """))
}
