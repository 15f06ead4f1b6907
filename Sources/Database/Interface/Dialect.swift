// Database: one interface to a relational database, drivers for Postgres and SQLite straight on libpq and libsqlite3,
// typed records, migrations, and databases that live as long as a test run.

/// The two databases we speak to.
package enum Dialect: String, Sendable, CaseIterable {
  case postgres
  case sqlite
}
