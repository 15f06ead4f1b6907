package import Client
package import Collaboration
internal import Wire
package import World

/// Posts to the operator's webhook over real connections.
package struct WebhookClient: WebhookSender {
  /// An answer takes no longer; together with connecting, much less than ``WebhookQueue/lease``.
  private static let answerLimit: Duration = .seconds(10)
  /// The most bytes of an answer's body, which nobody reads.
  private static let answerBytes = 64 << 10

  private let endpoint: Endpoint
  private let transport: NIOClientTransport

  /// - Throws: `ClientError` when it cannot be posted there.
  package init(url: String, world: World) throws(ClientError) {
    endpoint = try Self.endpoint(url)
    var network = NetworkConfiguration.ofProcess()
    network.responseLimit = Self.answerLimit
    network.bodyLimit = Self.answerBytes
    network.connectionsPerEndpoint = WebhookQueue.batchLimit
    transport = NIOClientTransport(world: world, configuration: network)
  }

  package func post(_ message: WebhookMessage) async throws -> Int {
    let request = HTTPRequest(
      method: "POST", target: endpoint.path, headers: HTTPHeaders(message.headers), body: message.body)
    return try await transport.send(request, to: endpoint).status
  }

  /// Closes its connections and ends its thread.
  package func close() async { await transport.shutDown() }

  /// - Throws: `ClientError` for what is no `http` URL, nor one of `https` where the build speaks it.
  static func endpoint(_ url: String) throws(ClientError) -> Endpoint {
    guard url.lowercased().hasPrefix("http://") || url.lowercased().hasPrefix("https://") else {
      throw ClientError(.invalidEndpoint, "'\(url)' starts with neither http:// nor https://")
    }
    var endpoint = try Endpoint(url)
    guard TransportSecurity.speaks(endpoint) else {
      throw ClientError(.unsupported, "'\(url)' cannot be posted to: \(TransportSecurity.absence)")
    }
    let path = url.drop { $0 != ":" }.dropFirst(3).drop { $0 != "/" }
    endpoint.path = path.isEmpty ? "/" : String(path)
    return endpoint
  }
}
