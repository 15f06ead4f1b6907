package import Database

extension Migration {
  /// Annotations say more of their place, so that it is found again on a page that has changed, and whether it was.
  package static let annotationStates = Migration(
    16, "annotation-states",
    up: .each(
      postgres: """
        ALTER TABLE annotations ADD COLUMN state text NOT NULL DEFAULT 'ANCHORED';
        ALTER TABLE annotations ADD COLUMN state_changed_at bigint;
        ALTER TABLE annotations ADD COLUMN element_ids text NOT NULL DEFAULT '[]';
        ALTER TABLE annotations ADD COLUMN width double precision CHECK (width >= 0 AND width <= 1);
        ALTER TABLE annotations ADD COLUMN height double precision CHECK (height >= 0 AND height <= 1);
        ALTER TABLE annotations ADD COLUMN text_before text;
        ALTER TABLE annotations ADD COLUMN text_after text;
        """,
      sqlite: """
        ALTER TABLE annotations ADD COLUMN state TEXT NOT NULL DEFAULT 'ANCHORED';
        ALTER TABLE annotations ADD COLUMN state_changed_at INTEGER;
        ALTER TABLE annotations ADD COLUMN element_ids TEXT NOT NULL DEFAULT '[]';
        ALTER TABLE annotations ADD COLUMN width REAL CHECK (width >= 0 AND width <= 1);
        ALTER TABLE annotations ADD COLUMN height REAL CHECK (height >= 0 AND height <= 1);
        ALTER TABLE annotations ADD COLUMN text_before TEXT;
        ALTER TABLE annotations ADD COLUMN text_after TEXT;
        """),
    down: .both(
      """
      ALTER TABLE annotations DROP COLUMN text_after;
      ALTER TABLE annotations DROP COLUMN text_before;
      ALTER TABLE annotations DROP COLUMN height;
      ALTER TABLE annotations DROP COLUMN width;
      ALTER TABLE annotations DROP COLUMN element_ids;
      ALTER TABLE annotations DROP COLUMN state_changed_at;
      ALTER TABLE annotations DROP COLUMN state;
      """))
}
