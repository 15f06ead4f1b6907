internal import Client
internal import Wire

/// Sends further header fields with every request and every socket's handshake.
struct HeaderTransport: ClientTransport {
  let inner: any ClientTransport
  let headers: [(name: String, value: String)]

  func send(_ request: HTTPRequest, to endpoint: Endpoint) async throws(ClientError) -> HTTPResponse {
    try await inner.send(extended(request), to: endpoint)
  }

  func openSocket(
    _ upgrade: HTTPRequest, to endpoint: Endpoint, events: @escaping @Sendable (SocketEvent) -> Void
  ) async throws(ClientError) -> any ClientSocket {
    try await inner.openSocket(extended(upgrade), to: endpoint, events: events)
  }

  private func extended(_ request: HTTPRequest) -> HTTPRequest {
    var request = request
    for header in headers { request.headers.set(header.name, header.value) }
    return request
  }
}
