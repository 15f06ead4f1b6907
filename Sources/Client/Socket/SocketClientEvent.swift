package import JSON

/// What comes to a client over its socket, in the order in which it came.
package enum SocketClientEvent: Hashable, Sendable {
  /// A result of the operation `id`: its response map.
  case next(id: String, payload: JSON)
  /// The operation `id` was refused or failed, and has ended.
  case error(id: String, errors: [JSON])
  /// The operation `id` has ended.
  case complete(id: String)
  case pong(payload: JSONObject?)
  /// The connection is over; given once, last. `clean` says that the server sent a close frame or answered ours.
  case closed(code: UInt16, reason: String, clean: Bool)
}
