package import Database

extension Migration {
  package static let annotations = Migration(
    3, "annotations",
    up: .each(
      postgres: """
        CREATE TABLE annotations (
          id uuid PRIMARY KEY,
          organization_id uuid NOT NULL REFERENCES organizations (id),
          page_id uuid NOT NULL REFERENCES pages (id),
          thread_id uuid NOT NULL UNIQUE REFERENCES threads (id),
          author_id uuid NOT NULL REFERENCES users (id),
          selector text NOT NULL,
          x double precision NOT NULL CHECK (x >= 0 AND x <= 1),
          y double precision NOT NULL CHECK (y >= 0 AND y <= 1),
          quoted_text text,
          body text NOT NULL,
          created_at bigint NOT NULL
        );
        CREATE INDEX annotations_by_page ON annotations (page_id, id);
        """,
      sqlite: """
        CREATE TABLE annotations (
          id TEXT PRIMARY KEY,
          organization_id TEXT NOT NULL REFERENCES organizations (id),
          page_id TEXT NOT NULL REFERENCES pages (id),
          thread_id TEXT NOT NULL UNIQUE REFERENCES threads (id),
          author_id TEXT NOT NULL REFERENCES users (id),
          selector TEXT NOT NULL,
          x REAL NOT NULL CHECK (x >= 0 AND x <= 1),
          y REAL NOT NULL CHECK (y >= 0 AND y <= 1),
          quoted_text TEXT,
          body TEXT NOT NULL,
          created_at INTEGER NOT NULL
        ) STRICT;
        CREATE INDEX annotations_by_page ON annotations (page_id, id);
        """),
    down: .both("DROP TABLE annotations;"))
}
