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

  /// Steps are applied in the order of their numbers.
  package let number: Int
  package let name: String
  let up: Script
  let down: Script

  package init(_ number: Int, _ name: String, up: Script, down: Script) {
    self.number = number
    self.name = name
    self.up = up
    self.down = down
  }

  /// SHA-256 over what the step does in a dialect, in hexadecimal digits: a step must not change once it was applied.
  package func checksum(_ dialect: Dialect) -> String {
    let text = "\(number)\n\(name)\n\(up.text(dialect))\n\(down.text(dialect))"
    return hexadecimal(sha256(Array(text.utf8)))
  }
}
