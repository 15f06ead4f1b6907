package import Database

extension Migration {
  /// Threads that only their participants may see. What is in a thread says the same as the thread, which never changes,
  /// so that lists and searches need not look it up. Events can be meant for some of a topic's subscribers.
  package static let privateThreads = Migration(
    15, "private-threads",
    up: .each(
      postgres: """
        ALTER TABLE threads ADD COLUMN is_private boolean NOT NULL DEFAULT false;
        ALTER TABLE messages ADD COLUMN is_private boolean NOT NULL DEFAULT false;
        ALTER TABLE annotations ADD COLUMN is_private boolean NOT NULL DEFAULT false;
        ALTER TABLE message_texts ADD COLUMN is_private boolean NOT NULL DEFAULT false;
        ALTER TABLE outbox ADD COLUMN audience text;
        """,
      sqlite: """
        ALTER TABLE threads ADD COLUMN is_private INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE messages ADD COLUMN is_private INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE annotations ADD COLUMN is_private INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE message_texts ADD COLUMN is_private INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE outbox ADD COLUMN audience TEXT;
        """),
    // An older build knows no privacy: it must not be able to show what was private.
    down: .both(
      """
      DELETE FROM outbox WHERE audience IS NOT NULL;
      DELETE FROM message_texts WHERE is_private;
      DELETE FROM notifications
        WHERE kind = 'THREAD_ADDED' OR thread_id IN (SELECT id FROM threads WHERE is_private);
      DELETE FROM mentions WHERE message_id IN (SELECT id FROM messages WHERE is_private);
      DELETE FROM reactions WHERE message_id IN (SELECT id FROM messages WHERE is_private);
      DELETE FROM message_edits WHERE message_id IN (SELECT id FROM messages WHERE is_private);
      DELETE FROM messages WHERE is_private;
      DELETE FROM annotations WHERE is_private;
      DELETE FROM participants WHERE thread_id IN (SELECT id FROM threads WHERE is_private);
      DELETE FROM threads WHERE is_private;
      ALTER TABLE outbox DROP COLUMN audience;
      ALTER TABLE message_texts DROP COLUMN is_private;
      ALTER TABLE annotations DROP COLUMN is_private;
      ALTER TABLE messages DROP COLUMN is_private;
      ALTER TABLE threads DROP COLUMN is_private;
      """))
}
