package import Database

extension Migration {
  /// The words of messages, and an index of them. The words are cut by the product, the same for both databases; those
  /// of older messages are cut by the database and may differ in rare scripts until they are edited.
  package static let search = Migration(
    10, "search",
    up: .each(
      postgres: """
        CREATE TABLE message_texts (
          message_id uuid PRIMARY KEY REFERENCES messages (id),
          organization_id uuid NOT NULL REFERENCES organizations (id),
          thread_id uuid NOT NULL REFERENCES threads (id),
          words text NOT NULL,
          terms tsvector GENERATED ALWAYS AS
            (array_to_tsvector(string_to_array(rtrim('@' || organization_id::text || ' ' || words), ' '))) STORED
        );
        INSERT INTO message_texts (message_id, organization_id, thread_id, words)
          SELECT m.id, m.organization_id, m.thread_id,
            btrim(regexp_replace(regexp_replace(
              lower(string_agg(coalesce(node->>'text', node->>'code', node->>'url', ''), ' ')),
              '[[:alnum:]]{101,}', ' ', 'g'), '[^[:alnum:]]+', ' ', 'g'))
          FROM messages m, jsonb_array_elements(m.content::jsonb) node
          WHERE m.deleted_at IS NULL GROUP BY m.id;
        CREATE INDEX message_texts_terms ON message_texts USING gin (terms);
        """,
      sqlite: """
        CREATE TABLE message_texts (
          number INTEGER PRIMARY KEY,
          message_id TEXT NOT NULL UNIQUE REFERENCES messages (id),
          organization_id TEXT NOT NULL REFERENCES organizations (id),
          thread_id TEXT NOT NULL REFERENCES threads (id),
          words TEXT NOT NULL
        ) STRICT;
        CREATE VIRTUAL TABLE message_search USING fts5 (
          organization_id, words, content='message_texts', content_rowid='number', tokenize='ascii'
        );
        CREATE TRIGGER message_texts_added AFTER INSERT ON message_texts BEGIN
          INSERT INTO message_search (rowid, organization_id, words)
            VALUES (new.number, new.organization_id, new.words);
        END;
        CREATE TRIGGER message_texts_removed AFTER DELETE ON message_texts BEGIN
          INSERT INTO message_search (message_search, rowid, organization_id, words)
            VALUES ('delete', old.number, old.organization_id, old.words);
        END;
        CREATE TRIGGER message_texts_changed AFTER UPDATE ON message_texts BEGIN
          INSERT INTO message_search (message_search, rowid, organization_id, words)
            VALUES ('delete', old.number, old.organization_id, old.words);
          INSERT INTO message_search (rowid, organization_id, words)
            VALUES (new.number, new.organization_id, new.words);
        END;
        INSERT INTO message_texts (message_id, organization_id, thread_id, words)
          SELECT m.id, m.organization_id, m.thread_id,
            lower(group_concat(coalesce(node.value ->> '$.text', node.value ->> '$.code', node.value ->> '$.url', ''), ' '))
          FROM messages m, json_each(m.content) node
          WHERE m.deleted_at IS NULL GROUP BY m.id;
        """),
    down: .each(
      postgres: "DROP TABLE message_texts;",
      sqlite: """
        DROP TABLE message_search;
        DROP TABLE message_texts;
        """))
}
