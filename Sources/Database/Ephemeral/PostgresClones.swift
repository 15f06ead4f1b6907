internal import Synchronization

/// A template database and copies of it on one Postgres server, whoever has started that.
final class PostgresClones: Sendable {
  /// The longest part of a kept database's name that says what it is of; a name has 63 bytes at most.
  private static let stemLimit = 28

  let administration: PostgresAdministration
  /// What the names of the copies begin with, and those of copies that are kept.
  private let prefix: String
  private let keptPrefix: String
  private let template: String
  private let location: @Sendable (_ database: String) -> String
  private let count = Atomic<Int>(0)

  /// - Parameters:
  ///   - home: a database to connect to where it is about others.
  ///   - location: what ``openDatabase(_:)`` opens to reach the database of that name.
  init(
    prefix: String, keptPrefix: String, template: String, home: String,
    location: @escaping @Sendable (_ database: String) -> String
  ) throws(DatabaseError) {
    administration = try PostgresAdministration(home)
    self.prefix = prefix
    self.keptPrefix = keptPrefix
    self.template = template
    self.location = location
  }

  /// Fills the template, an empty database that is there already.
  func makeTemplate(_ prepare: @Sendable (any Database) async throws -> Void) async throws {
    let database = try await PostgresDatabase.connect(location(template), writers: 1)
    do { try await prepare(database) } catch {
      await database.close()
      throw error
    }
    await database.close()
  }

  func clone() async throws -> EphemeralDatabase {
    let number = count.wrappingAdd(1, ordering: .relaxed).newValue
    let name = "\(prefix)\(number)"
    try await administration.run("CREATE DATABASE \(name) TEMPLATE \(template)")
    return EphemeralDatabase(
      location: location(name),
      onRemove: { [self] in
        // A database that is gone already, with its server, is removed too.
        _ = try? await administration.run(Self.drop(name))
      },
      onKeep: { [self] path in
        let kept = "\(keptPrefix)\(Self.stem(path))_\(number)"
        try await administration.run("ALTER DATABASE \(name) RENAME TO \(kept)")
        return kept
      })
  }

  static func drop(_ name: String) -> String { "DROP DATABASE IF EXISTS \(name) WITH (FORCE)" }

  /// The last part of a path as the part of a name that needs no quotes.
  private static func stem(_ path: String) -> String {
    let last = path.split(separator: "/").last ?? ""
    return String(last.lowercased().map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "_" }.prefix(stemLimit))
  }
}
