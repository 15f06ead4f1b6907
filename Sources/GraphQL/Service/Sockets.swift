/// One socket of this process; never used twice within it.
package struct SocketID: Hashable, Comparable, Sendable, CustomStringConvertible {
  package let value: UInt64

  package init(value: UInt64) { self.value = value }

  package var description: String { "socket-\(value)" }

  package static func < (left: SocketID, right: SocketID) -> Bool { left.value < right.value }
}

/// Where a request came from.
package struct RequestOrigin: Hashable, Sendable {
  /// The socket it came over; `nil` for HTTP.
  package let socket: SocketID?

  package init(socket: SocketID? = nil) { self.socket = socket }
}

/// A transport's end of a socket, for the service to close.
package protocol SocketControl: AnyObject, Sendable {
  /// Sends what is queued, then a close frame. Never blocks; safe to call twice.
  func close(code: UInt16, reason: String)
}
