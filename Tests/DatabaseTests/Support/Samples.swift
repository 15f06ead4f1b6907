import Database
import World

/// What the tests store.
struct Person: Record, Hashable {
  static let id = Column<Person, ID>("id", .key) { $0.id }
  static let name = Column<Person, String>("name") { $0.name }
  static let email = Column<Person, String?>("email") { $0.email }
  static let team = Column<Person, Int>("team") { $0.team }
  static let score = Column<Person, Double>("score") { $0.score }
  static let active = Column<Person, Bool>("active") { $0.active }
  static let photo = Column<Person, [UInt8]?>("photo") { $0.photo }
  static let table = Table("people", id, name, email, team, score, active, photo)

  var id: ID
  var name: String
  var email: String?
  var team: Int
  var score: Double
  var active: Bool
  var photo: [UInt8]?

  static let schema: [Query] = [
    Query(
      "create people",
      postgres: """
        CREATE TABLE people (id uuid PRIMARY KEY, name text NOT NULL, email text UNIQUE, team bigint NOT NULL,
          score double precision NOT NULL CHECK (score >= 0), active boolean NOT NULL, photo bytea)
        """,
      sqlite: """
        CREATE TABLE people (id TEXT PRIMARY KEY, name TEXT NOT NULL, email TEXT UNIQUE, team INTEGER NOT NULL,
          score REAL NOT NULL CHECK (score >= 0), active INTEGER NOT NULL, photo BLOB)
        """),
    Query(
      "create badges",
      postgres: "CREATE TABLE badges (person uuid NOT NULL REFERENCES people DEFERRABLE INITIALLY DEFERRED)",
      sqlite: "CREATE TABLE badges (person TEXT NOT NULL REFERENCES people DEFERRABLE INITIALLY DEFERRED)"),
  ]

  static func sample(_ number: Int, team: Int = 0) -> Person {
    Person(
      id: ID(high: 0x7000, low: UInt64(number)), name: "Person \(number)", email: "p\(number)@example.org", team: team,
      score: Double(number) / 2, active: number % 2 == 0, photo: number % 3 == 0 ? [0, 1, 255] : nil)
  }
}

extension Person {
  init(from row: inout RowReader) throws(DatabaseError) {
    id = try row.next()
    name = try row.next()
    email = try row.next()
    team = try row.next()
    score = try row.next()
    active = try row.next()
    photo = try row.next()
  }
}
