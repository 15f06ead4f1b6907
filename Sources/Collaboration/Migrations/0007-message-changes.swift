package import Database

extension Migration {
  /// Messages can be edited, deleted and reacted to.
  package static let messageChanges = Migration(
    7, "message-changes",
    up: .each(
      postgres: """
        ALTER TABLE messages ADD COLUMN version bigint NOT NULL DEFAULT 1;
        ALTER TABLE messages ADD COLUMN edited_at bigint;
        ALTER TABLE messages ADD COLUMN deleted_at bigint;
        CREATE TABLE message_edits (
          message_id uuid NOT NULL REFERENCES messages (id),
          version bigint NOT NULL,
          organization_id uuid NOT NULL REFERENCES organizations (id),
          content text NOT NULL,
          replaced_at bigint NOT NULL,
          PRIMARY KEY (message_id, version)
        );
        CREATE TABLE reactions (
          message_id uuid NOT NULL REFERENCES messages (id),
          user_id uuid NOT NULL REFERENCES users (id),
          emoji text NOT NULL,
          organization_id uuid NOT NULL REFERENCES organizations (id),
          created_at bigint NOT NULL,
          PRIMARY KEY (message_id, user_id, emoji)
        );
        """,
      sqlite: """
        ALTER TABLE messages ADD COLUMN version INTEGER NOT NULL DEFAULT 1;
        ALTER TABLE messages ADD COLUMN edited_at INTEGER;
        ALTER TABLE messages ADD COLUMN deleted_at INTEGER;
        CREATE TABLE message_edits (
          message_id TEXT NOT NULL REFERENCES messages (id),
          version INTEGER NOT NULL,
          organization_id TEXT NOT NULL REFERENCES organizations (id),
          content TEXT NOT NULL,
          replaced_at INTEGER NOT NULL,
          PRIMARY KEY (message_id, version)
        ) STRICT;
        CREATE TABLE reactions (
          message_id TEXT NOT NULL REFERENCES messages (id),
          user_id TEXT NOT NULL REFERENCES users (id),
          emoji TEXT NOT NULL,
          organization_id TEXT NOT NULL REFERENCES organizations (id),
          created_at INTEGER NOT NULL,
          PRIMARY KEY (message_id, user_id, emoji)
        ) STRICT;
        """),
    down: .both(
      """
      DROP TABLE reactions;
      DROP TABLE message_edits;
      ALTER TABLE messages DROP COLUMN deleted_at;
      ALTER TABLE messages DROP COLUMN edited_at;
      ALTER TABLE messages DROP COLUMN version;
      """))
}
