internal import Wire

/// Which pages in browsers may use the API (RFC 6454; fetch.spec.whatwg.org, "HTTP extensions", for what CORS says).
extension ServerCore {
  /// How long a browser may remember the answer to a preflight, in seconds.
  private static let preflightAge = 600

  /// Whether a page of the origin may use the API: one of the same host, or one that is allowed. Only browsers send an
  /// origin; who sends none is judged by the token alone.
  func allows(originOf request: HTTPRequest) -> Bool {
    let origins = request.headers.all("Origin")
    guard let origin = origins.first else { return true }
    guard let allowed = configuration.allowedOrigins else { return true }
    guard origins.count == 1 else { return false }
    let name = origin.lowercased()
    if allowed.contains(where: { $0 == "*" || $0.lowercased() == name }) { return true }
    guard let host = request.headers["Host"]?.lowercased(), let colon = name.firstIndex(of: ":") else { return false }
    return name[colon...] == "://" + host
  }

  /// Whether a browser asks if a page may send a request.
  func isPreflight(_ request: HTTPRequest) -> Bool {
    request.method == "OPTIONS" && request.headers["Origin"] != nil
      && request.headers["Access-Control-Request-Method"] != nil
  }

  func preflight(_ request: HTTPRequest) -> HTTPResponse {
    guard allows(originOf: request) else {
      return Self.refusal(403, "A page of this origin may not use the API.", code: "FORBIDDEN")
    }
    return HTTPResponse(
      status: 200,
      headers: [
        "Access-Control-Allow-Methods": "GET, POST, PUT",
        "Access-Control-Allow-Headers": "Accept, Authorization, Content-Type, \(RequestID.field)",
        "Access-Control-Max-Age": String(Self.preflightAge),
      ])
  }

  /// Lets a page of another origin, if it is allowed, read the answer. Tokens are sent by the page itself, not by the
  /// browser, so nothing is said of credentials.
  func openToPages(_ response: inout HTTPResponse, _ request: HTTPRequest) {
    guard request.path == "/graphql" || request.path.hasPrefix(FilesOverHTTP.prefix) else { return }
    response.headers.add("Vary", "Origin")
    guard let origin = request.headers["Origin"], allows(originOf: request) else { return }
    response.headers.set("Access-Control-Allow-Origin", origin)
    response.headers.set("Access-Control-Expose-Headers", "Retry-After, \(RequestID.field)")
  }
}
