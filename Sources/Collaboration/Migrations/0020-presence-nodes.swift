package import Database

extension Migration {
  /// What several servers of one database tell each other of who is where, and when somebody was last on a page. The
  /// first need not survive a crash of Postgres: servers announce again what they know.
  package static let presenceNodes = Migration(
    20, "presence-nodes",
    up: .each(
      postgres: """
        CREATE UNLOGGED TABLE presence_nodes (
          id uuid PRIMARY KEY,
          beat bigint NOT NULL,
          beaten_at bigint NOT NULL,
          version bigint NOT NULL,
          trimmed_through bigint NOT NULL
        );
        CREATE UNLOGGED TABLE presences (
          node_id uuid NOT NULL,
          page_id uuid NOT NULL,
          user_id uuid NOT NULL,
          organization_id uuid NOT NULL,
          region text,
          exclusive_within text,
          since bigint NOT NULL,
          entered_at bigint NOT NULL,
          is_present boolean NOT NULL,
          version bigint NOT NULL,
          PRIMARY KEY (node_id, page_id, user_id)
        );
        CREATE INDEX presences_by_version ON presences (node_id, version);
        CREATE TABLE page_visits (
          page_id uuid NOT NULL REFERENCES pages (id),
          user_id uuid NOT NULL REFERENCES users (id),
          organization_id uuid NOT NULL REFERENCES organizations (id),
          seen_at bigint NOT NULL,
          PRIMARY KEY (page_id, user_id)
        );
        CREATE INDEX page_visits_by_time ON page_visits (page_id, seen_at);
        """,
      sqlite: """
        CREATE TABLE presence_nodes (
          id TEXT PRIMARY KEY,
          beat INTEGER NOT NULL,
          beaten_at INTEGER NOT NULL,
          version INTEGER NOT NULL,
          trimmed_through INTEGER NOT NULL
        ) STRICT;
        CREATE TABLE presences (
          node_id TEXT NOT NULL,
          page_id TEXT NOT NULL,
          user_id TEXT NOT NULL,
          organization_id TEXT NOT NULL,
          region TEXT,
          exclusive_within TEXT,
          since INTEGER NOT NULL,
          entered_at INTEGER NOT NULL,
          is_present INTEGER NOT NULL,
          version INTEGER NOT NULL,
          PRIMARY KEY (node_id, page_id, user_id)
        ) STRICT;
        CREATE INDEX presences_by_version ON presences (node_id, version);
        CREATE TABLE page_visits (
          page_id TEXT NOT NULL REFERENCES pages (id),
          user_id TEXT NOT NULL REFERENCES users (id),
          organization_id TEXT NOT NULL REFERENCES organizations (id),
          seen_at INTEGER NOT NULL,
          PRIMARY KEY (page_id, user_id)
        ) STRICT;
        CREATE INDEX page_visits_by_time ON page_visits (page_id, seen_at);
        """),
    down: .both(
      """
      DROP TABLE page_visits;
      DROP TABLE presences;
      DROP TABLE presence_nodes;
      """))
}
