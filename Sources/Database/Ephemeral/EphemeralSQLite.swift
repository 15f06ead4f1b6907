internal import Synchronization

/// SQLite databases in a temporary folder.
package final class EphemeralSQLite: EphemeralDatabases {
  private let folder: RunFolder
  private let clones = Atomic<Int>(0)
  private var template: String { "\(folder.path)/template.sqlite" }

  package let dialect = Dialect.sqlite

  /// Sweeps away what killed processes left, then makes a folder.
  /// - Throws: `EphemeralError` when no temporary folder can be written.
  package static func start() throws(EphemeralError) -> EphemeralSQLite {
    EphemeralPostgres.sweep()
    return EphemeralSQLite(try RunFolder(forOtherUser: false))
  }

  private init(_ folder: RunFolder) { self.folder = folder }

  package func makeTemplate(_ prepare: @Sendable (any Database) async throws -> Void) async throws {
    let database = try SQLiteDatabase.open(.file(template), mode: .inline)
    do { try await prepare(database) } catch {
      await database.close()
      throw error
    }
    // The last connection's end moves the write-ahead log into the file.
    await database.close()
  }

  package func clone() async throws -> EphemeralDatabase {
    let path = "\(folder.path)/scenario-\(clones.wrappingAdd(1, ordering: .relaxed).newValue).sqlite"
    guard Files.copy(template, to: path) else { throw EphemeralError("\(path) could not be written") }
    let remove = { @Sendable in for suffix in ["", "-wal", "-shm"] { Files.remove(path + suffix) } }
    return EphemeralDatabase(
      location: "sqlite:\(path)", onRemove: { remove() },
      onKeep: { target in
        guard Files.copy(path, to: "\(target).sqlite") else {
          throw EphemeralError("\(target).sqlite could not be written")
        }
        remove()
        return "\(target).sqlite"
      })
  }

  package func stop() async { folder.remove() }

  package func stop(keepingIn folder: String) async throws -> KeptDatabases {
    await stop()
    return KeptDatabases { "sqlite:\($0)" }
  }

  package func removeNow() { folder.remove() }
}
