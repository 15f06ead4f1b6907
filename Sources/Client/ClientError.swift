package import Wire

/// Why a client could not do what it was asked.
package struct ClientError: Error, Hashable, Sendable, CustomStringConvertible {
  package enum Kind: String, Hashable, Sendable {
    /// Nobody listens there.
    case refused
    /// The name is unknown, or no way leads there.
    case unreachable
    case timedOut
    /// The connection ended, by a close frame or without.
    case closed
    /// The server said something that the protocol does not allow.
    case protocolViolation
    /// The caller's task was cancelled.
    case cancelled
    /// A limit of the client's own.
    case limit
    case invalidEndpoint
    /// What this build cannot do.
    case unsupported
  }

  package let kind: Kind
  /// One sentence for people; contains no token.
  package let message: String
  /// With which code a socket was closed.
  package let closeCode: CloseCode?

  package init(_ kind: Kind, _ message: String, closeCode: CloseCode? = nil) {
    self.kind = kind
    self.message = message
    self.closeCode = closeCode
  }

  package var description: String { message }

  /// A socket's end, as an error for whoever waited for something on it.
  static func closed(_ code: CloseCode, _ reason: String) -> ClientError {
    ClientError(
      .closed, "The socket was closed with code \(code)" + (reason.isEmpty ? "" : ": \(reason)"), closeCode: code)
  }
}
