package import Wire

/// What carries a client's bytes: NIO over real connections, or the simulator's network.
package protocol ClientTransport: Sendable {
  /// Sends a request and waits for the whole response. `Host` and `Content-Length` are the transport's to set.
  func send(_ request: HTTPRequest, to endpoint: Endpoint) async throws(ClientError) -> HTTPResponse

  /// Opens a WebSocket. The handshake's own fields are the transport's to set; `upgrade` brings the target, the
  /// subprotocol and whatever the caller adds.
  /// - Parameter events: called in order, from one place at a time, perhaps before this returns; the last call is
  ///   `.closed`.
  func openSocket(
    _ upgrade: HTTPRequest, to endpoint: Endpoint, events: @escaping @Sendable (SocketEvent) -> Void
  ) async throws(ClientError) -> any ClientSocket
}

/// What comes from a WebSocket.
package enum SocketEvent: Hashable, Sendable {
  /// One whole text message.
  case text([UInt8])
  /// The connection ended; `clean` says that the server sent a close frame. Code 1006 stands for none.
  case closed(code: UInt16, reason: String, clean: Bool)
}

/// An open WebSocket. No call blocks, and calls keep their order.
package protocol ClientSocket: Sendable {
  func send(text: [UInt8])
  /// Starts the closing handshake; `.closed` follows.
  func close(code: UInt16, reason: String)
  /// Cuts the connection without a close frame; `.closed` with 1006 follows.
  func abort()
  /// Neither reads nor writes any more while the connection stays open: a peer that has vanished without a word.
  func silence()
}
