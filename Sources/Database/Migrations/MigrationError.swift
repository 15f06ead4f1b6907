/// Why a migration did not go on, what state the database is in, and what to do.
package struct MigrationError: Error, Hashable, Sendable, CustomStringConvertible {
  package enum Kind: Hashable, Sendable {
    /// The list of steps itself is wrong.
    case invalidSteps
    /// An applied step has another text now.
    case changed(Int)
    /// The database has a step that this build does not know.
    case unknown(Int)
    /// A step below an applied one is not applied.
    case missing(Int)
    /// A statement of a step failed.
    case failed(Int)
    /// A statement of a step waited too long for what others held.
    case busy(Int)
    /// Another runner was at work for too long.
    case locked
    /// There is no such step to go to.
    case noSuchStep(Int)
  }

  package let kind: Kind
  package let message: String

  package init(_ kind: Kind, _ message: String) {
    self.kind = kind
    self.message = message
  }

  package var description: String { message }
}
