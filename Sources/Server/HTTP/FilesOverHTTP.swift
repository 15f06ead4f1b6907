internal import GraphQL
internal import Wire

/// The service's files: `GET` and `PUT` of their bytes at `/attachments/<id>`, for the same callers as the API.
struct FilesOverHTTP {
  static let prefix = "/attachments/"
  static let methods = ["GET", "HEAD", "PUT"]

  let core: ServerCore
  let files: any FileService

  func answer(to request: HTTPRequest, _ report: inout RequestReport) async -> HTTPResponse {
    let id = String(request.path.dropFirst(Self.prefix.count))
    let identity: any ServiceIdentity
    switch BearerToken(request.headers) {
    case .token(let token):
      do throws(AuthenticationFailure) { identity = try await core.service.authenticate(token: token) } catch {
        return Self.unauthenticated(error.message, code: error.code, challenge: "Bearer error=\"invalid_token\"")
      }
    case .absent:
      return Self.unauthenticated("This needs a session.", code: "UNAUTHENTICATED", challenge: "Bearer")
    case .malformed:
      return Self.unauthenticated(
        "'Authorization' must be 'Bearer' and a token.", code: "UNAUTHENTICATED",
        challenge: "Bearer error=\"invalid_request\"")
    }
    report.caller = identity.ids
    if let refusal = core.tooMany(from: identity.ids) { return refusal.response }
    guard request.method == "PUT" else { return response(await files.file(id, as: identity)) }
    let limit = core.configuration.bodyLimit
    guard request.body.count <= limit else {
      return ServerCore.refusal(413, "A request's body has at most \(limit) bytes.", code: "CONTENT_TOO_LARGE")
    }
    return response(await files.fill(id, with: request.body, as: identity))
  }

  private func response(_ answer: FileAnswer) -> HTTPResponse {
    switch answer {
    case .content(let bytes, let name, let contentType, let digest):
      // Saved, not shown: what people bring must not act as a page of ours.
      let disposition = "attachment; filename*=UTF-8''\(Self.percentEncoded(name))"
      return HTTPResponse(
        status: 200,
        headers: ["Content-Type": contentType, "Content-Disposition": disposition, "ETag": "\"\(digest)\""], body: bytes
      )
    case .filled(let digest): return HTTPResponse(status: 204, headers: ["ETag": "\"\(digest)\""], body: [])
    case .missing: return ServerCore.refusal(404, "There is no such attachment.", code: "NOT_FOUND")
    case .refused(let why, let message):
      switch why {
      case .unauthenticated: return Self.unauthenticated(message, code: "UNAUTHENTICATED", challenge: "Bearer")
      case .conflict: return ServerCore.refusal(409, message, code: "CONFLICT")
      case .tooLarge: return ServerCore.refusal(413, message, code: "CONTENT_TOO_LARGE")
      case .invalid: return ServerCore.refusal(400, message, code: "BAD_REQUEST")
      case .unavailable: return ServerCore.refusal(503, message, code: "UNAVAILABLE")
      case .failed: return ServerCore.refusal(500, message, code: "INTERNAL")
      }
    }
  }

  private static func unauthenticated(_ message: String, code: String, challenge: String) -> HTTPResponse {
    var response = ServerCore.refusal(401, message, code: code)
    response.headers.add("WWW-Authenticate", challenge)
    return response
  }

  /// RFC 8187, section 3.2.1: `attr-char`.
  private static func percentEncoded(_ text: String) -> String {
    var encoded = ""
    for byte in text.utf8 {
      let scalar = Unicode.Scalar(byte)
      let isPlain = scalar.isASCII && (scalar.properties.isAlphabetic || scalar.properties.numericType != nil)
      if isPlain || "-._~".unicodeScalars.contains(scalar) {
        encoded.unicodeScalars.append(scalar)
      } else {
        let digits = String(byte, radix: 16, uppercase: true)
        encoded += byte < 16 ? "%0\(digits)" : "%\(digits)"
      }
    }
    return encoded
  }
}
