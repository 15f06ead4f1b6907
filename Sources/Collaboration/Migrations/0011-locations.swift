package import Database

extension Migration {
  /// Pages carry a location of the customer's choice, and are found by it or by a part of it.
  package static let locations = Migration(
    11, "locations",
    up: .each(
      postgres: """
        ALTER TABLE pages ADD COLUMN location text;
        CREATE INDEX pages_by_location ON pages (organization_id, location, id) WHERE location IS NOT NULL;
        CREATE TABLE page_location_entries (
          page_id uuid NOT NULL REFERENCES pages (id),
          entry text NOT NULL,
          organization_id uuid NOT NULL REFERENCES organizations (id),
          PRIMARY KEY (page_id, entry)
        );
        CREATE INDEX page_location_entries_by_entry ON page_location_entries (organization_id, entry, page_id);
        """,
      sqlite: """
        ALTER TABLE pages ADD COLUMN location TEXT;
        CREATE INDEX pages_by_location ON pages (organization_id, location, id) WHERE location IS NOT NULL;
        CREATE TABLE page_location_entries (
          page_id TEXT NOT NULL REFERENCES pages (id),
          entry TEXT NOT NULL,
          organization_id TEXT NOT NULL REFERENCES organizations (id),
          PRIMARY KEY (page_id, entry)
        ) STRICT;
        CREATE INDEX page_location_entries_by_entry ON page_location_entries (organization_id, entry, page_id);
        """),
    down: .both(
      """
      DROP TABLE page_location_entries;
      DROP INDEX pages_by_location;
      ALTER TABLE pages DROP COLUMN location;
      """))
}
