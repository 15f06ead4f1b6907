package import Database

extension Migration {
  package static let notifications = Migration(
    4, "notifications",
    up: .each(
      postgres: """
        CREATE TABLE notifications (
          id uuid PRIMARY KEY,
          organization_id uuid NOT NULL REFERENCES organizations (id),
          user_id uuid NOT NULL REFERENCES users (id),
          kind text NOT NULL,
          message_id uuid NOT NULL REFERENCES messages (id),
          actor_id uuid NOT NULL REFERENCES users (id),
          created_at bigint NOT NULL,
          read_at bigint,
          UNIQUE (user_id, message_id)
        );
        CREATE INDEX notifications_by_user ON notifications (user_id, id);
        CREATE INDEX notifications_unread ON notifications (user_id, id) WHERE read_at IS NULL;
        """,
      sqlite: """
        CREATE TABLE notifications (
          id TEXT PRIMARY KEY,
          organization_id TEXT NOT NULL REFERENCES organizations (id),
          user_id TEXT NOT NULL REFERENCES users (id),
          kind TEXT NOT NULL,
          message_id TEXT NOT NULL REFERENCES messages (id),
          actor_id TEXT NOT NULL REFERENCES users (id),
          created_at INTEGER NOT NULL,
          read_at INTEGER,
          UNIQUE (user_id, message_id)
        ) STRICT;
        CREATE INDEX notifications_by_user ON notifications (user_id, id);
        CREATE INDEX notifications_unread ON notifications (user_id, id) WHERE read_at IS NULL;
        """),
    down: .both("DROP TABLE notifications;"))
}
