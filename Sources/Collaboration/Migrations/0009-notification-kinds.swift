package import Database

extension Migration {
  /// Notifications of other kinds than mentions: about a thread when there is no message, and taken back when what they
  /// were about is gone.
  package static let notificationKinds = Migration(
    9, "notification-kinds",
    up: .each(
      postgres: """
        ALTER TABLE notifications ADD COLUMN thread_id uuid REFERENCES threads (id);
        UPDATE notifications SET thread_id = messages.thread_id FROM messages WHERE messages.id = message_id;
        ALTER TABLE notifications ALTER COLUMN thread_id SET NOT NULL;
        ALTER TABLE notifications ALTER COLUMN message_id DROP NOT NULL;
        ALTER TABLE notifications ADD COLUMN retracted_at bigint;
        DROP INDEX notifications_unread;
        DROP INDEX notifications_by_user;
        CREATE INDEX notifications_by_user ON notifications (user_id, id) WHERE retracted_at IS NULL;
        CREATE INDEX notifications_unread ON notifications (user_id, id)
          WHERE read_at IS NULL AND retracted_at IS NULL;
        CREATE INDEX notifications_by_message ON notifications (message_id, user_id);
        CREATE UNIQUE INDEX notifications_of_thread ON notifications (thread_id, user_id)
          WHERE message_id IS NULL AND retracted_at IS NULL;
        """,
      sqlite: """
        CREATE TABLE notifications_new (
          id TEXT PRIMARY KEY,
          organization_id TEXT NOT NULL REFERENCES organizations (id),
          user_id TEXT NOT NULL REFERENCES users (id),
          kind TEXT NOT NULL,
          message_id TEXT REFERENCES messages (id),
          actor_id TEXT NOT NULL REFERENCES users (id),
          created_at INTEGER NOT NULL,
          read_at INTEGER,
          thread_id TEXT NOT NULL REFERENCES threads (id),
          retracted_at INTEGER,
          UNIQUE (user_id, message_id)
        ) STRICT;
        INSERT INTO notifications_new
          SELECT n.id, n.organization_id, n.user_id, n.kind, n.message_id, n.actor_id, n.created_at, n.read_at,
            m.thread_id, NULL
          FROM notifications n JOIN messages m ON m.id = n.message_id;
        DROP TABLE notifications;
        ALTER TABLE notifications_new RENAME TO notifications;
        CREATE INDEX notifications_by_user ON notifications (user_id, id) WHERE retracted_at IS NULL;
        CREATE INDEX notifications_unread ON notifications (user_id, id)
          WHERE read_at IS NULL AND retracted_at IS NULL;
        CREATE INDEX notifications_by_message ON notifications (message_id, user_id);
        CREATE UNIQUE INDEX notifications_of_thread ON notifications (thread_id, user_id)
          WHERE message_id IS NULL AND retracted_at IS NULL;
        """),
    down: .each(
      postgres: """
        DELETE FROM notifications WHERE kind <> 'MENTION' OR retracted_at IS NOT NULL;
        DROP INDEX notifications_of_thread;
        DROP INDEX notifications_by_message;
        DROP INDEX notifications_unread;
        DROP INDEX notifications_by_user;
        ALTER TABLE notifications DROP COLUMN retracted_at;
        ALTER TABLE notifications ALTER COLUMN message_id SET NOT NULL;
        ALTER TABLE notifications DROP COLUMN thread_id;
        CREATE INDEX notifications_by_user ON notifications (user_id, id);
        CREATE INDEX notifications_unread ON notifications (user_id, id) WHERE read_at IS NULL;
        """,
      sqlite: """
        CREATE TABLE notifications_old (
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
        INSERT INTO notifications_old
          SELECT id, organization_id, user_id, kind, message_id, actor_id, created_at, read_at FROM notifications
          WHERE kind = 'MENTION' AND retracted_at IS NULL;
        DROP TABLE notifications;
        ALTER TABLE notifications_old RENAME TO notifications;
        CREATE INDEX notifications_by_user ON notifications (user_id, id);
        CREATE INDEX notifications_unread ON notifications (user_id, id) WHERE read_at IS NULL;
        """))
}
