internal import NIOCore
#if TLS
  private import NIOSSL
#endif

/// TLS for `https` and `wss`, which a build has by the package trait `TLS`.
package struct TransportSecurity: Sendable {
  /// Whether this build speaks the endpoint's protocol.
  package static func speaks(_ endpoint: Endpoint) -> Bool {
    #if TLS
      true
    #else
      endpoint.scheme == .http
    #endif
  }

  /// What to say to whom a build without it is not enough.
  package static let absence =
    "this build speaks http and ws only; `swift build --traits TLS` makes one that speaks https and wss"

  #if TLS
    private let context: Result<NIOSSLContext, any Error>
  #endif

  /// - Parameter trustRoots: a file of certificates (PEM) to trust in the place of the system's.
  init(trustRoots: String?) {
    #if TLS
      context = Result {
        var configuration = TLSConfiguration.makeClientConfiguration()
        if let trustRoots { configuration.trustRoots = .file(trustRoots) }
        // The one protocol that is spoken here; a server that would rather speak HTTP/2 knows then.
        configuration.applicationProtocols = ["http/1.1"]
        return try NIOSSLContext(configuration: configuration)
      }
    #endif
  }

  /// - Throws: ``ClientError`` of the kind `.unsupported` where this build cannot speak to the endpoint.
  func check(_ endpoint: Endpoint) throws(ClientError) {
    guard Self.speaks(endpoint) else {
      throw ClientError(.unsupported, "\(endpoint) cannot be spoken to: \(Self.absence)")
    }
    #if TLS
      if endpoint.scheme == .https, case .failure(let error) = context {
        throw ClientError(.unsupported, "The certificates to trust cannot be used: \(error)")
      }
    #endif
  }

  /// Why a connection broke, as a part of a sentence.
  static func reason(_ error: any Error) -> String {
    let text = "\(error)"
    guard text.contains("CERTIFICATE_VERIFY_FAILED") else { return text }
    return "its certificate is not trusted; SSL_CERT_FILE can name a file of certificates that are"
  }

  /// Puts itself before everything else in a new channel's pipeline, if the endpoint wants it.
  func prepare(_ pipeline: ChannelPipeline.SynchronousOperations, for endpoint: Endpoint) throws {
    #if TLS
      guard endpoint.scheme == .https else { return }
      // An address is no server name (RFC 6066, section 3); the certificate must name it all the same.
      let isAddress = (try? SocketAddress(ipAddress: endpoint.host, port: 0)) != nil
      try pipeline.addHandler(
        NIOSSLClientHandler(context: context.get(), serverHostname: isAddress ? nil : endpoint.host))
    #endif
  }
}
