package import Database

extension Migration {
  package static let accounts = Migration(
    1, "accounts",
    up: .each(
      postgres: """
        CREATE TABLE organizations (
          id uuid PRIMARY KEY,
          slug text NOT NULL UNIQUE,
          name text NOT NULL,
          secret bytea NOT NULL,
          created_at bigint NOT NULL
        );
        CREATE TABLE users (
          id uuid PRIMARY KEY,
          organization_id uuid NOT NULL REFERENCES organizations (id),
          external_id text NOT NULL,
          name text NOT NULL,
          email text,
          created_at bigint NOT NULL,
          UNIQUE (organization_id, external_id)
        );
        CREATE INDEX users_by_organization ON users (organization_id, id);
        CREATE TABLE sessions (
          id uuid PRIMARY KEY,
          organization_id uuid NOT NULL REFERENCES organizations (id),
          user_id uuid NOT NULL REFERENCES users (id),
          token_hash bytea NOT NULL UNIQUE,
          created_at bigint NOT NULL,
          expires_at bigint NOT NULL,
          revoked_at bigint
        );
        CREATE INDEX sessions_by_user ON sessions (user_id, id);
        CREATE TABLE idempotency_keys (
          user_id uuid NOT NULL REFERENCES users (id),
          key text NOT NULL,
          mutation text NOT NULL,
          result_id uuid NOT NULL,
          created_at bigint NOT NULL,
          PRIMARY KEY (user_id, key)
        );
        """,
      sqlite: """
        CREATE TABLE organizations (
          id TEXT PRIMARY KEY,
          slug TEXT NOT NULL UNIQUE,
          name TEXT NOT NULL,
          secret BLOB NOT NULL,
          created_at INTEGER NOT NULL
        ) STRICT;
        CREATE TABLE users (
          id TEXT PRIMARY KEY,
          organization_id TEXT NOT NULL REFERENCES organizations (id),
          external_id TEXT NOT NULL,
          name TEXT NOT NULL,
          email TEXT,
          created_at INTEGER NOT NULL,
          UNIQUE (organization_id, external_id)
        ) STRICT;
        CREATE INDEX users_by_organization ON users (organization_id, id);
        CREATE TABLE sessions (
          id TEXT PRIMARY KEY,
          organization_id TEXT NOT NULL REFERENCES organizations (id),
          user_id TEXT NOT NULL REFERENCES users (id),
          token_hash BLOB NOT NULL UNIQUE,
          created_at INTEGER NOT NULL,
          expires_at INTEGER NOT NULL,
          revoked_at INTEGER
        ) STRICT;
        CREATE INDEX sessions_by_user ON sessions (user_id, id);
        CREATE TABLE idempotency_keys (
          user_id TEXT NOT NULL REFERENCES users (id),
          key TEXT NOT NULL,
          mutation TEXT NOT NULL,
          result_id TEXT NOT NULL,
          created_at INTEGER NOT NULL,
          PRIMARY KEY (user_id, key)
        ) STRICT;
        """),
    down: .both(
      """
      DROP TABLE idempotency_keys;
      DROP TABLE sessions;
      DROP TABLE users;
      DROP TABLE organizations;
      """))
}
