package import Database

extension Migration {
  /// Customers' applications own organizations and have keys that rotate; tokens can be used once only, sessions renewed.
  package static let applications = Migration(
    12, "applications",
    up: .each(
      postgres: """
        CREATE TABLE applications (
          id uuid PRIMARY KEY,
          name text NOT NULL,
          created_at bigint NOT NULL
        );
        CREATE TABLE application_keys (
          application_id uuid NOT NULL REFERENCES applications (id),
          kid text NOT NULL,
          algorithm text NOT NULL,
          material bytea NOT NULL,
          created_at bigint NOT NULL,
          revoked_at bigint,
          PRIMARY KEY (application_id, kid)
        );
        ALTER TABLE organizations ADD COLUMN application_id uuid REFERENCES applications (id);
        CREATE TABLE used_tokens (
          organization_id uuid NOT NULL REFERENCES organizations (id),
          jti text NOT NULL,
          expires_at bigint NOT NULL,
          PRIMARY KEY (organization_id, jti)
        );
        CREATE INDEX used_tokens_by_age ON used_tokens (expires_at);
        ALTER TABLE sessions ADD COLUMN previous_hash bytea;
        ALTER TABLE sessions ADD COLUMN previous_until bigint;
        CREATE UNIQUE INDEX sessions_by_previous_hash ON sessions (previous_hash) WHERE previous_hash IS NOT NULL;
        """,
      sqlite: """
        CREATE TABLE applications (
          id TEXT PRIMARY KEY,
          name TEXT NOT NULL,
          created_at INTEGER NOT NULL
        ) STRICT;
        CREATE TABLE application_keys (
          application_id TEXT NOT NULL REFERENCES applications (id),
          kid TEXT NOT NULL,
          algorithm TEXT NOT NULL,
          material BLOB NOT NULL,
          created_at INTEGER NOT NULL,
          revoked_at INTEGER,
          PRIMARY KEY (application_id, kid)
        ) STRICT;
        ALTER TABLE organizations ADD COLUMN application_id TEXT REFERENCES applications (id);
        CREATE TABLE used_tokens (
          organization_id TEXT NOT NULL REFERENCES organizations (id),
          jti TEXT NOT NULL,
          expires_at INTEGER NOT NULL,
          PRIMARY KEY (organization_id, jti)
        ) STRICT;
        CREATE INDEX used_tokens_by_age ON used_tokens (expires_at);
        ALTER TABLE sessions ADD COLUMN previous_hash BLOB;
        ALTER TABLE sessions ADD COLUMN previous_until INTEGER;
        CREATE UNIQUE INDEX sessions_by_previous_hash ON sessions (previous_hash) WHERE previous_hash IS NOT NULL;
        """),
    down: .both(
      """
      DROP INDEX sessions_by_previous_hash;
      ALTER TABLE sessions DROP COLUMN previous_until;
      ALTER TABLE sessions DROP COLUMN previous_hash;
      DROP TABLE used_tokens;
      ALTER TABLE organizations DROP COLUMN application_id;
      DROP TABLE application_keys;
      DROP TABLE applications;
      """))
}
