// Client: GraphQL over HTTP and graphql-transport-ws, seen from the other end. It knows no product. `HTTP` and `Socket`
// are the protocols without any I/O, for the simulator too; `NIO` is the transport over real connections.

/// Where a server is.
package struct Endpoint: Hashable, Sendable, CustomStringConvertible {
  package enum Scheme: String, Hashable, Sendable {
    case http
    case https

    /// The port where none is given.
    package var defaultPort: Int { self == .http ? 80 : 443 }
  }

  package var scheme: Scheme
  /// A name or an address; an IPv6 address without its brackets.
  package var host: String
  package var port: Int
  /// The path of the API.
  package var path: String

  package init(scheme: Scheme = .http, host: String, port: Int, path: String = "/graphql") {
    self.scheme = scheme
    self.host = host
    self.port = port
    self.path = path
  }

  /// Reads `http://host:port/path` (`https`, `ws` and `wss` too; the path is `/graphql` where none is given).
  /// - Throws: ``ClientError`` of the kind `.invalidEndpoint` that says what is wrong.
  package init(_ url: String) throws(ClientError) {
    func invalid(_ why: String) -> ClientError {
      ClientError(.invalidEndpoint, "'\(url)' is not a server's URL: \(why)")
    }
    guard let separator = url.firstRange(of: "://") else { throw invalid("it does not start with http:// or https://") }
    switch url[..<separator.lowerBound].lowercased() {
    case "http", "ws": scheme = .http
    case "https", "wss": scheme = .https
    case let other: throw invalid("'\(other)' is neither http nor https")
    }
    let rest = url[separator.upperBound...]
    let authority = rest.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
    let path = String(rest.dropFirst(authority.count))
    guard !authority.contains("@") else { throw invalid("a user name cannot be part of it") }
    guard !path.contains("?") && !path.contains("#") else { throw invalid("a query or fragment cannot be part of it") }
    self.path = path.isEmpty || path == "/" ? "/graphql" : path
    let portText: Substring?
    if authority.hasPrefix("[") {
      guard let bracket = authority.firstIndex(of: "]") else { throw invalid("a bracket is not closed") }
      host = String(authority[authority.index(after: authority.startIndex)..<bracket])
      let tail = authority[authority.index(after: bracket)...]
      guard tail.isEmpty || tail.hasPrefix(":") else { throw invalid("a port must follow the address") }
      portText = tail.isEmpty ? nil : tail.dropFirst()
    } else {
      let parts = authority.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
      host = String(parts[0])
      portText = parts.count > 1 ? parts[1] : nil
    }
    guard !host.isEmpty else { throw invalid("it names no host") }
    if let portText {
      guard let number = UInt16(portText), number > 0 else { throw invalid("'\(portText)' is not a port") }
      port = Int(number)
    } else {
      port = scheme.defaultPort
    }
  }

  /// The value of `Host` (RFC 9110, section 7.2).
  package var authority: String {
    let name = host.contains(":") ? "[\(host)]" : host
    return port == scheme.defaultPort ? name : "\(name):\(port)"
  }

  package var description: String { "\(scheme.rawValue)://\(authority)\(path)" }
}
