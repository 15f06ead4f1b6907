package import Wire

/// What passed through a ``Proxy``, in the order in which it passed. Exchanges and sockets share one row of numbers.
package enum ProxyEvent: Sendable {
  /// A whole request, as the client sent it.
  case request(exchange: Int, HTTPRequest)
  /// The whole response to it.
  case response(exchange: Int, HTTPResponse)
  /// The target has agreed to a WebSocket.
  case opened(socket: Int, HTTPRequest)
  /// One whole text message.
  case message(socket: Int, fromClient: Bool, [UInt8])
  /// The socket is over: who ended it, and the code of their close frame, where there was one. Nothing of it follows.
  case closed(socket: Int, byClient: Bool, CloseCode?)
  /// Something passed that could not be looked at, and why.
  case unseen(String)
}

/// The limits of a ``Proxy``.
package struct ProxyLimits: Sendable {
  /// The most clients' connections at once; one more is closed as it comes.
  package var connections = 1_024
  /// The most bytes of a body that are kept to be looked at; longer ones pass unseen.
  package var body = 4 << 20
  /// The same for one message of a socket, after which the rest of that socket passes unseen.
  package var message = 4 << 20
  /// How long reaching the target may take for each connection.
  package var connect: Duration = .seconds(10)
  /// How long a connection may take to end when that on the other side has ended.
  package var linger: Duration = .seconds(2)

  package init() {}
}
