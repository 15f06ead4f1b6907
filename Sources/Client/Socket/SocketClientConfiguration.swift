/// The limits of a socket's client.
package struct SocketClientConfiguration: Sendable {
  /// How long the server may take until its `connection_ack`.
  package var acknowledgementLimit: Duration = .seconds(10)
  /// From one heartbeat to the next; `nil` for none.
  package var heartbeatInterval: Duration? = .seconds(20)
  /// The part of the interval by which one heartbeat may come earlier or later, so that many clients do not beat at once.
  package var heartbeatJitter = 0.2
  /// How long the server may take to answer a heartbeat; then the connection is taken for dead and cut.
  package var pongLimit: Duration = .seconds(10)

  package init() {}
}
