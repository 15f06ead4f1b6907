internal import GraphQL
internal import JSON
internal import Wire

/// One request to `/graphql`, as "GraphQL over HTTP" (github.com/graphql/graphql-over-http) and, for event streams,
/// "GraphQL over Server-Sent Events" (github.com/enisdenjo/graphql-sse, PROTOCOL.md) have it.
struct GraphQLOverHTTP {
  let core: ServerCore

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

  func answer(
    to request: HTTPRequest, stream: (any SocketOutbound)?, _ report: inout RequestReport
  ) async -> ServerAnswer {
    let types = ResponseType.ranked(request.headers).filter { $0 != .eventStream || stream != nil }
    guard let type = types.first else {
      let known = ResponseType.allCases.map(\.rawValue).joined(separator: ", ")
      let refusal = Refusal(406, "A response can be \(known); 'Accept' allows none of these.", code: "NOT_ACCEPTABLE")
      return .response(response(to: refusal, as: .json))
    }
    do throws(Refusal) {
      let parameters = try parameters(of: request)
      let identity = try await identity(of: request)
      report.caller = identity.ids
      if let refusal = core.tooMany(from: identity.ids) {
        report.operation = core.report(nil, .rateLimited, since: report.began)
        return .response(refusal.response)
      }
      let prepared = core.prepare(parameters)
      let kind = (try? prepared.get())?.kind
      if kind == .mutation && request.method == "GET" {
        throw Refusal(
          405, "GET may only run queries; send a mutation by POST.", code: "METHOD_NOT_ALLOWED",
          headers: ["Allow": "POST"])
      }
      // A subscription takes an event stream wherever it is offered one.
      if let stream, type == .eventStream || kind == .subscription && types.contains(.eventStream) {
        return open(stream, prepared, as: identity, for: request)
      }
      let result = await result(of: prepared, as: identity, &report)
      // Whatever comes of a well-formed request, an old client is told 200 and reads the body.
      let status = result.outcome == .requestError && type == .graphQL ? 400 : 200
      return .response(
        HTTPResponse(status: status, headers: ["Content-Type": type.contentType], body: result.bytes))
    } catch {
      return .response(response(to: error, as: type == .eventStream ? .json : type))
    }
  }

  private func open(
    _ outbound: any SocketOutbound, _ prepared: Result<any PreparedService, GraphQLResult>,
    as identity: any ServiceIdentity, for request: HTTPRequest
  ) -> ServerAnswer {
    let session = EventStreamSession(
      id: core.sockets.nextID(), core: core, outbound: outbound, request: request.headers[RequestID.field] ?? "")
    guard session.begin(prepared, as: identity) else { return .response(ServerCore.draining()) }
    // The second field is for proxies that would gather events before they pass them on.
    let headers: HTTPHeaders = ["Content-Type": ResponseType.eventStream.contentType, "X-Accel-Buffering": "no"]
    return .stream(HTTPResponse(status: 200, headers: headers), session)
  }

  private func result(
    of prepared: Result<any PreparedService, GraphQLResult>, as identity: any ServiceIdentity,
    _ report: inout RequestReport
  ) async -> GraphQLResult {
    switch prepared {
    case .failure(let result):
      report.operation = core.report(nil, .requestError, since: report.began)
      return result
    case .success(let prepared):
      guard prepared.kind != .subscription else {
        report.operation = core.report(prepared, .requestError, since: report.began)
        return .requestError(
          "A subscription needs 'Accept: text/event-stream', or a WebSocket with the subprotocol "
            + "\(TransportMessage.subprotocol).", code: "SUBSCRIPTION_NEEDS_STREAM")
      }
      let (result, operation) = await core.execute(
        prepared, as: identity, from: RequestOrigin(), since: report.began)
      report.operation = operation
      return result
    }
  }

  private func parameters(of request: HTTPRequest) throws(Refusal) -> RequestParameters {
    do throws(RequestFault) {
      if request.method == "GET" { return try RequestParameters.read(query: request.query) }
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
    let limit = core.configuration.bodyLimit
    guard request.body.count <= limit else {
      throw Refusal(413, "A request's body has at most \(limit) bytes.", code: "CONTENT_TOO_LARGE")
    }
    let json: JSON
    do throws(JSONError) { json = try JSON.parse(request.body) } catch {
      throw Refusal(400, "The request's body is not JSON: \(error).", code: "BAD_REQUEST")
    }
    do throws(RequestFault) { return try RequestParameters.read(json) } catch {
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
    do throws(AuthenticationFailure) { return try await core.service.authenticate(token: token) } catch {
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
