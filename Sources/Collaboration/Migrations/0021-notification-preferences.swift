package import Database

extension Migration {
  /// Of which kinds of notifications somebody wants to be told. Who has said nothing is told of all.
  package static let notificationPreferences = Migration(
    21, "notification-preferences",
    up: .each(
      postgres: """
        CREATE TABLE notification_preferences (
          user_id uuid NOT NULL REFERENCES users (id),
          kind text NOT NULL,
          organization_id uuid NOT NULL REFERENCES organizations (id),
          delivery text NOT NULL,
          PRIMARY KEY (user_id, kind)
        );
        """,
      sqlite: """
        CREATE TABLE notification_preferences (
          user_id TEXT NOT NULL REFERENCES users (id),
          kind TEXT NOT NULL,
          organization_id TEXT NOT NULL REFERENCES organizations (id),
          delivery TEXT NOT NULL,
          PRIMARY KEY (user_id, kind)
        ) STRICT;
        """),
    down: .both("DROP TABLE notification_preferences;"))
}
