package import Database

extension Migration {
  /// Streams are read by topic, and the outbox and the keys are trimmed.
  package static let resume = Migration(
    6, "resume",
    up: .each(
      postgres: """
        ALTER TABLE outbox_epoch ADD COLUMN trimmed_through bigint NOT NULL DEFAULT 0;
        CREATE INDEX outbox_by_topic ON outbox (topic, event_offset);
        CREATE INDEX idempotency_keys_by_age ON idempotency_keys (created_at);
        """,
      sqlite: """
        ALTER TABLE outbox_epoch ADD COLUMN trimmed_through INTEGER NOT NULL DEFAULT 0;
        CREATE INDEX outbox_by_topic ON outbox (topic, event_offset);
        CREATE INDEX idempotency_keys_by_age ON idempotency_keys (created_at);
        """),
    down: .both(
      """
      DROP INDEX idempotency_keys_by_age;
      DROP INDEX outbox_by_topic;
      ALTER TABLE outbox_epoch DROP COLUMN trimmed_through;
      """))
}
