-- The schema after step 30, as sqlite tells it.
CREATE TABLE annotations (
    id TEXT PRIMARY KEY,
    organization_id TEXT NOT NULL REFERENCES organizations (id),
    page_id TEXT NOT NULL REFERENCES pages (id),
    thread_id TEXT NOT NULL UNIQUE REFERENCES threads (id),
    author_id TEXT NOT NULL REFERENCES users (id),
    selector TEXT NOT NULL,
    x REAL NOT NULL CHECK (x >= 0 AND x <= 1),
    y REAL NOT NULL CHECK (y >= 0 AND y <= 1),
    quoted_text TEXT,
    body TEXT NOT NULL,
    created_at INTEGER NOT NULL
  , is_private INTEGER NOT NULL DEFAULT 0, state TEXT NOT NULL DEFAULT 'ANCHORED', state_changed_at INTEGER, element_ids TEXT NOT NULL DEFAULT '[]', width REAL CHECK (width >= 0 AND width <= 1), height REAL CHECK (height >= 0 AND height <= 1), text_before TEXT, text_after TEXT) STRICT
CREATE INDEX annotations_by_page ON annotations (page_id, id)
CREATE TABLE application_keys (
    application_id TEXT NOT NULL REFERENCES applications (id),
    kid TEXT NOT NULL,
    algorithm TEXT NOT NULL,
    material BLOB NOT NULL,
    created_at INTEGER NOT NULL,
    revoked_at INTEGER,
    PRIMARY KEY (application_id, kid)
  ) STRICT
CREATE TABLE applications (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    created_at INTEGER NOT NULL
  ) STRICT
CREATE TABLE attachment_blobs (
    digest TEXT PRIMARY KEY,
    unused_since INTEGER,
    is_removing INTEGER NOT NULL DEFAULT 0
  ) STRICT
CREATE INDEX attachment_blobs_unused ON attachment_blobs (unused_since) WHERE unused_since IS NOT NULL
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
  ) STRICT
CREATE INDEX attachments_by_digest ON attachments (digest) WHERE digest IS NOT NULL
CREATE INDEX attachments_by_message ON attachments (message_id, id) WHERE message_id IS NOT NULL
CREATE INDEX attachments_unsent ON attachments (created_at) WHERE thread_id IS NULL
CREATE INDEX attachments_unsent_of ON attachments (uploader_id) WHERE thread_id IS NULL
CREATE TABLE group_members (
    group_id TEXT NOT NULL REFERENCES groups (id),
    user_id TEXT NOT NULL REFERENCES users (id),
    organization_id TEXT NOT NULL REFERENCES organizations (id),
    PRIMARY KEY (group_id, user_id)
  ) STRICT
CREATE INDEX group_members_by_user ON group_members (user_id, group_id)
CREATE TABLE groups (
    id TEXT PRIMARY KEY,
    organization_id TEXT NOT NULL REFERENCES organizations (id),
    external_id TEXT NOT NULL,
    name TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    UNIQUE (organization_id, external_id)
  ) STRICT
CREATE INDEX groups_by_organization ON groups (organization_id, id)
CREATE TABLE idempotency_keys (
    user_id TEXT NOT NULL REFERENCES users (id),
    key TEXT NOT NULL,
    mutation TEXT NOT NULL,
    result_id TEXT NOT NULL,
    created_at INTEGER NOT NULL, input_hash BLOB,
    PRIMARY KEY (user_id, key)
  ) STRICT
CREATE INDEX idempotency_keys_by_age ON idempotency_keys (created_at)
CREATE TABLE mentions (
    message_id TEXT NOT NULL REFERENCES messages (id),
    user_id TEXT NOT NULL REFERENCES users (id),
    organization_id TEXT NOT NULL REFERENCES organizations (id),
    PRIMARY KEY (message_id, user_id)
  ) STRICT
CREATE INDEX mentions_by_user ON mentions (user_id, message_id)
CREATE TABLE message_edits (
    message_id TEXT NOT NULL REFERENCES messages (id),
    version INTEGER NOT NULL,
    organization_id TEXT NOT NULL REFERENCES organizations (id),
    content TEXT NOT NULL,
    replaced_at INTEGER NOT NULL,
    PRIMARY KEY (message_id, version)
  ) STRICT
CREATE VIRTUAL TABLE message_search USING fts5 (
    organization_id, words, content='message_texts', content_rowid='number', tokenize='ascii'
  )
CREATE TABLE 'message_search_config'(k PRIMARY KEY, v) WITHOUT ROWID
CREATE TABLE 'message_search_data'(id INTEGER PRIMARY KEY, block BLOB)
CREATE TABLE 'message_search_docsize'(id INTEGER PRIMARY KEY, sz BLOB)
CREATE TABLE 'message_search_idx'(segid, term, pgno, PRIMARY KEY(segid, term)) WITHOUT ROWID
CREATE TRIGGER message_texts_added AFTER INSERT ON message_texts BEGIN
    INSERT INTO message_search (rowid, organization_id, words)
      VALUES (new.number, new.organization_id, new.words);
  END
CREATE TRIGGER message_texts_changed AFTER UPDATE ON message_texts BEGIN
    INSERT INTO message_search (message_search, rowid, organization_id, words)
      VALUES ('delete', old.number, old.organization_id, old.words);
    INSERT INTO message_search (rowid, organization_id, words)
      VALUES (new.number, new.organization_id, new.words);
  END
CREATE TRIGGER message_texts_removed AFTER DELETE ON message_texts BEGIN
    INSERT INTO message_search (message_search, rowid, organization_id, words)
      VALUES ('delete', old.number, old.organization_id, old.words);
  END
CREATE TABLE message_texts (
    number INTEGER PRIMARY KEY,
    message_id TEXT NOT NULL UNIQUE REFERENCES messages (id),
    organization_id TEXT NOT NULL REFERENCES organizations (id),
    thread_id TEXT NOT NULL REFERENCES threads (id),
    words TEXT NOT NULL
  , is_private INTEGER NOT NULL DEFAULT 0) STRICT
CREATE TABLE messages (
    id TEXT PRIMARY KEY,
    organization_id TEXT NOT NULL REFERENCES organizations (id),
    thread_id TEXT NOT NULL REFERENCES threads (id),
    sequence INTEGER NOT NULL CHECK (sequence > 0),
    author_id TEXT NOT NULL REFERENCES users (id),
    content TEXT NOT NULL,
    created_at INTEGER NOT NULL, version INTEGER NOT NULL DEFAULT 1, edited_at INTEGER, deleted_at INTEGER, is_private INTEGER NOT NULL DEFAULT 0,
    UNIQUE (thread_id, sequence)
  ) STRICT
CREATE INDEX messages_by_time ON messages (thread_id, created_at)
CREATE TABLE notification_preferences (
    user_id TEXT NOT NULL REFERENCES users (id),
    kind TEXT NOT NULL,
    organization_id TEXT NOT NULL REFERENCES organizations (id),
    delivery TEXT NOT NULL,
    PRIMARY KEY (user_id, kind)
  ) STRICT
CREATE TABLE "notifications" (
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
  ) STRICT
CREATE INDEX notifications_by_message ON notifications (message_id, user_id)
CREATE INDEX notifications_by_time ON notifications (user_id, created_at) WHERE retracted_at IS NULL
CREATE INDEX notifications_by_user ON notifications (user_id, id) WHERE retracted_at IS NULL
CREATE UNIQUE INDEX notifications_of_thread ON notifications (thread_id, user_id)
    WHERE message_id IS NULL AND retracted_at IS NULL
CREATE INDEX notifications_unread ON notifications (user_id, id)
    WHERE read_at IS NULL AND retracted_at IS NULL
CREATE TABLE organizations (
    id TEXT PRIMARY KEY,
    slug TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    secret BLOB NOT NULL,
    created_at INTEGER NOT NULL
  , application_id TEXT REFERENCES applications (id)) STRICT
CREATE TABLE outbox (
    event_offset INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    organization_id TEXT NOT NULL REFERENCES organizations (id),
    topic TEXT NOT NULL,
    kind TEXT NOT NULL,
    subject_id TEXT NOT NULL,
    created_at INTEGER NOT NULL
  , audience TEXT) STRICT
CREATE INDEX outbox_by_topic ON outbox (topic, event_offset)
CREATE TABLE outbox_epoch (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    epoch TEXT NOT NULL
  , trimmed_through INTEGER NOT NULL DEFAULT 0) STRICT
CREATE TABLE page_location_entries (
    page_id TEXT NOT NULL REFERENCES pages (id),
    entry TEXT NOT NULL,
    organization_id TEXT NOT NULL REFERENCES organizations (id),
    PRIMARY KEY (page_id, entry)
  ) STRICT
CREATE INDEX page_location_entries_by_entry ON page_location_entries (organization_id, entry, page_id)
CREATE TABLE page_visits (
    page_id TEXT NOT NULL REFERENCES pages (id),
    user_id TEXT NOT NULL REFERENCES users (id),
    organization_id TEXT NOT NULL REFERENCES organizations (id),
    seen_at INTEGER NOT NULL,
    PRIMARY KEY (page_id, user_id)
  ) STRICT
CREATE INDEX page_visits_by_time ON page_visits (page_id, seen_at)
CREATE TABLE pages (
    id TEXT PRIMARY KEY,
    organization_id TEXT NOT NULL REFERENCES organizations (id),
    url TEXT NOT NULL,
    title TEXT,
    created_at INTEGER NOT NULL, location TEXT,
    UNIQUE (organization_id, url)
  ) STRICT
CREATE INDEX pages_by_location ON pages (organization_id, location, id) WHERE location IS NOT NULL
CREATE TABLE participants (
    thread_id TEXT NOT NULL REFERENCES threads (id),
    user_id TEXT NOT NULL REFERENCES users (id),
    organization_id TEXT NOT NULL REFERENCES organizations (id),
    last_read INTEGER NOT NULL,
    is_subscribed INTEGER NOT NULL,
    joined_at INTEGER NOT NULL,
    PRIMARY KEY (thread_id, user_id)
  ) STRICT
CREATE INDEX participants_by_user ON participants (user_id, thread_id)
CREATE INDEX participants_subscribed ON participants (thread_id, user_id) WHERE is_subscribed
CREATE TABLE presence_nodes (
    id TEXT PRIMARY KEY,
    beat INTEGER NOT NULL,
    beaten_at INTEGER NOT NULL,
    version INTEGER NOT NULL,
    trimmed_through INTEGER NOT NULL
  ) STRICT
CREATE TABLE presences (
    node_id TEXT NOT NULL,
    page_id TEXT NOT NULL,
    user_id TEXT NOT NULL,
    organization_id TEXT NOT NULL,
    region TEXT,
    exclusive_within TEXT,
    since INTEGER NOT NULL,
    entered_at INTEGER NOT NULL,
    is_present INTEGER NOT NULL,
    version INTEGER NOT NULL,
    PRIMARY KEY (node_id, page_id, user_id)
  ) STRICT
CREATE INDEX presences_by_version ON presences (node_id, version)
CREATE TABLE reactions (
    message_id TEXT NOT NULL REFERENCES messages (id),
    user_id TEXT NOT NULL REFERENCES users (id),
    emoji TEXT NOT NULL,
    organization_id TEXT NOT NULL REFERENCES organizations (id),
    created_at INTEGER NOT NULL,
    PRIMARY KEY (message_id, user_id, emoji)
  ) STRICT
CREATE TABLE schema_migrations (
    number bigint NOT NULL PRIMARY KEY, name text NOT NULL, checksum text NOT NULL, applied_at bigint NOT NULL)
CREATE TABLE sessions (
    id TEXT PRIMARY KEY,
    organization_id TEXT NOT NULL REFERENCES organizations (id),
    user_id TEXT NOT NULL REFERENCES users (id),
    token_hash BLOB NOT NULL UNIQUE,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    revoked_at INTEGER
  , previous_hash BLOB, previous_until INTEGER, role TEXT NOT NULL DEFAULT 'MEMBER') STRICT
CREATE UNIQUE INDEX sessions_by_previous_hash ON sessions (previous_hash) WHERE previous_hash IS NOT NULL
CREATE INDEX sessions_by_user ON sessions (user_id, id)
CREATE TABLE threads (
    id TEXT PRIMARY KEY,
    organization_id TEXT NOT NULL REFERENCES organizations (id),
    page_id TEXT NOT NULL REFERENCES pages (id),
    title TEXT,
    created_by TEXT NOT NULL REFERENCES users (id),
    created_at INTEGER NOT NULL,
    last_sequence INTEGER NOT NULL
  , resolved_at INTEGER, resolved_by TEXT REFERENCES users (id), is_private INTEGER NOT NULL DEFAULT 0) STRICT
CREATE INDEX threads_by_page ON threads (page_id, id)
CREATE INDEX threads_by_time ON threads (page_id, created_at)
CREATE TABLE used_tokens (
    organization_id TEXT NOT NULL REFERENCES organizations (id),
    jti TEXT NOT NULL,
    expires_at INTEGER NOT NULL,
    PRIMARY KEY (organization_id, jti)
  ) STRICT
CREATE INDEX used_tokens_by_age ON used_tokens (expires_at)
CREATE TABLE users (
    id TEXT PRIMARY KEY,
    organization_id TEXT NOT NULL REFERENCES organizations (id),
    external_id TEXT NOT NULL,
    name TEXT NOT NULL,
    email TEXT,
    created_at INTEGER NOT NULL, removed_at INTEGER, role TEXT NOT NULL DEFAULT 'MEMBER',
    UNIQUE (organization_id, external_id)
  ) STRICT
CREATE INDEX users_by_organization ON users (organization_id, id)
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
  ) STRICT
CREATE INDEX webhook_deliveries_due ON webhook_deliveries (state, due_at)
