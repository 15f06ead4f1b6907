package import Database

extension Migration {
  /// Who takes part in a thread, how far they have read and whether they follow it; threads can be resolved. Authors of
  /// what is there already take part, and have read up to their own last message.
  package static let participants = Migration(
    8, "participants",
    up: .each(
      postgres: """
        ALTER TABLE threads ADD COLUMN resolved_at bigint;
        ALTER TABLE threads ADD COLUMN resolved_by uuid REFERENCES users (id);
        CREATE TABLE participants (
          thread_id uuid NOT NULL REFERENCES threads (id),
          user_id uuid NOT NULL REFERENCES users (id),
          organization_id uuid NOT NULL REFERENCES organizations (id),
          last_read bigint NOT NULL,
          is_subscribed boolean NOT NULL,
          joined_at bigint NOT NULL,
          PRIMARY KEY (thread_id, user_id)
        );
        INSERT INTO participants
          SELECT thread_id, author_id, organization_id, max(sequence), false, min(created_at) FROM messages
          GROUP BY thread_id, author_id, organization_id;
        CREATE INDEX participants_by_user ON participants (user_id, thread_id);
        CREATE INDEX participants_subscribed ON participants (thread_id, user_id) WHERE is_subscribed;
        """,
      sqlite: """
        ALTER TABLE threads ADD COLUMN resolved_at INTEGER;
        ALTER TABLE threads ADD COLUMN resolved_by TEXT REFERENCES users (id);
        CREATE TABLE participants (
          thread_id TEXT NOT NULL REFERENCES threads (id),
          user_id TEXT NOT NULL REFERENCES users (id),
          organization_id TEXT NOT NULL REFERENCES organizations (id),
          last_read INTEGER NOT NULL,
          is_subscribed INTEGER NOT NULL,
          joined_at INTEGER NOT NULL,
          PRIMARY KEY (thread_id, user_id)
        ) STRICT;
        INSERT INTO participants
          SELECT thread_id, author_id, organization_id, max(sequence), 0, min(created_at) FROM messages
          GROUP BY thread_id, author_id, organization_id;
        CREATE INDEX participants_by_user ON participants (user_id, thread_id);
        CREATE INDEX participants_subscribed ON participants (thread_id, user_id) WHERE is_subscribed;
        """),
    down: .both(
      """
      DROP TABLE participants;
      ALTER TABLE threads DROP COLUMN resolved_by;
      ALTER TABLE threads DROP COLUMN resolved_at;
      """))
}
