internal import GraphQL
internal import JSON
internal import Wire

/// One request to `/graphql`, as "GraphQL over HTTP" (github.com/graphql/graphql-over-http) has it.
struct GraphQLOverHTTP {
  let service: any GraphQLService
  let bodyLimit: Int

  /// Why a request comes to no GraphQL result, and the status to say it with.
  private struct Refusal: Error {
    let status: Int
    let result: GraphQLResult
    var headers: HTTPHeaders = [:]

    init(_ status: Int, _ message: String, code: String, headers: HTTPHeaders = [:]) {
      self.status = status
      self.result = .requestError(message, code: code)
      self.headers = headers
    }
  }

  func respond(to request: HTTPRequest) async -> HTTPResponse {
    guard let type = ResponseType.negotiate(request.headers) else {
      let types = ResponseType.allCases.map(\.rawValue).joined(separator: " or ")
      let refusal = Refusal(406, "A response can be \(types); 'Accept' allows neither.", code: "NOT_ACCEPTABLE")
      return response(to: refusal, as: .json)
    }
    do throws(Refusal) {
      let result = try await result(of: request)
      // Whatever comes of a well-formed request, an old client is told 200 and reads the body.
      let status = result.outcome == .requestError && type == .graphQL ? 400 : 200
      return HTTPResponse(status: status, headers: ["Content-Type": type.contentType], body: result.bytes)
    } catch {
      return response(to: error, as: type)
    }
  }

  private func result(of request: HTTPRequest) async throws(Refusal) -> GraphQLResult {
    let parameters = try parameters(of: request)
    let identity = try await identity(of: request)
    let prepared: any PreparedService
    switch service.prepare(parameters) {
    case .success(let value): prepared = value
    case .failure(let result): return result
    }
    switch prepared.kind {
    case .query: break
    case .mutation where request.method == "GET":
      throw Refusal(
        405, "GET may only run queries; send a mutation by POST.", code: "METHOD_NOT_ALLOWED",
        headers: ["Allow": "POST"])
    case .mutation: break
    case .subscription:
      return .requestError(
        "Subscriptions run over a WebSocket with the subprotocol \(TransportMessage.subprotocol).",
        code: "SUBSCRIPTION_NEEDS_SOCKET")
    }
    return await service.execute(prepared, as: identity, from: RequestOrigin())
  }

  private func parameters(of request: HTTPRequest) throws(Refusal) -> GraphQLRequest {
    do throws(RequestFault) {
      if request.method == "GET" { return try GraphQLRequest.read(query: request.query) }
    } catch {
      throw Refusal(400, error.message, code: "BAD_REQUEST")
    }
    guard let type = request.headers["Content-Type"].flatMap({ MediaType($0) }), type.name == "application/json",
      type.isUTF8
    else {
      throw Refusal(415, "A request's body must be application/json in UTF-8.", code: "UNSUPPORTED_MEDIA_TYPE")
    }
    guard request.headers.list("Content-Encoding").allSatisfy({ $0 == "identity" }) else {
      throw Refusal(415, "A request's body must not be compressed.", code: "UNSUPPORTED_MEDIA_TYPE")
    }
    guard request.body.count <= bodyLimit else {
      throw Refusal(413, "A request's body has at most \(bodyLimit) bytes.", code: "CONTENT_TOO_LARGE")
    }
    let json: JSON
    do throws(JSONError) { json = try JSON.parse(request.body) } catch {
      throw Refusal(400, "The request's body is not JSON: \(error).", code: "BAD_REQUEST")
    }
    do throws(RequestFault) { return try GraphQLRequest.read(json) } catch {
      throw Refusal(400, error.message, code: "BAD_REQUEST")
    }
  }

  private func identity(of request: HTTPRequest) async throws(Refusal) -> any ServiceIdentity {
    let token: String?
    switch BearerToken(request.headers) {
    case .absent: token = nil
    case .token(let value): token = value
    case .malformed:
      throw Refusal(
        401, "'Authorization' must be 'Bearer' and a token.", code: "UNAUTHENTICATED",
        headers: ["WWW-Authenticate": "Bearer error=\"invalid_request\""])
    }
    do throws(AuthenticationFailure) { return try await service.authenticate(token: token) } catch {
      let challenge = token == nil ? "Bearer" : "Bearer error=\"invalid_token\""
      throw Refusal(401, error.message, code: error.code, headers: ["WWW-Authenticate": challenge])
    }
  }

  private func response(to refusal: Refusal, as type: ResponseType) -> HTTPResponse {
    var headers = refusal.headers
    headers.add("Content-Type", type.contentType)
    return HTTPResponse(status: refusal.status, headers: headers, body: refusal.result.bytes)
  }
}
