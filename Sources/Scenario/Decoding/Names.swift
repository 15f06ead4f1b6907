/// What may be a name, and which names the format keeps for itself.
package enum Names {
  /// The inbox in which an actor sees that their connection was closed: its events have `code` and `reason`.
  package static let closedInbox = "closed"
  /// The inbox in which an actor sees that the server ended one of their subscriptions, and not the connection: its events
  /// have `inbox`, `code` and `message`.
  package static let endedInbox = "ended"
  static let closedFields = ["code", "reason"]
  static let endedFields = ["inbox", "code", "message"]
  /// The path under which an operation's number of SQL statements can be captured.
  package static let statements = "@statements"
  /// What templates may say without a capture.
  package static let builtIn = ["actor", "index", "vu", "party", "iteration"]
  static let actorProperties = ["id", "name", "organization"]

  private static let lengthLimit = 100

  static func isName(_ text: String) -> Bool {
    guard let first = text.utf8.first, isLetter(first), text.utf8.count <= lengthLimit else { return false }
    return text.utf8.allSatisfy { isLetter($0) || isDigit($0) || $0 == UInt8(ascii: "_") || $0 == UInt8(ascii: "-") }
  }

  static func isLetter(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
  }

  static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }
}
