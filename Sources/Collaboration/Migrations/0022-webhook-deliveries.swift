package import Database

extension Migration {
  /// What is to be told to the operator's webhook, what was, and what was given up.
  package static let webhookDeliveries = Migration(
    22, "webhook-deliveries",
    up: .each(
      postgres: """
        CREATE TABLE webhook_deliveries (
          id uuid PRIMARY KEY,
          organization_id uuid NOT NULL,
          notification_id uuid NOT NULL,
          user_id uuid NOT NULL,
          kind text NOT NULL,
          thread_id uuid NOT NULL,
          message_id uuid,
          created_at bigint NOT NULL,
          state text NOT NULL,
          attempts bigint NOT NULL,
          due_at bigint NOT NULL,
          last_error text
        );
        CREATE INDEX webhook_deliveries_due ON webhook_deliveries (state, due_at);
        """,
      sqlite: """
        CREATE TABLE webhook_deliveries (
          id TEXT PRIMARY KEY,
          organization_id TEXT NOT NULL,
          notification_id TEXT NOT NULL,
          user_id TEXT NOT NULL,
          kind TEXT NOT NULL,
          thread_id TEXT NOT NULL,
          message_id TEXT,
          created_at INTEGER NOT NULL,
          state TEXT NOT NULL,
          attempts INTEGER NOT NULL,
          due_at INTEGER NOT NULL,
          last_error TEXT
        ) STRICT;
        CREATE INDEX webhook_deliveries_due ON webhook_deliveries (state, due_at);
        """),
    down: .both("DROP TABLE webhook_deliveries;"))
}
