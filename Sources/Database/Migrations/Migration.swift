internal import Cryptography

/// One step of the schema: how to make it and how to unmake it, in both dialects.
///
/// A step is a Swift file of its own that holds the SQL as text, so that every binary carries its migrations.
package struct Migration: Sendable {
  /// The statements of one direction, each ended by a semicolon.
  package enum Script: Sendable {
    case both(String)
    case each(postgres: String, sqlite: String)

    func text(_ dialect: Dialect) -> String {
      switch (self, dialect) {
      case (.both(let text), _): text
      case (.each(let text, _), .postgres): text
      case (.each(_, let text), .sqlite): text
      }
    }
  }

  enum Work: Sendable {
    /// In one transaction.
    case scripts(up: Script, down: Script)
    /// Built while others write: in Postgres outside of transactions.
    case indexes([ConcurrentIndex])
  }

  enum Direction: String, Sendable {
    case up, down
  }

  /// Steps are applied in the order of their numbers.
  package let number: Int
  package let name: String
  let work: Work

  package init(_ number: Int, _ name: String, up: Script, down: Script) {
    self.number = number
    self.name = name
    work = .scripts(up: up, down: down)
  }

  /// A step that only adds indexes to tables that are in use and may be large.
  package init(_ number: Int, _ name: String, concurrently indexes: [ConcurrentIndex]) {
    self.number = number
    self.name = name
    work = .indexes(indexes)
  }

  /// Whether Postgres takes it outside of a transaction, so that a kill may leave some of its indexes.
  package var isConcurrent: Bool { if case .indexes = work { true } else { false } }

  /// The statements of a direction, without the semicolons.
  func statements(up isUp: Bool, _ dialect: Dialect) -> [String] {
    switch work {
    case .scripts(let up, let down): SQLScript.statements((isUp ? up : down).text(dialect))
    case .indexes(let indexes):
      indexes.filter { $0.dialects.contains(dialect) }.map { isUp ? $0.create(dialect) : $0.drop(dialect) }
    }
  }

  /// SHA-256 over what the step does in a dialect, in hexadecimal digits: a step must not change once it was applied.
  package func checksum(_ dialect: Dialect) -> String {
    let (up, down) =
      switch work {
      case .scripts(let up, let down): (up.text(dialect), down.text(dialect))
      case .indexes:
        (statements(up: true, dialect).joined(separator: ";"), statements(up: false, dialect).joined(separator: ";"))
      }
    return hexadecimal(sha256(Array("\(number)\n\(name)\n\(up)\n\(down)".utf8)))
  }
}

/// An index that Postgres builds without keeping others from writing to its table.
package struct ConcurrentIndex: Sendable {
  package let name: String
  package let isUnique: Bool
  /// The databases that want it.
  let dialects: [Dialect]
  /// What follows `ON`: `messages (thread_id, created_at)`, in both dialects.
  let target: String

  package init(_ name: String, on target: String, isUnique: Bool = false, in dialects: [Dialect] = Dialect.allCases) {
    self.name = name
    self.isUnique = isUnique
    self.dialects = dialects
    self.target = target
  }

  func create(_ dialect: Dialect) -> String {
    "CREATE \(isUnique ? "UNIQUE " : "")INDEX \(dialect == .postgres ? "CONCURRENTLY " : "")\(name) ON \(target)"
  }

  func drop(_ dialect: Dialect) -> String {
    "DROP INDEX \(dialect == .postgres ? "CONCURRENTLY IF EXISTS " : "")\(name)"
  }
}
