/// Why an ephemeral database could not be made or used: one sentence that says what to do about it.
package struct EphemeralError: Error, Hashable, Sendable, CustomStringConvertible {
  package let message: String
  package init(_ message: String) { self.message = message }
  package var description: String { message }
}
