internal import NIOCore
internal import World

/// The limits of a server's connections.
package struct NetworkLimits: Sendable {
  /// The most connections at once; one more is closed as it comes.
  package var connections = 65_536
  /// The most connections at once from one address; one more is closed as it comes. `nil`: as many as there may be.
  package var connectionsPerAddress: Int?
  /// The most connections that may wait to be accepted.
  package var backlog = 4096
  /// How long a connection may go without a request's head, from its start or its last response: idle clients and those
  /// that send their head a byte at a time.
  package var idle: Duration = .seconds(75)
  /// How long a request's body may take after its head.
  package var body: Duration = .seconds(30)
  /// The most requests that may wait on one connection for the one before them; then reading pauses.
  package var pipelined = 16
  /// How long a peer may take to answer a close frame; then the connection is cut.
  package var closeHandshake: Duration = .seconds(5)
  /// How long a connection is kept after our end of it was closed, so that the peer can read our last words.
  package var linger: Duration = .seconds(2)

  package init() {}
}

extension TimeAmount {
  init(_ duration: Duration) { self = .nanoseconds(duration.wholeNanoseconds) }
}
