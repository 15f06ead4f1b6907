/// SQLite behind the ``Database`` interface.
package enum SQLiteDatabase {
  package enum Location: Sendable {
    /// A database of its own that vanishes when it is closed; always `.inline`, because it has one connection.
    case memory
    case file(String)
  }

  package enum Mode: Sendable {
    /// A writer thread that commits what gathers; reads on the calling task.
    case threaded
    /// Everything on the calling task, over one connection, without a thread: for the simulator and small tests.
    case inline
  }

  /// - Throws: `DatabaseError` of kind `.connection` when the file cannot be opened or is not a database.
  package static func open(_ location: Location, mode: Mode = .threaded) throws(DatabaseError) -> any Database {
    switch (location, mode) {
    case (.memory, _): InlineSQLite(connection: try SQLiteConnection(path: ":memory:"))
    case (.file(let path), .inline):
      InlineSQLite(connection: try connection(path))
    case (.file(let path), .threaded): try ThreadedSQLite(path: path)
    }
  }

  static func connection(_ path: String) throws(DatabaseError) -> SQLiteConnection {
    let connection = try SQLiteConnection(path: path)
    try connection.useWriteAheadLog()
    return connection
  }
}
