internal import Client

extension NetworkConfiguration {
  /// The usual limits; `https` servers are trusted as `SSL_CERT_FILE` says, the variable that OpenSSL and curl read too.
  static func ofProcess() -> NetworkConfiguration {
    var configuration = NetworkConfiguration()
    configuration.trustRoots = ProcessEnvironment.all["SSL_CERT_FILE"].flatMap { $0.isEmpty ? nil : $0 }
    return configuration
  }
}
