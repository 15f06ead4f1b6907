package import Database

extension Migration {
  package static let conversations = Migration(
    2, "conversations",
    up: .each(
      postgres: """
        CREATE TABLE pages (
          id uuid PRIMARY KEY,
          organization_id uuid NOT NULL REFERENCES organizations (id),
          url text NOT NULL,
          title text,
          created_at bigint NOT NULL,
          UNIQUE (organization_id, url)
        );
        CREATE TABLE threads (
          id uuid PRIMARY KEY,
          organization_id uuid NOT NULL REFERENCES organizations (id),
          page_id uuid NOT NULL REFERENCES pages (id),
          title text,
          created_by uuid NOT NULL REFERENCES users (id),
          created_at bigint NOT NULL,
          last_sequence bigint NOT NULL
        );
        CREATE INDEX threads_by_page ON threads (page_id, id);
        CREATE TABLE messages (
          id uuid PRIMARY KEY,
          organization_id uuid NOT NULL REFERENCES organizations (id),
          thread_id uuid NOT NULL REFERENCES threads (id),
          sequence bigint NOT NULL CHECK (sequence > 0),
          author_id uuid NOT NULL REFERENCES users (id),
          content text NOT NULL,
          created_at bigint NOT NULL,
          UNIQUE (thread_id, sequence)
        );
        CREATE TABLE mentions (
          message_id uuid NOT NULL REFERENCES messages (id),
          user_id uuid NOT NULL REFERENCES users (id),
          organization_id uuid NOT NULL REFERENCES organizations (id),
          PRIMARY KEY (message_id, user_id)
        );
        CREATE INDEX mentions_by_user ON mentions (user_id, message_id);
        """,
      sqlite: """
        CREATE TABLE pages (
          id TEXT PRIMARY KEY,
          organization_id TEXT NOT NULL REFERENCES organizations (id),
          url TEXT NOT NULL,
          title TEXT,
          created_at INTEGER NOT NULL,
          UNIQUE (organization_id, url)
        ) STRICT;
        CREATE TABLE threads (
          id TEXT PRIMARY KEY,
          organization_id TEXT NOT NULL REFERENCES organizations (id),
          page_id TEXT NOT NULL REFERENCES pages (id),
          title TEXT,
          created_by TEXT NOT NULL REFERENCES users (id),
          created_at INTEGER NOT NULL,
          last_sequence INTEGER NOT NULL
        ) STRICT;
        CREATE INDEX threads_by_page ON threads (page_id, id);
        CREATE TABLE messages (
          id TEXT PRIMARY KEY,
          organization_id TEXT NOT NULL REFERENCES organizations (id),
          thread_id TEXT NOT NULL REFERENCES threads (id),
          sequence INTEGER NOT NULL CHECK (sequence > 0),
          author_id TEXT NOT NULL REFERENCES users (id),
          content TEXT NOT NULL,
          created_at INTEGER NOT NULL,
          UNIQUE (thread_id, sequence)
        ) STRICT;
        CREATE TABLE mentions (
          message_id TEXT NOT NULL REFERENCES messages (id),
          user_id TEXT NOT NULL REFERENCES users (id),
          organization_id TEXT NOT NULL REFERENCES organizations (id),
          PRIMARY KEY (message_id, user_id)
        ) STRICT;
        CREATE INDEX mentions_by_user ON mentions (user_id, message_id);
        """),
    down: .both(
      """
      DROP TABLE mentions;
      DROP TABLE messages;
      DROP TABLE threads;
      DROP TABLE pages;
      """))
}
