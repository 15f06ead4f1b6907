internal import NIOCore
internal import World

/// The limits of a client's connections.
package struct NetworkConfiguration: Sendable {
  /// How long finding and reaching a server may take.
  package var connectLimit: Duration = .seconds(10)
  /// How long a response may take, from when its request is written.
  package var responseLimit: Duration = .seconds(30)
  /// How long a server may take to answer the WebSocket handshake.
  package var handshakeLimit: Duration = .seconds(10)
  /// How long a server may take to answer a close frame; then the connection is cut.
  package var closeLimit: Duration = .seconds(5)
  /// The most connections for requests to one endpoint at once.
  package var connectionsPerEndpoint = 128
  /// The most requests that may wait for such a connection; one more fails.
  package var waitingPerEndpoint = 16_384
  /// How long such a connection may rest before it is not used again: less than servers keep theirs.
  package var idleLimit: Duration = .seconds(30)
  /// The most bytes of a response's body.
  package var bodyLimit = 64 << 20
  /// The most bytes of one message from a socket.
  package var messageLimit = 16 << 20
  /// The most messages that may wait to be written to one socket; one more cuts it.
  package var outboundMessages = 4096
  /// The most bytes that may wait to be written to one socket; more cuts it.
  package var outboundBytes = 16 << 20

  /// A file of certificates (PEM) that `https` and `wss` servers must be signed by; `nil` is the system's.
  package var trustRoots: String?

  package init() {}
}

extension TimeAmount {
  init(_ duration: Duration) { self = .nanoseconds(duration.wholeNanoseconds) }
}
