package import Database

extension Migration {
  /// What people may do in their organization. A session has the role that its user had when it began; it ends when that
  /// changes.
  package static let roles = Migration(
    14, "roles",
    up: .each(
      postgres: """
        ALTER TABLE users ADD COLUMN role text NOT NULL DEFAULT 'MEMBER';
        ALTER TABLE sessions ADD COLUMN role text NOT NULL DEFAULT 'MEMBER';
        """,
      sqlite: """
        ALTER TABLE users ADD COLUMN role TEXT NOT NULL DEFAULT 'MEMBER';
        ALTER TABLE sessions ADD COLUMN role TEXT NOT NULL DEFAULT 'MEMBER';
        """),
    down: .both(
      """
      ALTER TABLE sessions DROP COLUMN role;
      ALTER TABLE users DROP COLUMN role;
      """))
}
