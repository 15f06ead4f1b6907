package import Database

extension Migration {
  /// Files of messages and screenshots of annotations. Their bytes are in a store of their own, named by their digest.
  package static let attachments = Migration(
    17, "attachments",
    up: .each(
      postgres: """
        CREATE TABLE attachments (
          id uuid PRIMARY KEY,
          organization_id uuid NOT NULL REFERENCES organizations (id),
          uploader_id uuid NOT NULL REFERENCES users (id),
          name text NOT NULL,
          content_type text NOT NULL,
          digest text,
          size bigint,
          created_at bigint NOT NULL,
          thread_id uuid REFERENCES threads (id),
          message_id uuid REFERENCES messages (id),
          annotation_id uuid UNIQUE REFERENCES annotations (id),
          is_private boolean NOT NULL DEFAULT false
        );
        CREATE INDEX attachments_by_message ON attachments (message_id, id) WHERE message_id IS NOT NULL;
        CREATE INDEX attachments_by_digest ON attachments (digest) WHERE digest IS NOT NULL;
        CREATE INDEX attachments_unsent ON attachments (created_at) WHERE thread_id IS NULL;
        CREATE TABLE attachment_blobs (
          digest text PRIMARY KEY,
          unused_since bigint,
          is_removing boolean NOT NULL DEFAULT false
        );
        CREATE INDEX attachment_blobs_unused ON attachment_blobs (unused_since) WHERE unused_since IS NOT NULL;
        """,
      sqlite: """
        CREATE TABLE attachments (
          id TEXT PRIMARY KEY,
          organization_id TEXT NOT NULL REFERENCES organizations (id),
          uploader_id TEXT NOT NULL REFERENCES users (id),
          name TEXT NOT NULL,
          content_type TEXT NOT NULL,
          digest TEXT,
          size INTEGER,
          created_at INTEGER NOT NULL,
          thread_id TEXT REFERENCES threads (id),
          message_id TEXT REFERENCES messages (id),
          annotation_id TEXT UNIQUE REFERENCES annotations (id),
          is_private INTEGER NOT NULL DEFAULT 0
        ) STRICT;
        CREATE INDEX attachments_by_message ON attachments (message_id, id) WHERE message_id IS NOT NULL;
        CREATE INDEX attachments_by_digest ON attachments (digest) WHERE digest IS NOT NULL;
        CREATE INDEX attachments_unsent ON attachments (created_at) WHERE thread_id IS NULL;
        CREATE TABLE attachment_blobs (
          digest TEXT PRIMARY KEY,
          unused_since INTEGER,
          is_removing INTEGER NOT NULL DEFAULT 0
        ) STRICT;
        CREATE INDEX attachment_blobs_unused ON attachment_blobs (unused_since) WHERE unused_since IS NOT NULL;
        """),
    down: .both(
      """
      DROP TABLE attachment_blobs;
      DROP TABLE attachments;
      """))
}
