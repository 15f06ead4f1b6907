package import Database

extension Migration {
  /// Groups of people, and people who do not belong to their organization any more.
  package static let groups = Migration(
    13, "groups",
    up: .each(
      postgres: """
        ALTER TABLE users ADD COLUMN removed_at bigint;
        CREATE TABLE groups (
          id uuid PRIMARY KEY,
          organization_id uuid NOT NULL REFERENCES organizations (id),
          external_id text NOT NULL,
          name text NOT NULL,
          created_at bigint NOT NULL,
          UNIQUE (organization_id, external_id)
        );
        CREATE INDEX groups_by_organization ON groups (organization_id, id);
        CREATE TABLE group_members (
          group_id uuid NOT NULL REFERENCES groups (id),
          user_id uuid NOT NULL REFERENCES users (id),
          organization_id uuid NOT NULL REFERENCES organizations (id),
          PRIMARY KEY (group_id, user_id)
        );
        CREATE INDEX group_members_by_user ON group_members (user_id, group_id);
        """,
      sqlite: """
        ALTER TABLE users ADD COLUMN removed_at INTEGER;
        CREATE TABLE groups (
          id TEXT PRIMARY KEY,
          organization_id TEXT NOT NULL REFERENCES organizations (id),
          external_id TEXT NOT NULL,
          name TEXT NOT NULL,
          created_at INTEGER NOT NULL,
          UNIQUE (organization_id, external_id)
        ) STRICT;
        CREATE INDEX groups_by_organization ON groups (organization_id, id);
        CREATE TABLE group_members (
          group_id TEXT NOT NULL REFERENCES groups (id),
          user_id TEXT NOT NULL REFERENCES users (id),
          organization_id TEXT NOT NULL REFERENCES organizations (id),
          PRIMARY KEY (group_id, user_id)
        ) STRICT;
        CREATE INDEX group_members_by_user ON group_members (user_id, group_id);
        """),
    down: .both(
      """
      DROP TABLE group_members;
      DROP TABLE groups;
      ALTER TABLE users DROP COLUMN removed_at;
      """))
}
