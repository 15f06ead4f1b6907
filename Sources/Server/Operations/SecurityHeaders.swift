internal import Wire
internal import World

extension ServerCore {
  /// What every answer carries. What we send is data for programs: no browser shall guess at it, keep it, show it as a
  /// page or tell others where it came from.
  func seal(_ response: inout HTTPResponse, to request: HTTPRequest?) {
    response.headers.set("X-Content-Type-Options", "nosniff")
    response.headers.set("Cache-Control", "no-store")
    response.headers.set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
    response.headers.set("Referrer-Policy", "no-referrer")
    response.headers.set("X-Frame-Options", "DENY")
    response.headers.set("Cross-Origin-Resource-Policy", "same-origin")
    guard let request else { return }
    openToPages(&response, request)
    if let id = request.headers[RequestID.field] { response.headers.set(RequestID.field, id) }
  }

  /// A refusal that the transport itself has to say, as it goes out; counted and logged.
  func refused(_ response: HTTPResponse, to request: HTTPRequest? = nil) -> HTTPResponse {
    var response = response
    seal(&response, to: request)
    log(request, status: response.status, bytes: response.body.count, RequestReport(began: world.clock.now))
    return response
  }
}
